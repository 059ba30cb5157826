"""The schema: what is derived from it agrees with the data that we ship and with itself."""

from __future__ import annotations

import csv
import datetime

import orjson
import pytest

from geoapp.config import resource
from geoapp.incident import (
    COLUMNS,
    INCIDENT_FIELDS,
    JOINED_FIELDS,
    REPORT_FIELDS,
    Incident,
    Joined,
    Record,
    Report,
    json_schema,
    record_from_dict,
    record_to_dict,
    to_feature,
)
from geoapp.kinds import DateRange, NumberRange

REPORT = Report(
    source_url="https://example.org/1",
    source_publisher="Publisher",
    source_language="en",
    statement="A post stands 200 to 300 m away.",
    claimed_distance_m=NumberRange(200, 300),
    claimed_date=DateRange(datetime.date(2019, 8, 20), datetime.date(2019, 8, 24)),
    report_id="some-id/1",
)
INCIDENT = Incident(
    id="some-id",
    date=datetime.date(2019, 8, 1),
    date_precision="month",
    title="Title",
    summary="Summary",
    category="post_established",
    place="Tsnelisi",
    location_precision="village",
    actors=("GE_GOV", "SO_GOV"),
    status="disputed",
    reports=(REPORT,),
)
RECORD = Record(
    incident=INCIDENT,
    joined=Joined(longitude=43.7000004, latitude=42.1, areas=("aoi",), crossings=({"id": "x", "min_m": 0},)),
    key=7,
    version=2,
    batch=1,
)


def test_columns_are_those_of_the_shipped_file_in_order() -> None:
    with (resource("data") / "incidents.csv").open(encoding="utf-8", newline="") as lines:
        assert tuple(next(csv.reader(lines))) == COLUMNS


def test_every_field_says_what_it_means() -> None:
    for field in INCIDENT_FIELDS + REPORT_FIELDS + JOINED_FIELDS:
        assert field.meaning.endswith("."), field.name
        assert field.kind.description and field.kind.json_schema


def test_a_record_survives_json_unchanged() -> None:
    assert record_from_dict(orjson.loads(orjson.dumps(record_to_dict(RECORD)))) == RECORD


@pytest.mark.parametrize(
    ("date", "end", "precision", "last"),
    [
        ("2019-08-24", None, "day", "2019-08-24"),
        ("2019-08-24", "2019-08-27", "day", "2019-08-27"),
        ("2020-02-01", None, "month", "2020-02-29"),
        ("2019-12-01", None, "month", "2019-12-31"),
        ("2009-01-01", None, "year", "2009-12-31"),
        ("2009-01-01", "2010-03-01", "year", "2010-03-01"),
    ],
)
def test_the_interval_covers_the_date_at_its_precision(
    date: str, end: str | None, precision: str, last: str
) -> None:
    incident = Incident(
        **{
            name: getattr(INCIDENT, name)
            for name in ("title", "summary", "category", "place", "actors", "status")
        },
        id="some-id",
        location_precision="village",
        date=datetime.date.fromisoformat(date),
        end_date=datetime.date.fromisoformat(end) if end else None,
        date_precision=precision,
    )
    assert incident.interval == (datetime.date.fromisoformat(date), datetime.date.fromisoformat(last))


def test_a_feature_has_the_columns_the_joined_fields_and_its_reports() -> None:
    feature = to_feature(RECORD)
    assert feature["geometry"] == {"type": "Point", "coordinates": [43.7, 42.1]}
    assert feature["id"] == "some-id"
    assert set(feature["properties"]) == set(json_schema()["properties"])
    assert feature["properties"]["reports"][0]["claimed_distance_m"] == "200/300"


def test_a_feature_without_a_point_has_a_null_geometry() -> None:
    record = Record(incident=INCIDENT, joined=Joined())
    assert to_feature(record)["geometry"] is None


def test_withdrawn_reports_are_kept_but_not_current() -> None:
    withdrawn = Report(
        source_url="https://example.org/2",
        source_publisher="P",
        source_language="en",
        statement="S",
        report_status="retracted",
    )
    incident = record_from_dict(record_to_dict(RECORD)).incident
    both = Incident(
        **{field.name: getattr(incident, field.name) for field in INCIDENT_FIELDS},
        reports=(REPORT, withdrawn),
    )
    assert both.current_reports == (REPORT,)
