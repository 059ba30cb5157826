"""THE schema. Columns, checks, tables, Feature properties and documentation are derived from here.

One `Incident` is something that happened on a date at a place; each of its `Report`s is one source
saying one thing. `Joined` holds what the reference layers add. A `Record` is all of it as stored.
"""

from __future__ import annotations

import datetime
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter, itemgetter
from typing import Any, Literal

from geoapp import kinds
from geoapp.kinds import DateRange, Kind, NumberRange

Owner = Literal["incident", "report", "joined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column: its name, kind of value, meaning, and whether a row may leave it blank."""

    name: str
    kind: Kind
    meaning: str
    required: bool
    of: Owner


def _is(kind: Kind, meaning: str, *, required: bool = False, default: Any = None) -> Any:
    about = {"kind": kind, "meaning": meaning, "required": required}
    return field(metadata=about) if required else field(default=default, metadata=about)


def _fields_of(cls: type, of: Owner) -> tuple[Field, ...]:
    return tuple(
        Field(name=item.name, of=of, **item.metadata) for item in fields(cls) if "kind" in item.metadata
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One source saying one thing about an incident."""

    source_url: str = _is(kinds.URL, "Address of the source.", required=True)
    source_publisher: str = _is(
        kinds.LINE, "Publisher; `X via Y` where Y carries the report of X.", required=True
    )
    source_title: str | None = _is(kinds.LINE, "Title as the page shows it, wording unchanged.")
    source_date: datetime.date | None = _is(kinds.DAY, "Day of publication.")
    source_language: str = _is(kinds.LANGUAGE, "Language of the source.", required=True)
    source_archive_url: str | None = _is(kinds.URL, "Address of an archived copy.")
    attributed_to: str | None = _is(
        kinds.CODE, "Actor code of the speaker; blank: the publisher's own account."
    )
    statement: str = _is(kinds.TEXT, "What the source says, paraphrased.", required=True)
    claimed_date: DateRange | None = _is(kinds.DAYS, "When it happened, according to this report.")
    claimed_place: str | None = _is(kinds.LINE, "Where it happened, according to this report.")
    claimed_latitude: float | None = _is(kinds.LATITUDE, "Latitude, according to this report.")
    claimed_longitude: float | None = _is(kinds.LONGITUDE, "Longitude, according to this report.")
    claimed_distance_m: NumberRange | None = _is(
        kinds.AMOUNT, "Distance in metres, according to this report."
    )
    claimed_distance_from: str | None = _is(
        kinds.LINE, "What that distance is measured from: `line` or the name of a place."
    )
    claimed_people: NumberRange | None = _is(
        kinds.AMOUNT, "Number of people that this report is about; who they are is in `statement`."
    )
    notes: str | None = _is(
        kinds.TEXT, "Remarks on the report: inferred dates, differences, quality of the carrier."
    )
    report_id: str | None = _is(kinds.REPORT_ID, "Key of the report; blank on upload: given by the store.")
    report_status: str | None = _is(kinds.REPORT_STATUS, "Blank, or withdrawn by the editors.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that happened, or is said to have happened, on a date at a place."""

    id: str = _is(kinds.ID, "Key of the incident; blank on upload: made from date and title.", required=True)
    date: datetime.date = _is(
        kinds.DAY, "First day; with precision month or year the first day of it.", required=True
    )
    end_date: datetime.date | None = _is(kinds.DAY, "Last day, where it lasted longer than one.")
    time: str | None = _is(kinds.TIME, "Time of day as a source states it.")
    time_zone: str | None = _is(kinds.TIME_ZONE, "Offset of that time; blank: not stated.")
    date_precision: str = _is(kinds.DATE_PRECISION, "How exactly the date is known.", required=True)
    title: str = _is(kinds.LINE, "Neutral title.", required=True)
    summary: str = _is(
        kinds.TEXT, "Neutral summary that names the positions where they differ.", required=True
    )
    category: str = _is(kinds.CODE, "A code of the list of categories.", required=True)
    place: str = _is(kinds.LINE, "Name of the place used here.", required=True)
    latitude: float | None = _is(kinds.LATITUDE, "Latitude; blank: the point comes from the gazetteer.")
    longitude: float | None = _is(kinds.LONGITUDE, "Longitude; blank: the point comes from the gazetteer.")
    location_precision: str = _is(kinds.LOCATION_PRECISION, "How exactly the place is known.", required=True)
    actors: tuple[str, ...] = _is(kinds.CODES, "Actor codes of who is involved.", required=True)
    status: str = _is(
        kinds.STATUS,
        "How the accounts stand to each other; blank on upload: from the reports.",
        required=True,
    )
    reports: tuple[Report, ...] = ()

    @property
    def interval(self) -> DateRange:
        """The days that the date covers at its precision: a day, month, year, or until the end date."""
        return DateRange(self.date, max(self.end_date or self.date, end_of(self.date, self.date_precision)))

    @property
    def current_reports(self) -> tuple[Report, ...]:
        """The reports that are not withdrawn."""
        for report in self.reports:
            if report.report_status is not None:
                return tuple(each for each in self.reports if each.report_status is None)
        return self.reports  # nearly always, and an import asks often


def end_of(day: datetime.date, precision: str) -> datetime.date:
    """Last day of the day, month or year (by `precision`) that begins on `day`."""
    if precision == "month":
        return day.replace(day=monthrange(day.year, day.month)[1])
    if precision == "year":
        return day.replace(month=12, day=31)
    return day


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What the reference layers add to an incident, computed when it comes in."""

    longitude: float | None = _is(kinds.LONGITUDE, "Longitude of the point that is drawn, WGS 84.")
    latitude: float | None = _is(kinds.LATITUDE, "Latitude of the point that is drawn, WGS 84.")
    location_origin: str | None = _is(
        kinds.CODE, "Where the point comes from: `stated` in the record or the `gazetteer`."
    )
    location_radius_m: int | None = _is(kinds.METRES, "Radius around the point within which the place lies.")
    placed_by_description: bool = _is(
        kinds.FLAG, "Whether the point was derived from a description.", default=False
    )
    place_id: str | None = _is(kinds.ID, "Key of the named place in the gazetteer.")
    distance_min_m: int | None = _is(
        kinds.METRES, "Least distance to the schematic line, rounded outward to 100 m; 0: at or near it."
    )
    distance_max_m: int | None = _is(
        kinds.METRES, "Largest distance to the schematic line, rounded outward to 100 m."
    )
    distance_note: str | None = _is(
        kinds.CODE, "Why no distance is given: `no_point`, `precision`, `category` or `derived`."
    )
    areas: tuple[str, ...] = _is(
        kinds.CODES, "Areas that contain the point; a filter, not a statement.", default=()
    )
    areas_near: tuple[str, ...] = _is(kinds.CODES, "Those of the areas that the radius leaves.", default=())
    nearest_place: str | None = _is(kinds.LINE, "Name of the place of the gazetteer nearest to the point.")
    administered_by: str | None = _is(
        kinds.LINE, "Who administers the named place: our reading of the reports, never of the incident."
    )
    administered_by_note: str | None = _is(
        kinds.CODE, "Why that is not given: `precision`, `no_place` or `not_stated`."
    )
    nearest_crossing: str | None = _is(kinds.ID, "Key of the nearest crossing point.")
    crossing_state: str | None = _is(
        kinds.CODE, "Its state on the first day: `open`, `closed`, `restricted`, `differs`, `not_known`."
    )
    crossing_note: str | None = _is(
        kinds.CODE, "Why no crossing point is given: `no_point`, `not_determinable` or `none`."
    )
    crossings: tuple[Mapping[str, Any], ...] = _is(
        kinds.CROSSINGS, "Crossing points that could be the nearest, with interval and state.", default=()
    )
    parties: tuple[str, ...] = _is(kinds.CODES, "Parties that speak in the reports.", default=())
    publishers: int = _is(kinds.COUNT, "Number of publishers.", default=0)
    differs: bool = _is(
        kinds.FLAG, "Whether the status is disputed or claims of two parties do not overlap.", default=False
    )
    layers_hash: str | None = _is(kinds.LINE, "Content hash of the reference data that gave these values.")


INCIDENT_FIELDS = _fields_of(Incident, "incident")
REPORT_FIELDS = _fields_of(Report, "report")
JOINED_FIELDS = _fields_of(Joined, "joined")
COLUMN_FIELDS = INCIDENT_FIELDS + REPORT_FIELDS
COLUMNS = tuple(item.name for item in COLUMN_FIELDS)
FIELD_BY_COLUMN: Mapping[str, Field] = {item.name: item for item in COLUMN_FIELDS}
INCIDENT_COLUMNS = tuple(item.name for item in INCIDENT_FIELDS)
REPORT_COLUMNS = tuple(item.name for item in REPORT_FIELDS)
# The point is the Feature's geometry; repeating it beside the stated coordinates would say it twice.
JOINED_PROPERTIES = tuple(item for item in JOINED_FIELDS if item.name not in ("longitude", "latitude"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An incident as stored: with its joined fields, key (unsigned 32 bits), version and batch."""

    incident: Incident
    joined: Joined
    key: int = 0
    version: int = 0
    batch: int = 0


def _dumping(listed: Iterable[Field]) -> Callable[[object], dict[str, Any]]:
    """What turns an object with these fields into JSON-able values by name.

    An import does this a million times, so what it needs is looked up once.
    """
    fields = tuple(listed)
    names = tuple(each.name for each in fields)
    values_of = attrgetter(*names)
    coded = [(each.name, each.kind.to_json) for each in fields if each.kind.to_json is not kinds.TEXT.to_json]

    def dump(item: object) -> dict[str, Any]:
        values = dict(zip(names, values_of(item), strict=True))
        for name, to_json in coded:
            if values[name] is not None:
                values[name] = to_json(values[name])
        return values

    return dump


_dump_incident, _dump_report, _dump_joined = map(_dumping, (INCIDENT_FIELDS, REPORT_FIELDS, JOINED_FIELDS))


def _from_dict(values: Mapping[str, Any], listed: Iterable[Field]) -> dict[str, Any]:
    return {
        each.name: each.kind.from_json(values[each.name])
        for each in listed
        if values.get(each.name) is not None
    }


def record_to_dict(record: Record) -> dict[str, Any]:
    """The whole record as JSON-able values, without loss; `record_from_dict` is the inverse."""
    incident = _dump_incident(record.incident)
    incident["reports"] = [_dump_report(report) for report in record.incident.reports]
    return {
        "incident": incident,
        "joined": _dump_joined(record.joined),
        "key": record.key,
        "version": record.version,
        "batch": record.batch,
    }


def record_from_dict(values: Mapping[str, Any]) -> Record:
    """A record from what `record_to_dict` gave."""
    known = values["incident"]
    reports = tuple(report_from_dict(report) for report in known["reports"])
    return Record(
        incident=Incident(**_from_dict(known, INCIDENT_FIELDS), reports=reports),
        joined=Joined(**_from_dict(values["joined"], JOINED_FIELDS)),
        key=values["key"],
        version=values["version"],
        batch=values["batch"],
    )


def report_from_dict(values: Mapping[str, Any]) -> Report:
    """A report from its JSON-able values."""
    return Report(**_from_dict(values, REPORT_FIELDS))


def to_feature(record: Record) -> dict[str, Any]:
    """The record as an RFC 7946 Feature (WGS 84); the geometry is null where no point was found."""
    return feature_of(record_to_dict(record))


_OF_INCIDENT, _OF_JOINED = (
    itemgetter(*(each.name for each in listed)) for listed in (INCIDENT_FIELDS, JOINED_PROPERTIES)
)
_PROPERTIES = tuple(each.name for each in (*INCIDENT_FIELDS, *JOINED_PROPERTIES))


def feature_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same from what `record_to_dict` gave."""
    incident, joined = values["incident"], values["joined"]
    longitude, latitude = joined["longitude"], joined["latitude"]
    point = None
    if longitude is not None and latitude is not None:
        point = {"type": "Point", "coordinates": [round(longitude, 6), round(latitude, 6)]}
    properties = dict(zip(_PROPERTIES, (*_OF_INCIDENT(incident), *_OF_JOINED(joined)), strict=True))
    properties["reports"] = incident["reports"]
    properties["record_version"] = values["version"]
    return {"type": "Feature", "id": incident["id"], "geometry": point, "properties": properties}


def _schema_of(listed: Iterable[Field]) -> dict[str, Any]:
    properties = {}
    for each in listed:
        schema = {"description": each.meaning} | dict(each.kind.json_schema)
        nullable = not each.required
        properties[each.name] = {"anyOf": [schema, {"type": "null"}]} if nullable else schema
    return properties


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the properties of one incident Feature."""
    report = {
        "type": "object",
        "properties": _schema_of(REPORT_FIELDS),
        "required": [each.name for each in REPORT_FIELDS],
        "additionalProperties": False,
    }
    properties = _schema_of(INCIDENT_FIELDS) | _schema_of(JOINED_PROPERTIES)
    properties["reports"] = {"type": "array", "minItems": 1, "items": report}
    properties["record_version"] = {"type": "integer", "minimum": 1, "description": "Version of the record."}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Incident",
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def claimed_point(report: Report) -> tuple[float, float] | None:
    """Longitude and latitude that a report claims, or None."""
    if report.claimed_longitude is None or report.claimed_latitude is None:
        return None
    return report.claimed_longitude, report.claimed_latitude
