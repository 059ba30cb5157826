"""Between records and rows: one record becomes a row of each table, and rows become the record again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, Row, select

from geoapp.folding import fold, latin_of
from geoapp.incident import (
    INCIDENT_COLUMNS,
    INCIDENT_FIELDS,
    JOINED_FIELDS,
    REPORT_COLUMNS,
    REPORT_FIELDS,
    Incident,
    Record,
    feature_of,
    record_from_dict,
)
from geoapp.store.dialect import Dialect, in_batches
from geoapp.store.names import Names
from geoapp.store.schema import JOINED_PREFIX, incident_links, incidents, is_list, reports

EPOCH = date(1970, 1, 1).toordinal()
Values = dict[str, Any]


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - EPOCH


def day_of(number: int) -> date:
    """The day that is so many days after 1970-01-01."""
    return date.fromordinal(number + EPOCH)


_JOINED_NAMES = tuple(each.name for each in JOINED_FIELDS)
_INCIDENT_LISTS = tuple(position for position, each in enumerate(INCIDENT_FIELDS) if is_list(each))
_JOINED_LISTS = tuple(position for position, each in enumerate(JOINED_FIELDS) if is_list(each))
_INCIDENT_CELLS, _JOINED_CELLS = itemgetter(*INCIDENT_COLUMNS), itemgetter(*_JOINED_NAMES)
_REPORT_CELLS = itemgetter(*REPORT_COLUMNS)
_DERIVED = ("day_from", "day_to", "category_group", "place_name", "title_folded", "place_folded")
INCIDENT_ROW = (
    *("key", "version", "batch"),
    *INCIDENT_COLUMNS,
    *(JOINED_PREFIX + name for name in _JOINED_NAMES),
    *_DERIVED,
)
REPORT_ROW = ("incident_key", "position", *REPORT_COLUMNS)
LINK_ROW = ("name", "value", "incident_key")


@dataclass(slots=True)
class Rows:
    """Rows for every table as tuples, in the order of the records that they came from."""

    incidents: list[tuple[Any, ...]] = field(default_factory=list)
    reports: list[tuple[Any, ...]] = field(default_factory=list)
    links: list[tuple[str, str, int]] = field(default_factory=list)
    indexed: list[tuple[int, str, float | None, float | None]] = field(default_factory=list)

    def add(self, record: Record, values: Mapping[str, Any], names: Names) -> None:
        """Add one record; `values` is what `record_to_dict` gave for it."""
        incident, joined = record.incident, record.joined
        place_id = joined.place_id or ""
        self.incidents.append(
            (
                *(record.key, record.version, record.batch),
                *_cells(_INCIDENT_CELLS(values["incident"]), _INCIDENT_LISTS),
                *_cells(_JOINED_CELLS(values["joined"]), _JOINED_LISTS),
                *_derived(incident, names, place_id),
            )
        )
        for position, report in enumerate(values["incident"]["reports"]):
            self.reports.append((record.key, position, *_REPORT_CELLS(report)))
        self.links.extend((name, value, record.key) for name, value in links_of(record))
        words = words_of(incident, names.spoken.get(place_id, ()))
        located = joined.longitude is not None and joined.latitude is not None
        point = (joined.longitude, joined.latitude) if located else (None, None)
        self.indexed.append((record.key, words, *point))

    def insert(self, connection: Connection, dialect: Dialect) -> None:
        """Write all of them."""
        dialect.insert(connection, incidents, INCIDENT_ROW, self.incidents)
        dialect.insert(connection, reports, REPORT_ROW, self.reports)
        dialect.insert(connection, incident_links, LINK_ROW, sorted(self.links))
        dialect.index(connection, self.indexed)


def _cells(values: Sequence[Any], lists: Sequence[int]) -> list[Any]:
    cells = list(values)
    for position in lists:
        if cells[position] is not None:
            cells[position] = orjson.dumps(cells[position]).decode()
    return cells


def _derived(incident: Incident, names: Names, place_id: str) -> tuple[Any, ...]:
    days, place = incident.interval, names.english.get(place_id, incident.place)
    group = names.group_of.get(incident.category, "")
    return day_number(days.first), day_number(days.last), group, place, fold(incident.title), fold(place)


def links_of(record: Record) -> set[tuple[str, str]]:
    """What filters by association find the record by, as (name, value)."""
    current = record.incident.current_reports
    found = {("actor", code) for code in record.incident.actors}
    found |= {("party", code) for code in record.joined.parties}
    found |= {("area", code) for code in record.joined.areas}
    found |= {("publisher", report.source_publisher) for report in current}
    found |= {("language", report.source_language) for report in current}
    return found


def words_of(incident: Incident, names: Iterable[str]) -> str:
    """Folded words that a text search finds the incident by; `names` are those of its place.

    Text in other letters is found by its Latin form too. Withdrawn reports are left out.
    """
    texts = [incident.title, incident.summary, incident.place, *names]
    for report in incident.current_reports:
        texts += [
            report.statement,
            report.source_publisher,
            report.source_title or "",
            report.claimed_place or "",
        ]
    # The plain ones are most of all text: folded in one go.
    single = dict.fromkeys(texts)
    plain = [text for text in single if text.isascii()]
    others = [text for text in single if not text.isascii()] if len(plain) < len(single) else []
    words = [fold("\n".join(plain)), *map(fold, others)]
    words += [latin_of(folded) for folded in words[1:] if not folded.isascii()]
    return " ".join(filter(None, words))


def body_of(values: Mapping[str, Any], numbers: Sequence[str] = ()) -> bytes:
    """The record as the history keeps it: a line with the finished Feature, then what a Feature leaves out.

    Exports and items send that line as it is (`feature_in`); `values` is what `record_to_dict` gave.
    `numbers` are ids of reports that were redacted: they are never given again.
    """
    joined = values["joined"]
    rest = [values["key"], values["batch"], joined["longitude"], joined["latitude"], *numbers]
    return orjson.dumps(feature_of(values)) + b"\n" + orjson.dumps(rest)


def feature_in(body: bytes) -> bytes:
    """The Feature of a body, as JSON."""
    return body[: body.rindex(b"\n")]


def features_in(rows: Iterable[Sequence[Any]]) -> list[bytes]:
    """The same of rows that begin with a body: a call for each would cost as much again."""
    return [row[0][: row[0].rindex(b"\n")] for row in rows]


def content_number(values: Mapping[str, Any]) -> int:
    """SHA-256 of the record's content, as a number; key, version, batch and reference hash do not count."""
    joined = dict(values["joined"])
    del joined["layers_hash"]
    content = orjson.dumps([values["incident"], joined], option=orjson.OPT_SORT_KEYS)
    return int.from_bytes(hashlib.sha256(content).digest(), "big")


def numbers_in(body: bytes) -> dict[str, str]:
    """Every report id that a body speaks of with its address; of a redacted one the address is blank."""
    feature, _, rest = body.rpartition(b"\n")
    reports = orjson.loads(feature)["properties"]["reports"]
    redacted = orjson.loads(rest)[4:]
    return dict.fromkeys(redacted, "") | {each["report_id"]: each["source_url"] for each in reports}


def from_body(body: bytes) -> Record:
    """The inverse of `body_of`."""
    feature, _, rest = body.rpartition(b"\n")
    properties = orjson.loads(feature)["properties"]
    key, batch, longitude, latitude, *_ = orjson.loads(rest)
    joined = properties | {"longitude": longitude, "latitude": latitude}
    version = properties["record_version"]
    return record_from_dict(
        {"incident": properties, "joined": joined, "key": key, "version": version, "batch": batch}
    )


_OF_INCIDENT = [(each.name, each.name, is_list(each)) for each in INCIDENT_FIELDS]
_OF_JOINED = [(each.name, JOINED_PREFIX + each.name, is_list(each)) for each in JOINED_FIELDS]
_OF_REPORT = [(each.name, each.name, is_list(each)) for each in REPORT_FIELDS]


def _from_row(row: Mapping[Any, Any], columns: Iterable[tuple[str, str, bool]]) -> Values:
    found: Values = {}
    for name, column, listed in columns:
        value = row[column]
        if value is not None:
            found[name] = orjson.loads(value) if listed else value
    return found


def records_from(connection: Connection, rows: Sequence[Row[Any]]) -> list[Record]:
    """Records from whole rows of `incidents`, in their order, with their reports."""
    told = reports_of(connection, [row.key for row in rows])
    return [_record(row._mapping, told.get(row.key, [])) for row in rows]


def reports_of(connection: Connection, keys: Sequence[int]) -> dict[int, list[Values]]:
    """The reports of each key in their order, as JSON-able values."""
    found: dict[int, list[Values]] = {}
    for some in in_batches(keys):
        asked = (
            select(reports)
            .where(reports.c.incident_key.in_(some))
            .order_by(reports.c.incident_key, reports.c.position)
        )
        for key, rows in groupby(connection.execute(asked).mappings(), key=lambda row: row["incident_key"]):
            found[key] = [_from_row(row, _OF_REPORT) for row in rows]
    return found


def _record(row: Mapping[Any, Any], told: list[Values]) -> Record:
    incident = _from_row(row, _OF_INCIDENT)
    incident["reports"] = told
    return record_from_dict(
        {
            "incident": incident,
            "joined": _from_row(row, _OF_JOINED),
            "key": row["key"],
            "version": row["version"],
            "batch": row["batch"],
        }
    )
