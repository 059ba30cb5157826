"""Taking a batch back: which records can go back, which later batches changed, and the batch that does it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Connection, Row, select

from geoapp.errors import Conflict
from geoapp.incident import Record, Report
from geoapp.store import reading
from geoapp.store.counting.known import Writing
from geoapp.store.dialect import in_batches
from geoapp.store.reading import BatchInfo
from geoapp.store.rows import from_body
from geoapp.store.schema import identities, record_versions
from geoapp.store.versions import DatasetVersion
from geoapp.store.writing.blanking import without_reports
from geoapp.store.writing.commit import About, write
from geoapp.store.writing.lineage import ABSENT, lineages
from geoapp.store.writing.slices import Write, check_codes

REDACTION = "redact"
Decision = Literal["keep", "sources", "undo"]


@dataclass(frozen=True, slots=True)
class UndoConflict:
    """A record that later batches changed: before the batch, as the batch left it, now; None: not there."""

    id: str
    before: Record | None
    after: Record | None
    now: Record | None

    @property
    def sources(self) -> tuple[Report, ...]:
        """The reports that the batch gave the record and that it still has, as they are now."""
        if self.after is None or self.now is None:
            return ()
        earlier = () if self.before is None else self.before.incident.reports
        given = _ids(self.after.incident.reports) - _ids(earlier)
        return tuple(report for report in self.now.incident.reports if report.report_id in given)

    @property
    def stands_without(self) -> bool:
        """Whether the record can go on without those sources: one is left that is not withdrawn."""
        if self.now is None or not self.sources:
            return False
        return not _ids(self.now.incident.current_reports) <= _ids(self.sources)


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What undoing a batch would do: `ready` ids go back, `undone` ones have nothing to go back to or
    are as they were already, and each of `conflicts` needs a decision.

    `withdrawn` of the ready ones were added by the batch: they go from every page.
    """

    batch: BatchInfo
    ready: tuple[str, ...]
    undone: tuple[str, ...]
    conflicts: tuple[UndoConflict, ...]
    withdrawn: int


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The records that a batch touched (key, id, version, previous, gone), by what undoing means for each."""

    ready: list[Row[Any]]
    undone: list[Row[Any]]
    later: list[Row[Any]]


def preview(connection: Connection, batch: int) -> UndoPlan:
    """What undoing a batch would do now; raises NotFound, and Conflict when it changed no records."""
    info = reading.batch(connection, batch)
    found = _sorted(connection, info)
    return UndoPlan(
        info,
        tuple(row.id for row in found.ready),
        tuple(row.id for row in found.undone),
        tuple(_conflict(connection, row) for row in found.later),
        sum(row.previous is None for row in found.ready),
    )


def undo(work: Writing, batch: int, about: About, decisions: Mapping[str, Decision]) -> DatasetVersion:
    """Bring back what stood before a batch: changed records as they were, added ones removed.

    Later batches that were undone themselves do not count. A decision holds for any record of the batch.
    Raises NotFound, and Conflict naming the records that another one changed and that have no decision,
    or none that they can follow.
    """
    found = _sorted(work.connection, reading.batch(work.connection, batch))
    if not found.ready and not found.later:
        raise Conflict(f"batch {batch} is undone already")
    open_ones = [row.id for row in found.later if row.id not in decisions]
    if open_ones:
        raise Conflict(f"later batches changed {_some(open_ones)}; undo those first, or decide for each")
    writes = [
        *_as_before(work.connection, _decided(found, decisions, "undo")),
        *_without_sources(work, _decided(found, decisions, "sources")),
    ]
    if not writes:
        raise Conflict(f"nothing of batch {batch} is left to undo: every record of it is kept")
    check_codes(work.known.reference, [each.after for each in writes if each.after is not None])
    return write(work, writes, replace(about, undoes=batch))


def _decided(found: _Sorted, decisions: Mapping[str, Decision], what: Decision) -> list[Row[Any]]:
    """What was decided holds too where no later change is in the way any more."""
    return [row for row in (*found.ready, *found.later) if decisions.get(row.id, "undo") == what]


def _as_before(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[Write]:
    """The records as they were before the batch, or none where there was none."""
    bodies = _bodies(connection, [row for row in rows if row.previous is not None])
    for row in rows:
        yield Write(row.id, bodies.get(row.key), again=row.previous or ABSENT)


def _without_sources(work: Writing, rows: Sequence[Row[Any]]) -> Iterator[Write]:
    """The records as they are now, without what the batch gave them as sources; raises Conflict."""
    conflicts = [_conflict(work.connection, row) for row in rows]
    if refused := [each.id for each in conflicts if not each.stands_without]:
        raise Conflict(
            f"{_some(refused)}: no source of the batch can be taken back alone, since there is none or no "
            "other one would be left"
        )
    for each in conflicts:
        assert each.now is not None  # it has sources
        yield Write(each.id, without_reports(each.now, _ids(each.sources), work.known.reference))


def _sorted(connection: Connection, batch: BatchInfo) -> _Sorted:
    if batch.kind == REDACTION:
        raise Conflict(f"batch {batch.id} redacted something; what it took away is kept nowhere")
    found = _Sorted([], [], [])
    known = lineages(connection, batch.id)
    for row in _touched(connection, batch.id):
        lineage = known[row.key]
        if _has_nothing_to_go_back_to(row) or lineage.is_undone(batch.id):
            found.undone.append(row)
        else:
            (found.ready if lineage.stands(batch.id) else found.later).append(row)
    if not (found.ready or found.undone or found.later):
        raise Conflict(f"batch {batch.id} changed no records; there is nothing to undo")
    return found


def _has_nothing_to_go_back_to(row: Row[Any]) -> bool:
    """Whether it is gone as before the batch, or what stood before was redacted since."""
    return row.gone is not None if row.previous is None else row.earlier is None


def _touched(connection: Connection, batch: int) -> Sequence[Row[Any]]:
    old = record_versions.alias()
    same = (old.c.key == record_versions.c.key) & (old.c.version == record_versions.c.previous)
    there = old.c.body.is_not(None)
    asked = (
        select(
            record_versions.c.key,
            identities.c.id,
            record_versions.c.version,
            record_versions.c.previous,
            identities.c.gone,
            old.c.version.label("earlier"),
        )
        .join(identities, identities.c.key == record_versions.c.key)
        .outerjoin(old, same & there)
        .where(record_versions.c.batch == batch)
        .order_by(identities.c.id)
    )
    return list(connection.execute(asked))


def _bodies(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, Record]:
    """What stood before the batch, by key."""
    return {key: record for some in in_batches(rows) for key, record in _previous(connection, some)}


def _previous(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[tuple[int, Record]]:
    wanted = {row.key: row.previous for row in rows}
    known = record_versions.c
    asked = select(known.key, known.version, known.body).where(known.key.in_(wanted))
    for key, version, body in connection.execute(asked):
        if wanted[key] == version:
            yield key, from_body(body)


def _conflict(connection: Connection, row: Row[Any]) -> UndoConflict:
    known = record_versions.c
    asked = select(known.version, known.body).where(known.key == row.key).order_by(known.version)
    bodies = {row.version: row.body for row in connection.execute(asked)}
    before, after, now = (bodies.get(number) for number in (row.previous, row.version, max(bodies)))
    return UndoConflict(row.id, *(None if body is None else from_body(body) for body in (before, after, now)))


def _ids(reports: Iterable[Report]) -> set[str | None]:
    return {report.report_id for report in reports}


def _some(ids: Sequence[str], limit: int = 20) -> str:
    more = f" and {len(ids) - limit} more" if len(ids) > limit else ""
    return ", ".join(ids[:limit]) + more
