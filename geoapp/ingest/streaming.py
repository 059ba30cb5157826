"""A large file -> slices of a Batch, in bounded memory: what `prepare` gives for a table, part by part.

The file is read once and its rows are set down on disk by the id of their incident. A part then holds all
rows of its incidents, wherever they stood, and parts come by the order of record keys, in which the store
writes fastest. Each is checked, joined and given out as `prepare` does it; faults are told at the end, all
at once, and by then nothing more is given out: who stores the slices keeps one transaction open for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from geoapp.batch import Batch
from geoapp.errors import DataRefused, GeoappError, Problem
from geoapp.incident import Record
from geoapp.ingest.cells import BAD, Cells, in_order, parse_cells, parse_column
from geoapp.ingest.codebook import Codebook
from geoapp.ingest.groups import Namer, base_of, grouped
from geoapp.ingest.large import SLICE_ROWS, LargeFile
from geoapp.ingest.mapping import DATE_COLUMNS, ColumnMap, apply, readings
from geoapp.ingest.prepare import Progress, StoreView, build, join, told, used_of
from geoapp.ingest.spool import Placed, Spool
from geoapp.ingest.table import Table
from geoapp.spatial_join import Joiner
from geoapp.store.keys import KEYS, first_key

PART_BYTES = 4_000_000
_MADE_FROM = ("title", "date", "date_precision")


class NeedsWhole(GeoappError):
    """What the file leaves open can only be answered with all of it in memory."""


class Streaming:
    """One file on its way: `read` it, then take its `slices`; after them `warnings` are whole."""

    def __init__(self, file: LargeFile, plan: ColumnMap, view: StoreView, folder: Path) -> None:
        self._file, self._plan, self._view = file, plan, view
        self._reference = view.reference()
        self._codebook, self._joiner = Codebook(self._reference), Joiner(self._reference)
        self._parts = 1 + file.size // PART_BYTES
        self._spool = Spool(folder / "rows", self._parts)
        self._nameless = Spool(folder / "nameless", 1)
        self._titles: dict[str, str] = {}
        self._checks: list[Problem] = []
        self._later: list[Problem] = []
        self._faults: list[Problem] = []
        self._rows = 0
        self.unchanged = 0

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What was warned of, by line."""
        return tuple(in_order(self._checks + self._later))

    def read(self, show: Progress) -> None:
        """Set all rows down by the ids of their incidents.

        Raises DataRefused where the file cannot be read, and NeedsWhole.
        """
        for sheet in self._file.slices(show):
            if self._plan.date_order is None:
                _check_days(sheet.columns, sheet.rows, self._plan)
            table = apply(sheet, self._plan)
            self._faults += table.faults
            self._rows += len(table)
            self._place(table)
        self._name()

    def _place(self, table: Table) -> None:
        blank = ("",) * len(table)
        by_name = dict(zip(table.columns, zip(*table.rows, strict=True), strict=True)) if table.rows else {}
        ids, _ = parse_column("id", by_name.get("id", blank), self._codebook)
        titles = by_name.get("title", blank)
        for name, title, line, cells in zip(ids, titles, table.lines, table.rows, strict=True):
            if name is None:
                self._nameless.add(0, Placed(line, None, cells))
                continue
            if name is not BAD:
                self._titles.setdefault(name, title)
            self._set_down(line, name, cells)

    def _set_down(self, line: int, name: Any, cells: tuple[str, ...]) -> None:
        known = isinstance(name, str)
        part = first_key(name) * self._parts // KEYS if known else 0
        self._spool.add(part, Placed(line, name if known else None, cells))

    def _name(self) -> None:
        """Give the rows without an id the one that their date and title make."""
        namer: Namer | None = None
        titles: dict[str, str | None] = {}
        known: dict[str, Record] = {}
        for rows in _by(SLICE_ROWS, self._nameless.rows(0)):
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
                self._set_down(placed.line, name, placed.cells)
            self._checks += cells.problems
        self._titles.clear()

    def _known_titles(self) -> dict[str, str | None]:
        """The title of every id that the file gives: the stored one, else that of its first row."""
        parsed, _ = parse_column("title", list(self._titles.values()), self._codebook)
        found: dict[str, str | None] = dict(zip(self._titles, parsed, strict=True))
        for names in _by(SLICE_ROWS, self._titles):
            found |= {each.incident.id: each.incident.title for each in self._view.get_many(names)}
        return found

    def _table(self, rows: list[Placed]) -> Table:
        cells, lines = tuple(each.cells for each in rows), tuple(each.line for each in rows)
        return Table(self._file.source, self._file.sha256, self._plan.targets, cells, lines)

    def _made_from(self, rows: list[Placed]) -> Cells:
        """The columns that an id is made from; their faults are noted when all of the row is checked."""
        table = self._table(rows)
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
        done, refused = 0, bool(self._faults) or _has_errors(self._checks)
        for part in range(self._parts):
            # Those of one line are pieces of one row, in their order.
            rows = sorted(self._spool.rows(part), key=lambda row: row.line)
            if not rows:
                continue
            cells = parse_cells(self._table(rows), self._codebook)
            names = [row.name for row in rows]
            stored = self._view.get_many(sorted({name for name in names if name}))
            groups = grouped(names, {record.incident.id: record for record in stored})
            drafts = list(build(cells, groups, used_of(self._view, groups)))
            self._checks += cells.problems
            refused = refused or _has_errors(cells.problems)
            changed = [draft for draft in drafts if not draft.is_unchanged]
            self.unchanged += len(drafts) - len(changed)
            if not refused:
                noted = len(cells.problems)
                changes = tuple(join(cells, self._reference, self._joiner, changed))
                self._later += cells.problems[noted:]
                yield replace(about, changes=changes)
            done += len(rows)
            show(done, self._rows)
        if refused:
            table = self._table([])
            raise DataRefused(told(table.columns, self._faults, in_order(self._checks)))


def _has_errors(problems: Iterable[Problem]) -> bool:
    return any(problem.level == "error" for problem in problems)


def _check_days(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]], plan: ColumnMap) -> None:
    """Whether the order in days written in numbers follows from all of them: raises NeedsWhole."""
    at = [number for number, name in enumerate(columns) if plan.columns.get(name) in DATE_COLUMNS]
    if any(readings(text) for text in {row[number] for row in rows for number in at}):
        raise NeedsWhole("days that could be read in two ways")


def _by(count: int, items: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(items)
    while found := list(islice(left, count)):
        yield found
