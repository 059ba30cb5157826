"""The six forms hold the same: each is read back by a program that is not ours."""

import csv
import json
import re
import sqlite3
from contextlib import closing
from functools import partial
from xml.etree import ElementTree

import geopandas
import pyarrow.parquet as pq
import pyogrio
import pytest

from geoapp.export import FORMATS
from geoapp.incident import COLUMNS, INCIDENT_COLUMNS, INCIDENT_FIELDS, JOINED_PROPERTIES, REPORT_FIELDS
from geoapp.query import Filters

PROPERTIES = [each.name for each in (*INCIDENT_FIELDS, *JOINED_PROPERTIES)] + ["record_version"]
LISTS = {"actors", "areas", "areas_near", "parties", "crossings"}
REPORT_COLUMNS = [each.name for each in REPORT_FIELDS]


def _plain(value):
    """A value as JSON would have it, whatever library read it."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if value is None or value != value:
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return value


def _of_frame(frame, *, lists_are_json):
    found = {}
    for row in frame.to_dict("records"):
        values = {name: _plain(row[name]) for name in PROPERTIES}
        if lists_are_json:
            values |= {name: json.loads(values[name]) for name in LISTS}
        point = row["geometry"]
        found[row["id"]] = (None if point is None else (point.x, point.y), values)
    return found


def _of_geojson(features):
    return {
        each["id"]: (
            each["geometry"] and tuple(each["geometry"]["coordinates"]),
            {name: each["properties"][name] for name in PROPERTIES},
        )
        for each in features
    }


def _same(one, other):
    assert one.keys() == other.keys()
    for identifier, (point, values) in one.items():
        assert other[identifier][0] == point
        assert other[identifier][1] == values


@pytest.fixture(scope="module")
def features(written):
    return json.loads(written["geojson"].read_bytes())["features"]


@pytest.fixture(scope="module")
def expected(features):
    return _of_geojson(features)


@pytest.fixture(scope="module")
def reports(features):
    return [report for each in features for report in each["properties"]["reports"]]


def test_the_collection_holds_every_incident_those_without_a_point_too(expected, reports):
    assert len(expected) == 252
    assert len(reports) == 675
    assert 0 < sum(point is None for point, _ in expected.values()) < 252


def test_one_feature_a_line_holds_the_same(written, features):
    lines = written["geojsonl"].read_bytes().splitlines()
    assert [json.loads(line) for line in lines] == features


def test_geoparquet_holds_the_same_with_reports_nested(written, expected, features):
    frame = geopandas.read_parquet(written["parquet"])
    assert frame.crs.to_epsg() in (4326, None) or frame.crs.to_authority() == ("OGC", "CRS84")
    _same(_of_frame(frame, lists_are_json=False), expected)
    told = {row["id"]: _plain(row["reports"]) for row in frame.to_dict("records")}
    assert told == {each["id"]: each["properties"]["reports"] for each in features}


def test_flatgeobuf_holds_the_same_with_reports_as_text(written, expected, features):
    frame = geopandas.read_file(written["fgb"])
    assert frame.crs.to_epsg() == 4326
    _same(_of_frame(frame, lists_are_json=True), expected)
    told = {row["id"]: json.loads(row["reports"]) for row in frame.to_dict("records")}
    assert told == {each["id"]: each["properties"]["reports"] for each in features}


def test_geopackage_holds_the_same_with_reports_as_a_table(written, expected, reports):
    frame = geopandas.read_file(written["gpkg"], layer="incidents")
    assert frame.crs.to_epsg() == 4326
    _same(_of_frame(frame, lists_are_json=True), expected)
    table = geopandas.read_file(written["gpkg"], layer="reports")
    assert [
        {name: _plain(row[name]) for name in REPORT_COLUMNS} for row in table.to_dict("records")
    ] == reports
    assert all(row["report_id"].startswith(row["incident_id"] + "/") for row in table.to_dict("records"))


def test_csv_holds_the_same_in_the_columns_of_an_import(written, features):
    with written["csv"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(COLUMNS)
    told = []
    for each in features:
        for number, report in enumerate(each["properties"]["reports"]):
            own = {name: each["properties"][name] if number == 0 else None for name in INCIDENT_COLUMNS}
            told.append(own | {"id": each["id"]} | report)
    assert len(rows) == len(told)
    for row, values in zip(rows, told, strict=True):
        assert {name: _cell(values[name]) for name in COLUMNS} == {
            name: row[name].removeprefix("'") if name not in ("latitude", "longitude") else row[name]
            for name in COLUMNS
        }


def _cell(value):
    if value is None:
        return ""
    if isinstance(value, list):
        return ";".join(value)
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def test_numbers_and_days_keep_their_kind(written):
    schema = pq.read_schema(written["parquet"])
    assert str(schema.field("date").type) == "date32[day]"
    assert str(schema.field("distance_min_m").type) == "int64"
    assert str(schema.field("differs").type) == "bool"
    assert str(schema.field("actors").type).startswith("list<")
    for form in ("gpkg", "fgb"):
        told = pyogrio.read_info(written[form], layer="incidents")
        kinds = dict(zip(told["fields"], told["dtypes"], strict=True))
        assert kinds["date"].startswith("datetime64")
        assert kinds["distance_min_m"] == "int64"


def test_the_layer_of_every_vector_form_is_called_incidents(written):
    for form in ("geojson", "gpkg", "fgb"):
        assert pyogrio.list_layers(written[form])[0][0] == "incidents"


def test_licences_and_version_travel_inside(written, about):
    collection = json.loads(written["geojson"].read_bytes())
    of_parquet = {
        key.decode(): value.decode() for key, value in pq.read_metadata(written["parquet"]).metadata.items()
    }
    of_package = pyogrio.read_info(written["gpkg"], layer="incidents")["layer_metadata"]
    for told in (collection, of_parquet, of_package):
        assert told["license"] == "CC BY 4.0"
        assert told["licences_and_credits"] == about.licences
        assert int(told["dataset_version"]) == about.version
    parts = geopandas.read_file(written["gpkg"], layer="licences")
    assert set(parts["licence"]) >= {"CC BY 4.0", "ODbL 1.0"}
    assert json.loads(of_parquet["parts"])[0]["licence"] == "CC BY 4.0"


def test_a_geopackage_brings_its_style_for_every_kind(written, shipped):
    with closing(sqlite3.connect(written["gpkg"])) as connection:
        asked = (
            "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML, update_time FROM layer_styles"
        )
        ((table, column, is_default, qml, moment),) = connection.execute(asked)
        shapes = "SELECT table_name, column_name FROM gpkg_geometry_columns"
        assert connection.execute(shapes).fetchall() == [(table, column)]
    assert is_default == 1
    # With the milliseconds that the standard asks for: GDAL warns of a time without them.
    assert re.fullmatch(r"[0-9-]{10}T[0-9:]{8}\.[0-9]{3}Z", moment)
    drawn = [rule.get("filter") for rule in ElementTree.fromstring(qml).iter("rule")]
    for code in shipped.reference().categories:
        assert sum(f"'{code}'" in each and "NOT" not in each for each in drawn) == 1


@pytest.mark.parametrize("extension", FORMATS)
def test_the_same_version_gives_the_same_bytes(extension, lines, about, written, tmp_path):
    again = tmp_path / f"incidents.{extension}"
    FORMATS[extension].save(lines, again, about)
    assert again.read_bytes() == written[extension].read_bytes()


def test_a_geopackage_does_not_tell_how_often_it_was_committed(written):
    header = written["gpkg"].read_bytes()[:100]
    assert header[24:28] == header[92:96] == bytes([0, 0, 0, 1])
    with closing(sqlite3.connect(written["gpkg"])) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("extension", FORMATS)
def test_a_form_of_nothing_opens_and_is_empty(extension, about, tmp_path):
    nothing, target = tmp_path / "lines", tmp_path / f"incidents.{extension}"
    nothing.touch()
    FORMATS[extension].save(nothing, target, about)
    if extension == "csv":
        assert target.read_text().strip() == ",".join(COLUMNS)
    elif extension == "geojsonl":
        assert target.read_bytes() == b""
    else:
        read = geopandas.read_parquet if extension == "parquet" else partial(geopandas.read_file, layer=0)
        assert len(read(target)) == 0


@pytest.mark.parametrize("extension", FORMATS)
def test_a_stream_gives_the_same_bytes_as_the_file(extension, shipped, about, written):
    assert (
        b"".join(FORMATS[extension].stream(shipped.features(Filters()), about))
        == written[extension].read_bytes()
    )


def test_stored_features_are_those_that_records_give(shipped, features):
    from geoapp.incident import to_feature

    assert [to_feature(record) for record in shipped.stream(Filters())] == features
