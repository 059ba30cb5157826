"""Whatever the schema allows survives the store unchanged."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp import kinds
from geoapp.incident import INCIDENT_FIELDS, JOINED_FIELDS, REPORT_FIELDS, Incident, Joined, Record, Report
from geoapp.kinds import DateRange, NumberRange
from tests.unit.store.building import changed, put

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
LINES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), min_size=1, max_size=60
)
URLS = st.text(string.ascii_letters + string.digits + "/?&=%#-", max_size=20).map(
    "https://example.org/".__add__
)
# Four digits of year, as every file format here writes them.
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
AMOUNTS = st.tuples(st.integers(0, 10**9 - 1), st.integers(0, 10**9 - 1)).map(
    lambda two: NumberRange(*sorted(two))
)
CODES = st.lists(st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True), max_size=3, unique=True).map(
    tuple
)
PARTIES = ("georgian_authorities", "russian_authorities", "international", "media_other")
IDS = st.from_regex(kinds.ID_PATTERN, fullmatch=True)

OF_KIND = {
    "text": LINES,
    "line": TEXT,
    "id": IDS,
    "code": st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True),
    "codes": CODES,
    "day": DAYS,
    "time": st.times().map(lambda time: f"{time:%H:%M}"),
    "time_zone": st.sampled_from(["+04:00", "+03:00", "-11:30"]),
    "report_id": st.none(),  # given once the incident's id is known
    "language": st.text(string.ascii_lowercase, min_size=2, max_size=2),
    "url": URLS,
    "latitude": st.floats(-90, 90).map(lambda value: round(value, 6) + 0.0),
    "longitude": st.floats(-180, 180).map(lambda value: round(value, 6) + 0.0),
    "days": st.tuples(DAYS, DAYS).map(lambda two: DateRange(*sorted(two))),
    "amount": AMOUNTS,
    "metres": st.integers(0, 10**6),
    "count": st.integers(0, 10**6),
    "flag": st.booleans(),
    "crossings": st.lists(
        st.fixed_dictionaries(
            {"id": IDS, "name": TEXT, "min_m": st.integers(0, 10**6), "state": st.none() | TEXT}
        ),
        max_size=2,
    ).map(tuple),
}
ACTORS = st.sampled_from(["GE_GOV", "SO_GOV", "EUMM"])
KNOWN = {
    "category": st.sampled_from(["drone", "detention"]),
    "actors": st.lists(ACTORS, unique=True).map(tuple),
    "attributed_to": st.none() | ACTORS,
    "parties": st.lists(st.sampled_from(PARTIES), unique=True).map(tuple),
}


def values_of(listed):
    """A strategy for the values of these fields: of its kind, or absent where that is allowed."""
    by_name = {}
    for each in listed:
        listed_values = each.kind.json_schema.get("enum")
        of_kind = st.sampled_from(list(listed_values)) if listed_values else OF_KIND[each.kind.name]
        optional = not each.required and each.kind.name not in ("codes", "crossings", "flag", "count")
        by_name[each.name] = (st.none() | of_kind) if optional else of_kind
    return st.fixed_dictionaries(by_name | {name: KNOWN[name] for name in KNOWN if name in by_name})


REPORTS = st.lists(values_of(REPORT_FIELDS).map(lambda values: Report(**values)), min_size=1, max_size=3).map(
    tuple
)
INCIDENTS = st.builds(
    lambda values, reports: Incident(**values, reports=reports), values_of(INCIDENT_FIELDS), REPORTS
)
RECORDS = st.builds(
    lambda incident, values: Record(incident=incident, joined=Joined(**values)),
    INCIDENTS,
    values_of(JOINED_FIELDS),
)


def numbered(record: Record) -> Record:
    """The record with ids for its reports, as an import gives them."""
    reports = tuple(
        replace(report, report_id=f"{record.incident.id}/{number}")
        for number, report in enumerate(record.incident.reports, 1)
    )
    return changed(record, reports=reports)


@pytest.fixture(scope="module")
def kept(lasting):
    return lasting


@given(record=RECORDS.map(numbered))
def test_any_record_survives_unchanged(kept, record):
    put(kept, record)
    stored = kept.get(record.incident.id)
    assert stored == replace(record, key=stored.key, version=stored.version, batch=stored.batch)
    assert kept.version(record.incident.id, stored.version).record == stored
