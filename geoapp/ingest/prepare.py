"""A table -> a Batch against the store: what the preview shows and the commit stores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from geoapp.batch import Batch, Change
from geoapp.errors import DataRefused, Problem
from geoapp.incident import Record
from geoapp.ingest.cells import Cells, parse_cells
from geoapp.ingest.codebook import Codebook
from geoapp.ingest.groups import Group, group_rows
from geoapp.ingest.reports import Used
from geoapp.ingest.rows import Draft, build_incident
from geoapp.ingest.table import Table
from geoapp.reference import Reference
from geoapp.spatial_join import Joiner


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
    store: StoreView, table: Table, *, author: str = "", public_note: str = "", private_note: str = ""
) -> Batch:
    """Check a table against the rules and the store; raises DataRefused with every problem of the file.

    Nothing is written. What the file leaves out is unchanged; an upload never deletes.
    """
    base_version = store.current().number
    reference = store.reference()
    cells = parse_cells(table, Codebook(reference))
    groups = group_rows(cells, store)
    used = _used(store, groups)
    drafts = [draft for group in groups if (draft := build_incident(cells, group, used))]
    if any(problem.level == "error" for problem in cells.problems):
        raise DataRefused(cells.sorted_problems())
    changed = [draft for draft in drafts if not draft.is_unchanged]
    changes = _join(cells, Joiner(reference), changed)
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


def _used(store: StoreView, groups: Iterable[Group]) -> Used:
    """Report ids ever given: asked at once for what looks new, one by one for the few that gain a report."""
    removed = store.used_reports([group.id for group in groups if group.before is None])

    def used(group: Group) -> Mapping[str, str]:
        known = removed if group.before is None else store.used_reports([group.id])
        return known.get(group.id, {})

    return used


def _join(cells: Cells, joiner: Joiner, drafts: list[Draft]) -> list[Change]:
    """The changes with their joined fields; what the joiner cannot place is warned of."""
    changes = []
    joined = joiner.join([draft.incident for draft in drafts])
    for draft, found in zip(drafts, joined, strict=True):
        before = draft.group.before
        after = (
            replace(before, incident=draft.incident, joined=found)
            if before
            else Record(incident=draft.incident, joined=found)
        )
        changes.append(Change(before, after))
        if found.location_origin is None:
            _, warnings = joiner.locate(draft.incident)
            cells.problems.extend(_placed(cells, draft.row, warning) for warning in warnings)
    return changes


def _placed(cells: Cells, row: int, warning: Problem) -> Problem:
    return replace(warning, source=cells.table.source, line=cells.line(row))
