"""What is taken out of one record, a field or reports, and what follows from either."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from geoapp import accounts
from geoapp.errors import BadParameters, Fault
from geoapp.incident import FIELD_BY_COLUMN, Incident, Joined, Record, Report
from geoapp.kinds import LINE, TEXT
from geoapp.reference import Reference

REDACTED = "[redacted]"
# A key stays a key, and blanking this state would bring a withdrawn report back.
_KEPT = ("id", "report_id", "report_status", "status")
# A half is an error or would tell of the other.
_TOGETHER: Mapping[str, tuple[str, ...]] = {
    "latitude": ("latitude", "longitude"),
    "longitude": ("latitude", "longitude"),
    "claimed_latitude": ("claimed_latitude", "claimed_longitude"),
    "claimed_longitude": ("claimed_latitude", "claimed_longitude"),
    "time": ("time", "time_zone"),
}
_NO_POINT: Mapping[str, Any] = {
    "longitude": None,
    "latitude": None,
    "location_origin": None,
    "location_radius_m": None,
    "placed_by_description": False,
    "distance_min_m": None,
    "distance_max_m": None,
    "distance_note": "no_point",
    "areas": (),
    "areas_near": (),
    "nearest_place": None,
    "nearest_crossing": None,
    "crossing_state": None,
    "crossing_note": "no_point",
    "crossings": (),
}
_NO_PLACE: Mapping[str, Any] = {
    "place_id": None,
    "administered_by": None,
    "administered_by_note": "no_place",
    "nearest_place": None,
}


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is redacted in the record `id`: in one report of it (None: in all), one field (None: everything).

    `values` are the texts that were overwritten, as a CSV would have them.
    """

    id: str
    report_id: str | None
    field: str | None
    values: tuple[str, ...] = ()


def asked(identifier: str, field: str | None) -> Redaction:
    """What an id (of an incident, or of a report: `<id>/<n>`) and a field mean; raises BadParameters."""
    incident, _, number = identifier.partition("/")
    report = identifier if number else None
    if field is not None:
        _check(field, report)
    return Redaction(incident, report, field)


def _check(name: str, report: str | None) -> None:
    field = FIELD_BY_COLUMN.get(name)
    whose = "a report's field" if report else "the name of a column"
    if field is None or (report and field.of != "report"):
        raise BadParameters([Fault("field", name, whose)])
    whole = "the whole report" if field.of == "report" else "the whole record"
    if name in _KEPT or (field.required and field.kind not in (TEXT, LINE)):
        raise BadParameters(
            [Fault("field", name, f"a field that can do without its value; else redact {whole}")]
        )


def blanked(record: Record, asked: Redaction, reference: Reference) -> Record:
    """The record without what is redacted, and without what followed from it."""
    incident = record.incident
    if asked.field is None:
        return without_reports(record, {asked.report_id}, reference)
    if FIELD_BY_COLUMN[asked.field].of == "incident":
        incident = replace(incident, **_blanks(asked.field))
    else:
        reports = tuple(
            replace(report, **_blanks(asked.field)) if _is_meant(report, asked) else report
            for report in incident.reports
        )
        incident = replace(incident, reports=reports)
    if incident == record.incident:
        return record
    joined = replace(record.joined, **_followed(record.joined, asked.field))
    return _told_anew(replace(record, joined=joined), incident, reference)


def without_reports(record: Record, ids: Collection[str | None], reference: Reference) -> Record:
    """The record without these reports, and without what followed from them."""
    left = tuple(report for report in record.incident.reports if report.report_id not in ids)
    if left == record.incident.reports:
        return record
    return _told_anew(record, replace(record.incident, reports=left), reference)


def _told_anew(record: Record, incident: Incident, reference: Reference) -> Record:
    """The record with this incident; a status that followed from the reports follows from those left."""
    if record.incident.status == accounts.derived_status(record.incident):
        incident = replace(incident, status=accounts.derived_status(incident))
    joined = replace(record.joined, **_told(incident, reference))
    return replace(record, incident=incident, joined=joined)


def _is_meant(report: Report, asked: Redaction) -> bool:
    return asked.report_id in (None, report.report_id)


def _blanks(name: str) -> dict[str, Any]:
    """The fields that go with this one; what every record needs says that it was redacted."""
    return {
        each: REDACTED if FIELD_BY_COLUMN[each].required else None for each in _TOGETHER.get(name, (name,))
    }


def _followed(joined: Joined, field: str | None) -> dict[str, Any]:
    """Joined fields that would tell where it was."""
    found: dict[str, Any] = {}
    if field == "place":
        found |= _NO_PLACE
    origin = {"place": "gazetteer", "latitude": "stated", "longitude": "stated"}.get(field or "")
    if origin is not None and joined.location_origin == origin:
        found |= _NO_POINT
    return found


def _told(incident: Incident, reference: Reference) -> dict[str, Any]:
    """Joined fields that follow from who says what."""
    return {
        "parties": tuple(sorted(accounts.parties(incident, reference))),
        "publishers": len(accounts.publishers(incident)),
        "differs": accounts.differs(incident, reference),
    }


def values_of(record: Record, asked: Redaction) -> Iterator[str]:
    """The texts that redacting overwrites in one version."""
    incident = record.incident
    reports = [report for report in incident.reports if _is_meant(report, asked)]
    owners: list[Incident | Report] = [*reports] if asked.report_id else [incident, *reports]
    for owner in owners:
        for name, field in FIELD_BY_COLUMN.items():
            wanted = asked.field is None or name in _TOGETHER.get(asked.field, (asked.field,))
            value = getattr(owner, name, None) if wanted else None
            if value is not None and value != REDACTED:
                yield field.kind.format(value)
