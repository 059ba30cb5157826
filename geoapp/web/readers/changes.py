"""The public change log: versions of the data set, what each changed in which record, and the feed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template

from geoapp.batch import Change
from geoapp.errors import BadParameters
from geoapp.incident import FIELD_BY_COLUMN, JOINED_FIELDS, Record, Report
from geoapp.kinds import STATUSES
from geoapp.reference import Reference
from geoapp.store import Logged, RecordChange, Store
from geoapp.web import context, wording
from geoapp.web.catalogs import label
from geoapp.web.language import gettext as _
from geoapp.web.language import noted
from geoapp.web.paging import Paging, offset_faults
from geoapp.web.readers import feed

blueprint = Blueprint("changes", __name__)

VERSIONS_AT_ONCE = 20
RECORDS_BESIDE = 20
RECORDS_AT_ONCE = 50
ENTRIES_AT_ONCE, MOST_ENTRIES = 50, 200
KINDS = {
    "import": noted("Records imported"),
    "undo": noted("Import taken back"),
    "restore": noted("Record brought back to an earlier version"),
    "redact": noted("Something redacted by the editors"),
    "rejoin": noted("Distances, areas and crossing points computed again"),
    "reload": noted("Actors, categories, places and layers replaced"),
}
RETRACTED = "retracted"
# What happened to a record, as it stands beside it and after a count.
NEWS = {
    "new": noted("new"),
    "changed": noted("changed"),
    "removed": noted("removed"),
    RETRACTED: noted("retracted"),
}


@dataclass(frozen=True)
class Value:
    """One field that changed; blank is told as such. `is_computed`: nobody wrote it, it followed."""

    name: str
    old: str
    new: str
    is_computed: bool = False


@dataclass(frozen=True)
class Told:
    """One record in one version; `title` is empty for a record that nobody may read any more."""

    id: str
    title: str
    what: str
    number: int
    values: tuple[Value, ...] = ()
    new_reports: tuple[Report, ...] = ()
    lost_reports: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Entry:
    """One version of the data set with the first of its records."""

    logged: Logged
    records: tuple[Told, ...]

    @property
    def number(self) -> int:
        """The number of the version."""
        return self.logged.version.number

    @property
    def what(self) -> str:
        """What was done."""
        return _(KINDS.get(self.logged.batch.kind, self.logged.batch.kind))

    @property
    def time(self) -> str:
        """The time of day, UTC."""
        return f"{self.logged.batch.created:%H:%M} UTC"

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many records are new, changed, removed; what is zero is left out."""
        batch = self.logged.batch
        named = (
            ("new", batch.created_count),
            ("changed", batch.updated_count),
            ("removed", batch.removed_count),
        )
        return [(what, count) for what, count in named if count]

    @property
    def touched(self) -> int:
        """How many records it touched."""
        return sum(count for what, count in self.counts)


@blueprint.get("/changes")
def changes() -> str:
    """The versions of the data set, newest first; raises BadParameters."""
    offset, store = _offset(), context.view()
    entries = [
        Entry(each, _records(store, each, RECORDS_BESIDE)) for each in store.log(VERSIONS_AT_ONCE, offset)
    ]
    paging = Paging.of(offset, VERSIONS_AT_ONCE, store.log_length())
    return render_template("readers/changes.html", entries=entries, paging=paging)


@blueprint.get("/changes/<int(max=2147483647):number>")
def change(number: int) -> str:
    """One version of the data set with all its records, page by page; raises NotFound and BadParameters."""
    offset, store = _offset(), context.view()
    entry = Entry(logged := store.logged(number), _records(store, logged, RECORDS_AT_ONCE, offset))
    return render_template(
        "readers/change.html",
        entry=entry,
        paging=Paging.of(offset, RECORDS_AT_ONCE, entry.touched),
        reference_lines=store.reference_changes(number),
    )


@blueprint.get("/changes.atom")
def atom() -> Response:
    """New and changed incidents that the filters mean, newest change first (RFC 4287); raises BadParameters.

    Retracted ones are told too, unless the filters name a status: a reader of the feed should hear of it.
    """
    filters, store = context.page_filters(), context.view()
    most = min(filters.limit or ENTRIES_AT_ONCE, MOST_ENTRIES)
    wanted = filters.with_values(
        status=filters.status or tuple(STATUSES), sortby=("-updated",), limit=most, offset=0
    )
    times = {each.id: each.created for each in store.batches()}
    content = feed.atom(store.find(wanted), times, context.reference(), filters)
    return Response(content, content_type="application/atom+xml; charset=utf-8")


def _offset() -> int:
    text = context.page_words("offset").get("offset", "0")
    if faults := offset_faults(text):
        raise BadParameters(faults)
    return int(text)


def _records(store: Store, logged: Logged, most: int, offset: int = 0) -> tuple[Told, ...]:
    reference = context.reference()
    return tuple(tell(each, reference) for each in store.record_changes(logged.batch.id, most, offset))


def tell(change: RecordChange, reference: Reference) -> Told:
    """What happened to one record; of one that was removed since, no more than that."""
    before, after = change.before, change.after
    if change.gone is not None or after is None:
        what = "removed" if after is None else ("changed" if before else "new")
        reason = change.gone or _("Brought back by a later version.")
        return Told(change.id, "", what, change.number, reason=reason)
    if before is None:
        return Told(change.id, after.incident.title, "new", change.number)
    known = {report.report_id for report in before.incident.reports}
    kept = {report.report_id for report in after.incident.reports}
    retracted = after.incident.status == RETRACTED != before.incident.status
    return Told(
        id=change.id,
        title=after.incident.title,
        what=RETRACTED if retracted else "changed",
        number=change.number,
        values=tuple(_values(before, after, reference)),
        new_reports=tuple(each for each in after.incident.reports if each.report_id not in known),
        lost_reports=tuple(str(each) for each in sorted(map(str, known - kept))),
    )


def _values(before: Record, after: Record, reference: Reference) -> Sequence[Value]:
    known = {report.report_id for report in before.incident.reports}
    found = []
    for name, old, new in Change(before, after).fields():
        report, column = name.rpartition(" ")[::2]
        if report and report not in known:
            continue
        words = _words(column)
        if report:
            words = _("report %(number)s, %(field)s", number=report.rpartition("/")[2], field=words)
        found.append(Value(words, _shown(column, old, reference), _shown(column, new, reference)))
    for each in JOINED_FIELDS:
        old, new = getattr(before.joined, each.name), getattr(after.joined, each.name)
        if old != new and each.name != "layers_hash":
            shown = _crossings if each.name == "crossings" else each.kind.format
            words = _("%(field)s (computed)", field=_words(each.name))
            found.append(Value(words, _or_blank(shown, old), _or_blank(shown, new), is_computed=True))
    return found


def _words(name: str) -> str:
    return label("column", name.replace("_", " "))


def _shown(column: str, value: Any, reference: Reference) -> str:
    if column == "category" and value in reference.categories:
        return label("category", reference.categories[value].label)
    if column == "attributed_to" and value in reference.actors:
        return label("actor", reference.actors[value].name)
    return _or_blank(FIELD_BY_COLUMN[column].kind.format, value)


def _or_blank(shown: Callable[[Any], str], value: Any) -> str:
    return "" if value is None or value == () else str(shown(value))


def _crossings(value: Sequence[dict[str, Any]]) -> str:
    return "; ".join(
        f"{each['name']}, {wording.between(each['min_m'], each['max_m'])}, {wording.state(each['state'])}"
        for each in value
    )
