"""One part of a large file: rows -> changes -> a slice for the store, in this process or in another."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import NamedTuple

from geoapp.batch import Change
from geoapp.errors import Problem
from geoapp.ingest.by_parts.spool import Placed
from geoapp.ingest.checking.cells import Cells, parse_cells
from geoapp.ingest.checking.groups import grouped
from geoapp.ingest.checking.prepare import StoreView, build, join, used_of
from geoapp.ingest.checking.rows import Draft
from geoapp.ingest.codebook import Codebook
from geoapp.ingest.table import Table
from geoapp.spatial_join import Joiner
from geoapp.store.names import Names
from geoapp.store.writing.slices import Place, Slice, planned_at, slice_of


class Origin(NamedTuple):
    """What the rows of all parts come from: a file's name and hash, and the columns that were made of it."""

    source: str
    sha256: str
    columns: tuple[str, ...]

    def table(self, rows: Sequence[Placed]) -> Table:
        """Some rows as a table."""
        cells, lines = tuple(each.cells for each in rows), tuple(each.line for each in rows)
        return Table(self.source, self.sha256, self.columns, cells, lines)


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows held against the rules and the store; what is wrong stands in `cells`."""

    cells: Cells
    changed: list[Draft]
    unchanged: int

    @property
    def refused(self) -> bool:
        """Whether anything in it is an error."""
        return has_errors(self.cells.problems)


@dataclass(frozen=True, slots=True)
class Worked:
    """What a part came to: `made` is None where faults are in it or were before it.

    `checks` was noted before the join and `later` by it.
    """

    rows: int
    unchanged: int
    checks: list[Problem]
    later: list[Problem]
    made: Slice | None

    def write(self, file: Path) -> None:
        """Set down what another process reads with `read`."""
        checks, later = ([astuple(each) for each in noted] for noted in (self.checks, self.later))
        plain = None if self.made is None else self.made.plain()
        file.write_bytes(marshal.dumps((self.rows, self.unchanged, checks, later, plain)))

    @classmethod
    def read(cls, file: Path) -> Worked:
        """What was set down; the file is gone after."""
        rows, unchanged, checks, later, plain = marshal.loads(file.read_bytes())
        file.unlink()
        checks, later = ([Problem(*each) for each in noted] for noted in (checks, later))
        return cls(rows, unchanged, checks, later, None if plain is None else Slice.from_plain(plain))


class Parts:
    """Works through parts of one file; built once, since the join has much to look up."""

    def __init__(self, origin: Origin, view: StoreView) -> None:
        self._origin, self._view, self._reference = origin, view, view.reference()
        self._codebook, self._joiner = Codebook(self._reference), Joiner(self._reference)

    def check(self, rows: Iterable[Placed]) -> Checked:
        """Hold all rows of some incidents against the rules and the store."""
        # Those of one line are pieces of one row, in their order.
        listed = sorted(rows, key=lambda row: row.line)
        cells = parse_cells(self._origin.table(listed), self._codebook)
        names = [row.name for row in listed]
        stored = self._view.get_many(sorted({name for name in names if name}))
        groups = grouped(names, {record.incident.id: record for record in stored})
        drafts = list(build(cells, groups, used_of(self._view, groups)))
        changed = [draft for draft in drafts if not draft.is_unchanged]
        return Checked(cells, changed, len(drafts) - len(changed))

    def changes(self, checked: Checked) -> tuple[Change, ...]:
        """What there is to store, joined; warnings are added to those of the cells."""
        return tuple(join(checked.cells, self._reference, self._joiner, checked.changed))

    def work(
        self, rows: Iterable[Placed], places: Mapping[str, Place], names: Names, batch: int | None
    ) -> Worked:
        """The part as a slice of this batch (None: something is refused already, so that none is made)."""
        checked = self.check(rows)
        problems, made = checked.cells.problems, None
        noted = len(problems)
        if batch is not None and not checked.refused:
            changes = self.changes(checked)
            stands = [(None if each.before is None else each.before.version, each.after) for each in changes]
            made = slice_of(names, batch, planned_at(places, stands))
        count = len(checked.cells.table)
        return Worked(count, checked.unchanged, problems[:noted], problems[noted:], made)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of them is an error."""
    return any(problem.level == "error" for problem in problems)
