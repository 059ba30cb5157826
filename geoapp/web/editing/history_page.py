"""The history as editors see it: batches with who, why and what, and what undoing one would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from geoapp.errors import Conflict
from geoapp.incident import Record, Report
from geoapp.reference import Reference
from geoapp.store import (
    BatchInfo,
    DatasetVersion,
    Logged,
    RecordChange,
    Store,
    UndoConflict,
    UndoPlan,
    Version,
)
from geoapp.web.auth import editor
from geoapp.web.editing.shared import drafts
from geoapp.web.editing.start_page import ALL, result
from geoapp.web.paging import Paging
from geoapp.web.readers.changes import Told, tell

AT_ONCE = 20
KINDS = {
    "import": "",
    "undo": "Undo",
    "restore": "Restored",
    "rejoin": "Computed again",
    "reload": "Reference data",
    "redact": "Redacted",
}


@dataclass(frozen=True)
class Clash:
    """A record that later batches changed: what the batch did to it, and what was done since.

    `last` is the batch that changed it last; `sources` are those that the first one gave it, see
    `UndoConflict`.
    """

    id: str
    title: str
    by_batch: Told | None
    since: Told | None
    was_new: bool
    last: int | None
    sources: tuple[Report, ...]
    stands_without: bool


@dataclass(frozen=True)
class Undo:
    """What undoing a batch would do, inside of its row."""

    plan: UndoPlan
    clashes: tuple[Clash, ...]

    @property
    def count(self) -> int:
        """How many records would go back without a question."""
        return len(self.plan.ready)


@dataclass(frozen=True)
class Row:
    """One batch of the history."""

    logged: Logged
    kind: str
    result: str
    taken_back_by: tuple[BatchInfo, ...]
    can_undo: bool
    undo: Undo | None = None

    @property
    def batch(self) -> BatchInfo:
        """The batch."""
        return self.logged.batch

    @property
    def back_in_part(self) -> bool:
        """Whether those that took it back left some of its records, or kept some that it had added."""
        touched = sum(map(_touched, self.taken_back_by))
        removed = sum(each.removed_count for each in self.taken_back_by)
        whole = touched >= _touched(self.batch) and removed >= self.batch.created_count
        return bool(self.taken_back_by) and not whole

    @property
    def number(self) -> int:
        """The version of the data set that it made."""
        return self.logged.version.number


@dataclass(frozen=True)
class Narrowed:
    """What the history is narrowed to: a record's id, an editor, the first day; blank: not narrowed."""

    record: str = ""
    who: str = ""
    since: date | None = None

    def __bool__(self) -> bool:
        return bool(self.record or self.who or self.since)

    @property
    def words(self) -> dict[str, str]:
        """As the address has it, what is blank left out."""
        told = {"record": self.record, "who": self.who, "since": self.since.isoformat() if self.since else ""}
        return {name: text for name, text in told.items() if text}


@dataclass(frozen=True)
class HistoryPage:
    """Everything that the history says; `problem` is why what was just asked was not done."""

    rows: tuple[Row, ...]
    paging: Paging
    now: DatasetVersion
    saved: Logged | None = None
    problem: str = ""
    opened: int | None = None
    drafts: int = 0
    narrowed: Narrowed = Narrowed()

    @property
    def saved_words(self) -> str:
        """What was just done, in one line."""
        if self.saved is None:
            return ""
        batch = self.saved.batch
        done = {"undo": "Taken back", "restore": "Restored"}.get(batch.kind, "Saved")
        ending = "" if batch.removed_count else ", nothing deleted"
        return f"{done}: {result(batch)}{ending}"


def describe(
    store: Store,
    reference: Reference,
    offset: int = 0,
    *,
    undo: int | None = None,
    problem: str = "",
    saved: Logged | None = None,
) -> HistoryPage:
    """The history from `offset`; `undo` opens the preview of taking that batch back."""
    entries = store.log(AT_ONCE, offset)
    paging = Paging.of(offset, AT_ONCE, store.log_length())
    page = _page(store, reference, entries, paging, undo)
    return replace(page, saved=saved, problem=problem or page.problem)


def narrowed(store: Store, reference: Reference, wanted: Narrowed, offset: int) -> HistoryPage:
    """The batches that touched a record, by an editor, from a day on; raises NotFound."""
    touched = (
        {each.batch.id for each in store.history(wanted.record, removed=True)} if wanted.record else None
    )
    entries = [
        each
        for each in store.log(store.log_length())
        if (touched is None or each.batch.id in touched)
        and wanted.who in ("", each.batch.author)
        and (wanted.since is None or each.batch.created.date() >= wanted.since)
    ]
    paging = Paging.of(offset, AT_ONCE, len(entries))
    page = _page(store, reference, entries[offset : offset + AT_ONCE], paging, None)
    return replace(page, narrowed=wanted)


def _page(
    store: Store, reference: Reference, entries: Sequence[Logged], paging: Paging, undo: int | None
) -> HistoryPage:
    taken_back = _taken_back(store)
    plan, refused = _plan(store, undo)
    return HistoryPage(
        rows=tuple(_row(each, taken_back, plan, reference) for each in entries),
        paging=paging,
        now=store.current(),
        problem=refused,
        opened=undo if plan else None,
        drafts=sum(each.is_open for each in drafts().of(editor().name, ALL)),
    )


def _taken_back(store: Store) -> dict[int, tuple[BatchInfo, ...]]:
    """The batches that are taken back, each with those that did it; not with one that was so itself."""
    found: dict[int, tuple[BatchInfo, ...]] = {}
    for each in store.batches():  # the newest first: whether it stands is known before what it took back
        if each.undoes is not None and each.id not in found:
            found[each.undoes] = (*found.get(each.undoes, ()), each)
    return found


def _touched(batch: BatchInfo) -> int:
    return batch.created_count + batch.updated_count + batch.removed_count


def _plan(store: Store, batch: int | None) -> tuple[UndoPlan | None, str]:
    if batch is None:
        return None, ""
    try:
        plan = store.undo_preview(batch)
    except Conflict as conflict:
        return None, str(conflict)
    if not plan.ready and not plan.conflicts:
        return None, f"Batch {batch} is taken back already; there is nothing left to undo."
    return plan, ""


def _row(
    logged: Logged,
    taken_back: Mapping[int, tuple[BatchInfo, ...]],
    plan: UndoPlan | None,
    reference: Reference | None,
) -> Row:
    batch = logged.batch
    is_open = plan is not None and plan.batch.id == batch.id
    return Row(
        logged=logged,
        kind=KINDS.get(batch.kind, batch.kind),
        result=result(batch),
        taken_back_by=taken_back.get(batch.id, ()),
        can_undo=_touched(batch) > 0 and batch.kind in ("import", "undo", "restore"),
        undo=_undo(plan, reference) if is_open and plan and reference else None,
    )


def row(logged: Logged, store: Store) -> Row:
    """One batch by itself."""
    taken_back = _taken_back(store)
    return _row(logged, taken_back, None, None)


def _undo(plan: UndoPlan, reference: Reference) -> Undo:
    return Undo(plan, tuple(_clash(each, reference) for each in plan.conflicts))


def _clash(conflict: UndoConflict, reference: Reference) -> Clash:
    shown = conflict.now or conflict.after or conflict.before
    return Clash(
        id=conflict.id,
        title=shown.incident.title if shown else conflict.id,
        by_batch=_told(conflict.id, conflict.before, conflict.after, reference),
        since=_told(conflict.id, conflict.after, conflict.now, reference),
        was_new=conflict.before is None,
        last=conflict.now.batch if conflict.now else None,
        sources=conflict.sources,
        stands_without=conflict.stands_without,
    )


def _told(identifier: str, before: Record | None, after: Record | None, reference: Reference) -> Told | None:
    """What happened between two states; None where one of them is not there."""
    if before is None or after is None:
        return None
    return tell(RecordChange(identifier, 0, before, after, None), reference)


@dataclass(frozen=True)
class RecordVersion:
    """One version of a record with what it changed, and whether it is the current one."""

    version: Version
    told: Told | None
    is_current: bool


def versions(history: Sequence[Version], reference: Reference) -> tuple[RecordVersion, ...]:
    """The versions of a record, newest first."""
    found, before = [], None
    for each in history:
        told = _told(str(each.number), before, each.record, reference)
        found.append(RecordVersion(each, told, each is history[-1]))
        before = each.record
    return tuple(reversed(found))
