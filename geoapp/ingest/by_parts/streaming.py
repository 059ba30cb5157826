"""A large file -> slices of a Batch, in bounded memory: what `prepare` gives for a table, part by part.

The file is read once and its rows are set down on disk by the id of their incident. A part then holds all
rows of its incidents, wherever they stood, and parts come by the order of record keys, in which the store
writes fastest. Each is checked, joined and given out as `prepare` does it; faults are told at the end, all
at once, and by then nothing more is given out: who stores the slices keeps one transaction open for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from geoapp.batch import Batch
from geoapp.errors import DataRefused, GeoappError, Problem
from geoapp.incident import Record
from geoapp.ingest.by_parts.helping import Helper, Task, in_turn
from geoapp.ingest.by_parts.large import SLICE_ROWS, LargeFile
from geoapp.ingest.by_parts.parts import Origin, Parts, Worked, has_errors
from geoapp.ingest.by_parts.spool import Placed, Spool, rows_in
from geoapp.ingest.checking.cells import BAD, Cells, in_order, parse_column
from geoapp.ingest.checking.groups import Namer, base_of
from geoapp.ingest.checking.prepare import Progress, StoreView, told
from geoapp.ingest.codebook import Codebook
from geoapp.ingest.reading.mapping import DATE_COLUMNS, ColumnMap, apply, readings
from geoapp.ingest.table import Table
from geoapp.store import Taking
from geoapp.store.writing.keys import KEYS, first_key

# Small enough that two processes come to the end of a file at about the same time.
PART_BYTES = 2_000_000
_MADE_FROM = ("title", "date", "date_precision")


class NeedsWhole(GeoappError):
    """What the file leaves open can only be answered with all of it in memory."""


class Streaming:
    """One file on its way: `read` it, then take its `slices`; after them `warnings` are whole."""

    def __init__(self, file: LargeFile, plan: ColumnMap, view: StoreView, folder: Path) -> None:
        self._file, self._plan, self._view, self._folder = file, plan, view, folder
        self._origin = Origin(file.source, file.sha256, plan.targets)
        self._codebook = Codebook(view.reference())
        self._parts = 1 + file.size // PART_BYTES
        self._spool = Spool(folder / "rows", self._parts)
        self._nameless = Spool(folder / "nameless", 1)
        self._ids: list[set[str]] = [set() for _ in range(self._parts)]
        self._titles: dict[str, str] = {}
        self._checks: list[Problem] = []
        self._later: list[Problem] = []
        self._faults: list[Problem] = []
        self._errors = False
        self._rows = 0
        self.created = self.updated = self.unchanged = 0

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What was warned of, by line."""
        return tuple(in_order(self._checks + self._later))

    def begin(self, helper: Helper) -> None:
        """Let the helper get ready for the parts of this file while it is read."""
        helper.begin(self._folder, self._origin, self._view.current().number)

    def read(self, show: Progress) -> None:
        """Set all rows down by the ids of their incidents.

        Raises DataRefused where the file cannot be read, and NeedsWhole.
        """
        for sheet in self._file.slices(show):
            if self._plan.date_order is None:
                _check_days(sheet.columns, sheet.rows, self._plan)
            table = apply(sheet, self._plan)
            self._faults += table.faults
            self._checks += table.warnings
            self._rows += len(table)
            self._place(table)
        self._name()

    def _place(self, table: Table) -> None:
        ids, _ = parse_column("id", _texts(table, "id"), self._codebook)
        titles = _texts(table, "title")
        part_of = {name: self._part_of(name) for name in set(ids) if name is not None}
        for name, title, line, cells in zip(ids, titles, table.lines, table.rows, strict=True):
            if name is None:
                self._nameless.add(0, line, None, cells)
                continue
            if name is not BAD:
                self._titles.setdefault(name, title)
            self._spool.add(part_of[name], line, None if name is BAD else name, cells)

    def _part_of(self, name: Any) -> int:
        """The part that an id belongs to; what has none goes to the first."""
        if not isinstance(name, str):
            return 0
        part = first_key(name) * self._parts // KEYS
        self._ids[part].add(name)
        return part

    def _name(self) -> None:
        """Give the rows without an id the one that their date and title make."""
        namer: Namer | None = None
        titles: dict[str, str | None] = {}
        known: dict[str, Record] = {}
        for rows in _by(SLICE_ROWS, rows_in(self._nameless.finish()[0])):
            if namer is None:
                titles |= self._known_titles()
                namer = Namer(titles, known, self._view)
            cells = self._made_from(rows)
            bases = [base_of(cells, row) for row in range(len(rows))]
            for record in self._view.get_many(sorted({base for base in bases if base})):
                known[record.incident.id] = record
                titles[record.incident.id] = record.incident.title
            for row, (base, placed) in enumerate(zip(bases, rows, strict=True)):
                name = namer.name(cells, row, base) if base else None
                self._spool.add(self._part_of(name), placed.line, name, placed.cells)
            self._tell(cells.problems)
        self._titles.clear()
        self._spool.finish()

    def _known_titles(self) -> dict[str, str | None]:
        """The title of every id that the file gives: the stored one, else that of its first row."""
        parsed, _ = parse_column("title", list(self._titles.values()), self._codebook)
        found: dict[str, str | None] = dict(zip(self._titles, parsed, strict=True))
        for names in _by(SLICE_ROWS, self._titles):
            found |= {each.incident.id: each.incident.title for each in self._view.get_many(names)}
        return found

    def _made_from(self, rows: list[Placed]) -> Cells:
        """The columns that an id is made from; their faults are noted when all of the row is checked."""
        table = self._origin.table(rows)
        at = {name: number for number, name in enumerate(table.columns)}
        columns = {
            name: parse_column(name, [row.cells[at[name]] for row in rows], self._codebook)[0]
            for name in _MADE_FROM
            if name in at
        }
        return Cells(table, columns)

    def slices(self, about: Batch, show: Progress) -> Iterator[Batch]:
        """`about` with the changes of each part; raises DataRefused at the end with all problems of the file.

        `show` gets the rows done and to do.
        """
        parts, done, refused = Parts(self._origin, self._view), 0, self._refused
        for file in self._spool.files:
            checked = parts.check(rows_in(file))
            noted = len(checked.cells.problems)
            refused = refused or checked.refused
            changes = () if refused else parts.changes(checked)
            problems = checked.cells.problems
            done += len(checked.cells.table)
            self._note(Worked(done, checked.unchanged, problems[:noted], problems[noted:], None))
            if changes:
                yield replace(about, changes=changes)
            show(done, self._rows)
        self._refuse()

    def store(self, target: Taking, helper: Helper | None, show: Progress) -> None:
        """Store the changes of all parts, a share of which the helper makes; raises as `slices` does."""
        parts, names, done = Parts(self._origin, self._view), target.known.names, 0

        def tasks() -> Iterator[Task]:
            for file, ids in zip(self._spool.files, self._ids, strict=True):
                refused = self._refused
                yield Task(file, {} if refused else target.places(ids), None if refused else target.batch)
                ids.clear()

        def here(task: Task) -> Worked:
            return parts.work(rows_in(task.file), task.places, names, task.batch)

        for worked in in_turn(tasks(), here, helper):
            self._note(worked)
            if worked.made is not None and not self._refused:
                target.put(worked.made)
                self.created += worked.made.counts["created_count"]
                self.updated += worked.made.counts["updated_count"]
            done += worked.rows
            show(done, self._rows)
        self._refuse()

    def _note(self, worked: Worked) -> None:
        self._tell(worked.checks)
        self._later += worked.later
        self.unchanged += worked.unchanged

    def _tell(self, problems: Sequence[Problem]) -> None:
        self._checks += problems
        self._errors = self._errors or has_errors(problems)

    @property
    def _refused(self) -> bool:
        return bool(self._faults) or self._errors

    def _refuse(self) -> None:
        if self._refused:
            columns = self._origin.columns
            raise DataRefused(told(columns, self._faults, in_order(self._checks)))


def _texts(table: Table, name: str) -> list[str]:
    """The cells of one column, blank where the table has none of that name."""
    if name not in table.columns:
        return [""] * len(table)
    at = table.columns.index(name)
    return [row[at] for row in table.rows]


def _check_days(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]], plan: ColumnMap) -> None:
    """Whether the order in days written in numbers follows from all of them: raises NeedsWhole."""
    at = [number for number, name in enumerate(columns) if plan.columns.get(name) in DATE_COLUMNS]
    if any(readings(text) for text in {row[number] for row in rows for number in at}):
        raise NeedsWhole("days that could be read in two ways")


def _by(count: int, items: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(items)
    while found := list(islice(left, count)):
        yield found
