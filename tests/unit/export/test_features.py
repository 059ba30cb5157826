import datetime

import orjson
import pytest
from geojson_pydantic import FeatureCollection

from geoapp.export import geojson
from geoapp.incident import (
    COLUMNS,
    INCIDENT_COLUMNS,
    REPORT_COLUMNS,
    Incident,
    Joined,
    Record,
    Report,
    to_feature,
)


def _record(identifier="an-incident", **joined):
    report = Report(
        source_url="https://example.org/a",
        source_publisher="Example",
        source_language="en",
        statement="{{7*191}} <script>",
        report_id=f"{identifier}/1",
    )
    incident = Incident(
        id=identifier,
        date=datetime.date(2019, 8, 24),
        date_precision="day",
        title="=1+1",
        summary="Summary",
        category="detention",
        place="Chorchana",
        location_precision="village",
        actors=("GE_GOV",),
        status="single_source",
        reports=(report,),
    )
    return Record(incident=incident, joined=Joined(**joined), version=1)


def _json(record):
    return orjson.dumps(to_feature(record))


def _read(*records, **members):
    return orjson.loads(b"".join(geojson(map(_json, records), members)))


def test_a_collection_of_nothing_is_a_collection():
    assert _read() == {"type": "FeatureCollection", "name": "incidents", "features": [], "numberReturned": 0}


def test_an_incident_without_a_point_keeps_its_place_with_a_null_geometry():
    read = _read(_record("first", longitude=43.1234567, latitude=42.7654321), _record("second"))
    assert [feature["geometry"] for feature in read["features"]] == [
        {"type": "Point", "coordinates": [43.123457, 42.765432]},
        None,
    ]
    assert read["numberReturned"] == 2


def test_properties_are_named_as_the_columns_and_reports_are_a_list():
    (feature,) = _read(_record())["features"]
    assert feature["id"] == feature["properties"]["id"] == "an-incident"
    assert set(INCIDENT_COLUMNS) <= set(feature["properties"])
    (report,) = feature["properties"]["reports"]
    assert tuple(report) == REPORT_COLUMNS
    assert set(COLUMNS) == set(INCIDENT_COLUMNS) | set(report)


def test_text_stands_as_it_is_for_json_knows_no_formulas():
    (feature,) = _read(_record())["features"]
    assert feature["properties"]["title"] == "=1+1"
    assert feature["properties"]["reports"][0]["statement"] == "{{7*191}} <script>"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_an_outside_validator_takes_it(count):
    records = [_record(f"incident-{number}", longitude=43.7, latitude=42.1) for number in range(count)]
    content = b"".join(geojson(map(_json, [*records, _record("unplaced")]), {"credit": "the editors"}))
    collection = FeatureCollection.model_validate_json(content)
    assert len(collection.features) == count + 1
