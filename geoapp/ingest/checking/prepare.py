"""A table -> a Batch against the store: what the preview shows and the commit stores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from geoapp.batch import Batch, Change
from geoapp.errors import DataRefused, Problem
from geoapp.incident import Joined, Record
from geoapp.ingest.checking.cells import Cells, parse_cells
from geoapp.ingest.checking.groups import Group, group_rows
from geoapp.ingest.checking.plausible import Plausibility
from geoapp.ingest.checking.reports import Used
from geoapp.ingest.checking.rows import MISSING, Draft, build_incident
from geoapp.ingest.codebook import Codebook
from geoapp.ingest.table import Table
from geoapp.reference import Reference
from geoapp.spatial_join import Joiner

Progress = Callable[[int, int], None]
_AT_ONCE = 5_000


class StoreView(Protocol):
    """What of the store an import looks at."""

    def reference(self) -> Reference:
        """The reference data in force."""

    def current(self) -> Any:
        """The current version of the data set; its `number` is what the batch builds on."""

    def get_many(self, ids: Sequence[str]) -> Iterable[Record]:
        """The stored records of these ids."""

    def used_reports(self, ids: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        """Every report id that was ever given under these ids, with its address; unused ids are left out."""


def prepare(
    store: StoreView,
    table: Table,
    *,
    author: str = "",
    public_note: str = "",
    private_note: str = "",
    progress: Progress | None = None,
) -> Batch:
    """Check a table against the rules and the store; raises DataRefused with every problem of the file.

    Nothing is written. What the file leaves out is unchanged; an upload never deletes. `progress` gets
    the steps done and to do: each incident is one to check and one to join.
    """
    base_version = store.current().number
    reference = store.reference()
    cells = parse_cells(table, Codebook(reference))
    groups = group_rows(cells, store)
    show = progress or _silent
    drafts = list(build(cells, groups, used_of(store, groups), show))
    if table.faults or any(problem.level == "error" for problem in cells.problems):
        raise DataRefused(told(table.columns, table.faults, cells.sorted_problems()))
    changed = [draft for draft in drafts if not draft.is_unchanged]
    changes = list(join(cells, reference, Joiner(reference), changed, show))
    return Batch(
        changes=tuple(changes),
        base_version=base_version,
        unchanged=len(drafts) - len(changed),
        author=author,
        public_note=public_note,
        private_note=private_note,
        file_name=table.source,
        file_hash=table.sha256,
        warnings=tuple(cells.sorted_problems()),
    )


def told(columns: Sequence[str], faults: Sequence[Problem], found: Iterable[Problem]) -> list[Problem]:
    """Faults of the file's form and all others, by line, without those that only follow from the first."""
    header = any(fault.line == 1 for fault in faults)
    torn = {fault.line for fault in faults}
    others = [
        problem
        for problem in found
        if problem.line not in torn and not (header and problem.column and problem.column not in columns)
    ]
    return sorted([*faults, *_missing_once(others)], key=lambda problem: problem.line or 0)


def _missing_once(found: Iterable[Problem]) -> Iterator[Problem]:
    """A column that is missing is missing on every row: said at the first."""
    said: set[str | None] = set()
    for problem in found:
        if problem.expected == MISSING:
            if problem.column in said:
                continue
            said.add(problem.column)
        yield problem


def _silent(done: int, total: int) -> None:
    """For callers who do not ask how far it is."""


def build(cells: Cells, groups: Sequence[Group], used: Used, show: Progress = _silent) -> Iterator[Draft]:
    """The incidents that the groups make; what is refused is noted in the cells and left out."""
    for number, group in enumerate(groups, start=1):
        draft = build_incident(cells, group, used)
        if draft is not None:
            yield draft
        if number % _AT_ONCE == 0:
            show(number, 2 * len(groups))


def used_of(store: StoreView, groups: Iterable[Group]) -> Used:
    """Report ids ever given: asked at once for what looks new, one by one for the few that gain a report."""
    removed = store.used_reports([group.id for group in groups if group.before is None])

    def used(group: Group) -> Mapping[str, str]:
        known = removed if group.before is None else store.used_reports([group.id])
        return known.get(group.id, {})

    return used


def join(
    cells: Cells,
    reference: Reference,
    joiner: Joiner,
    drafts: Sequence[Draft],
    show: Progress = _silent,
) -> Iterator[Change]:
    """The changes with their joined fields; what cannot be placed or is unlikely is warned of."""
    plausibility = Plausibility(cells, reference)
    for start in range(0, len(drafts), _AT_ONCE):
        some = drafts[start : start + _AT_ONCE]
        for draft, found in zip(some, joiner.join([draft.incident for draft in some]), strict=True):
            if found.location_origin is None:
                _, warnings = joiner.locate(draft.incident)
                cells.problems.extend(_placed(cells, draft.row, warning) for warning in warnings)
            plausibility.warn(draft, found)
            yield Change(draft.group.before, _record(draft, found))
        show(len(drafts) + start + len(some), 2 * len(drafts))


def _record(draft: Draft, joined: Joined) -> Record:
    before = draft.group.before
    if before is None:
        return Record(incident=draft.incident, joined=joined)
    return replace(before, incident=draft.incident, joined=joined)


def _placed(cells: Cells, row: int, warning: Problem) -> Problem:
    return replace(warning, source=cells.table.source, line=cells.line(row))
