"""What a batch would change, as a page: likenesses to decide, changed, new and unchanged records, a map."""

from __future__ import annotations

from dataclasses import dataclass

from geoapp.batch import Batch, Change
from geoapp.drafts.likeness import Likeness
from geoapp.drafts.work import Checked, Shown
from geoapp.errors import Problem
from geoapp.incident import Record
from geoapp.reference import Category, Reference
from geoapp.store import DatasetVersion, Logged, RecordChange, Store
from geoapp.web import wording
from geoapp.web.editing.overview import Overview, draw
from geoapp.web.editing.start_page import counted
from geoapp.web.readers.changes import Told, tell
from geoapp.web.wording import plural

AT_ONCE = 100


@dataclass(frozen=True)
class New:
    """One record that would be added, as a line of the table."""

    record: Record
    category: Category
    date: str
    status: str
    counts: str
    distance: str
    has_distance: bool


@dataclass(frozen=True)
class Pair:
    """A new record beside the stored one that it looks like: label, the file's words, the stored words."""

    likeness: Likeness
    title: str
    lines: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class PreviewPage:
    """Everything that a preview says."""

    checked: Checked
    batch: Batch | None
    shown: Shown | None
    before: DatasetVersion
    since: tuple[Logged, ...]
    pairs: tuple[Pair, ...]
    changed: tuple[Told, ...]
    new: tuple[New, ...]
    first: int
    later: int | None
    reports_added: int
    map: Overview | None
    unchanged: tuple[Record, ...]
    stale: bool

    @property
    def result(self) -> str:
        """`12 new and 3 changed`."""
        if self.batch is None or not self.batch.changes:
            return ""
        return counted(len(self.batch.created), len(self.batch.updated))

    @property
    def count(self) -> int:
        """How many records would change."""
        return len(self.batch.changes) if self.batch else 0

    @property
    def refused(self) -> tuple[Problem, ...]:
        """What the decisions about likenesses cannot do."""
        return self.checked.refused


def describe(
    checked: Checked, store: Store, reference: Reference, *, shown: Shown | None = None, first: int = 0
) -> PreviewPage:
    """The preview of a draft that passed its check.

    `shown` is what an earlier preview showed and what was not saved, `first` the place from which the
    records are listed.
    """
    batch, now = checked.batch, store.current()
    changes = batch.changes if batch else ()
    listed = changes[first : first + AT_ONCE]
    return PreviewPage(
        checked=checked,
        batch=batch,
        shown=checked.shown,
        before=now,
        since=since(store, shown, now) if shown else (),
        pairs=tuple(_pair(each, reference) for each in checked.likenesses),
        changed=tuple(_told(each, reference) for each in listed if each.before is not None),
        new=tuple(_new(each, reference) for each in listed if each.before is None),
        first=first,
        later=first + AT_ONCE if first + AT_ONCE < len(changes) else None,
        reports_added=sum(map(_reports_added, changes)),
        map=draw([each.after for each in changes], reference),
        unchanged=_unchanged(checked, store),
        stale=shown is not None and checked.shown != shown,
    )


def since(store: Store, shown: Shown, now: DatasetVersion, most: int = 5) -> tuple[Logged, ...]:
    """The versions made after a preview, oldest first."""
    newer = min(now.number - shown.version, most)
    return tuple(reversed(store.log(newer))) if newer > 0 else ()


def _unchanged(checked: Checked, store: Store) -> tuple[Record, ...]:
    """The first of the stored records that the file names and leaves as they are."""
    table, batch = checked.table, checked.batch
    if batch is None or not batch.unchanged or "id" not in table.columns:
        return ()
    at, changed = table.columns.index("id"), {each.id for each in batch.changes}
    named = dict.fromkeys(row[at].strip() for row in table.rows)
    return tuple(store.get_many([each for each in named if each and each not in changed][:AT_ONCE]))


def _reports_added(change: Change) -> int:
    before = len(change.before.incident.reports) if change.before else 0
    return len(change.after.incident.reports) - before


def _told(change: Change, reference: Reference) -> Told:
    return tell(RecordChange(change.id, 0, change.before, change.after, None), reference)


def _new(change: Change, reference: Reference) -> New:
    incident, joined = change.after.incident, change.after.joined
    value, reason = wording.distance(joined)
    given = joined.distance_min_m is not None
    return New(
        record=change.after,
        category=reference.categories[incident.category],
        date=wording.incident_days(incident),
        status=wording.status_label(incident.status),
        counts=f"{plural(len(incident.reports), 'source')}, {plural(joined.publishers, 'publisher')}",
        distance=value if given else f"{value}: {_start_small(reason)}",
        has_distance=given,
    )


def _start_small(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")


def _pair(likeness: Likeness, reference: Reference) -> Pair:
    new, stored = likeness.new.after, likeness.stored
    rows = [
        ("date", *(wording.incident_days(each.incident) for each in (new, stored))),
        ("title", new.incident.title, stored.incident.title),
        ("place", *(_place(each) for each in (new, stored))),
        ("people", *(_people(each) for each in (new, stored))),
        ("source", *(_sources(each) for each in (new, stored))),
    ]
    lines = wording.listed(f"{number:,}" for number in likeness.lines)
    word = "line" if len(likeness.lines) == 1 else "lines"
    shown = tuple((str(name), str(ours), str(theirs)) for name, ours, theirs in rows if ours or theirs)
    return Pair(likeness, new.incident.title, f"{word} {lines}", shown)


def _place(record: Record) -> str:
    return f"{record.incident.place}, {wording.precision(record.incident, record.joined)}"


def _people(record: Record) -> str:
    counts = [each.claimed_people for each in record.incident.current_reports if each.claimed_people]
    return "; ".join(dict.fromkeys(wording.amount(each) for each in counts))


def _sources(record: Record) -> str:
    named = [
        f"{each.source_publisher}, in {wording.language(each.source_language)}"
        for each in record.incident.current_reports
    ]
    return "; ".join(dict.fromkeys(named))
