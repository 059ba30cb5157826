import base64
import csv
import hashlib
import io
import json
import tempfile
import zlib
from functools import partial

import brotli
import geojson_validator
import geopandas
import pyarrow
import pytest
from geojson_pydantic import FeatureCollection

from geoapp import incident
from geoapp.config import Settings
from geoapp.export import FORMATS
from geoapp.store import Store
from geoapp.web.analysts import sending
from geoapp.web.app import create_app
from tests.editing import own_settings
from tests.serving import served

GEOJSON = "/exports/incidents.geojson"
CSV = "/exports/incidents.csv"
CRISIS = "datetime=2019-08-29/2019-08-30"


@pytest.fixture(scope="session")
def app(shipped_instance):
    return create_app(Settings(instance_dir=shipped_instance, base_url="https://map.example.org"))


@pytest.fixture
def client(app):
    return app.test_client()


def _rows(response):
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True), newline="")))


def _ids(response):
    return [feature["id"] for feature in response.get_json(force=True)["features"]]


def test_every_shipped_incident_is_in_the_geojson_those_without_a_point_too(client):
    collection = FeatureCollection.model_validate_json(client.get(GEOJSON).data)
    unplaced = [each for each in collection.features if each.geometry is None]
    assert len(collection.features) == 252
    assert 0 < len(unplaced) < 252
    assert sum(len(each.properties["reports"]) for each in collection.features) == 675


@pytest.mark.parametrize("extension", ["geojson", "geojsonl", "csv"])
def test_whole_text_files_come_as_zstandard_to_who_takes_that_alone(client, extension):
    address = f"/exports/incidents.{extension}"
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    packed = client.get(address, headers={"Accept-Encoding": "zstd"})
    assert packed.headers["Content-Encoding"] == "zstd"
    assert "Accept-Encoding" in packed.vary and packed.headers["ETag"] != plain.headers["ETag"]
    assert len(packed.data) < len(plain.data) / 3
    with pyarrow.CompressedInputStream(pyarrow.BufferReader(packed.data), "zstd") as stream:
        assert stream.read() == plain.data
    again = {"Accept-Encoding": "zstd", "If-None-Match": packed.headers["ETag"]}
    assert client.get(address, headers=again).status_code == 304
    for header, coding in (("gzip, zstd, br", "br"), ("gzip, zstd", "zstd"), ("gzip, zstd;q=0", "gzip")):
        taken = client.get(address, headers={"Accept-Encoding": header})
        assert taken.headers["Content-Encoding"] == coding


def test_a_filtered_stream_is_never_zstandard(client):
    answer = client.get(f"{GEOJSON}?{CRISIS}", headers={"Accept-Encoding": "zstd"})
    assert "Content-Encoding" not in answer.headers and answer.get_json(force=True)["features"]


def test_geojson_validator_finds_no_fault(client):
    # It cannot take a null geometry, which RFC 7946 allows.
    collection = client.get(GEOJSON + "?located=true").get_json(force=True)
    assert geojson_validator.validate_structure(collection) == {}
    assert geojson_validator.validate_geometries(collection)["invalid"] == {}


def test_coordinates_have_at_most_six_decimals(client):
    for feature in client.get(GEOJSON).get_json(force=True)["features"]:
        if feature["geometry"]:
            assert all(number == round(number, 6) for number in feature["geometry"]["coordinates"])


def test_the_collection_says_its_licence_and_its_version(client):
    collection = client.get(GEOJSON).get_json(force=True)
    assert collection["license"] == "CC BY 4.0"
    assert collection["licences_and_credits"] == "https://map.example.org/exports/LICENSES.txt"
    assert collection["dataset_version"] > 0
    assert collection["numberReturned"] == len(collection["features"])


def test_geopandas_opens_it_by_address_with_all_properties(shipped_instance):
    with served(shipped_instance) as address:
        frame = geopandas.read_file(address + GEOJSON)
    named = {item.name for item in (*incident.INCIDENT_FIELDS, *incident.JOINED_PROPERTIES)}
    assert len(frame) == 252
    assert frame.crs.to_epsg() == 4326
    assert named | {"reports", "record_version"} == set(frame.columns) - {"geometry"}
    assert frame.loc[frame["id"] == "2008-08-war-and-recognition", "place"].item() == "Tskhinvali"


def test_both_forms_hold_the_same_incidents_for_the_same_filters(client):
    query = f"?{CRISIS}&located=true"
    of_csv = dict.fromkeys(row["id"] for row in _rows(client.get(CSV + query)))
    assert _ids(client.get(GEOJSON + query)) == list(of_csv)
    assert 0 < len(of_csv) < 252


def test_the_columns_are_those_of_the_contract(client):
    assert tuple(_rows(client.get(CSV))[0]) == incident.COLUMNS


def test_nothing_found_is_an_empty_file_and_no_error(client):
    query = "?datetime=1800-01-01"
    assert _ids(client.get(GEOJSON + query)) == []
    assert _rows(client.get(CSV + query)) == []


@pytest.mark.parametrize("accept", ["text/plain, application/json", "application/json", "*/*", "text/html"])
def test_the_address_alone_decides_the_form(client, accept):
    response = client.get(GEOJSON, headers={"Accept": accept})
    assert response.content_type == "application/geo+json"
    assert response.get_json(force=True)["type"] == "FeatureCollection"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("colour=red", "colour"),
        ("datetime=yesterday", "datetime"),
        ("bbox=44,42,43", "bbox"),
        ("category=detentoin", "category"),
        ("located=maybe", "located"),
        ("limit=-1", "limit"),
        ("place=Atlantis", "place"),
        ("bom=perhaps", "bom"),
        ("utm_source=letter", "utm_source"),
    ],
)
def test_a_bad_parameter_is_refused_by_name(client, query, parameter):
    response = client.get(f"{CSV}?{query}")
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    problem = response.get_json(force=True)
    assert problem["status"] == 400
    assert [fault["parameter"] for fault in problem["errors"]] == [parameter]
    assert parameter in problem["detail"]


def test_all_bad_parameters_are_named_at_once(client):
    problem = client.get(f"{GEOJSON}?colour=red&datetime=never").get_json(force=True)
    assert [fault["parameter"] for fault in problem["errors"]] == ["colour", "datetime"]


def test_a_byte_order_mark_is_for_csv_alone(client):
    assert client.get(f"{CSV}?bom=true").data.startswith(b"\xef\xbb\xbfid,date,")
    assert client.get(f"{CSV}?bom=false").data.startswith(b"id,date,")
    assert client.get(f"{GEOJSON}?bom=true").status_code == 400
    assert client.get(f"{CSV}?bom=true&bom=true").status_code == 400


@pytest.mark.parametrize("query", ["", f"?{CRISIS}"])
def test_the_media_type_is_the_one_of_the_form(client, query):
    for form in FORMATS.values():
        response = client.get(f"/exports/incidents.{form.extension}{query}")
        assert response.content_type == form.media_type


def test_a_code_that_is_not_in_use_is_refused_with_those_that_are(client):
    (fault,) = client.get(f"{GEOJSON}?status=unknown").get_json(force=True)["errors"]
    assert "('unknown' is not): disputed, " in fault["detail"]
    (fault,) = client.get(f"{GEOJSON}?publisher=Nobody").get_json(force=True)["errors"]
    assert "('Nobody' is not), found" in fault["detail"]


def test_an_unknown_form_is_not_found_and_says_so_to_tools(client):
    response = client.get("/exports/incidents.xls")
    assert response.status_code == 404
    there = "geojson, csv, gpkg, parquet, fgb, geojsonl"
    assert response.get_json(force=True)["detail"] == f"no form of export 'xls'; there are {there}"


@pytest.mark.parametrize("path", [GEOJSON, f"{CSV}?{CRISIS}", "/exports/LICENSES.txt"])
def test_who_holds_the_current_file_is_told_so(client, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_a_validator_that_a_proxy_weakened_is_known(client):
    tag = client.get(GEOJSON).headers["ETag"]
    assert client.get(GEOJSON, headers={"If-None-Match": f"W/{tag}"}).status_code == 304


def test_a_change_of_the_data_makes_every_file_new(shipped_instance, tmp_path):
    known = own_settings(shipped_instance, tmp_path / "instance")
    client = create_app(known).test_client()
    tag = client.get(GEOJSON).headers["ETag"]
    with Store.open(known.store_url) as store:
        (imported,) = (batch.id for batch in store.batches() if batch.kind == "import")
        store.undo(imported)
    after = client.get(GEOJSON, headers={"If-None-Match": tag})
    assert (after.status_code, _ids(after)) == (200, [])


def test_other_filters_and_other_codings_have_validators_of_their_own(client):
    tags = {
        client.get(path, headers={"Accept-Encoding": coding}).headers["ETag"]
        for path in (GEOJSON, f"{GEOJSON}?{CRISIS}", CSV)
        for coding in ("identity", "gzip", "br")
    }
    assert len(tags) == 9


@pytest.mark.parametrize("path", [GEOJSON, CSV, "/exports/LICENSES.txt"])
def test_head_says_the_same_without_the_content(client, path):
    got, asked = client.get(path), client.head(path)
    assert (asked.status_code, asked.data) == (200, b"")
    for name in ("Content-Type", "ETag", "Content-Disposition", "Link"):
        assert asked.headers.get(name) == got.headers.get(name)


@pytest.mark.parametrize("extension", [name for name, form in FORMATS.items() if form.write is None])
def test_head_of_a_binary_form_makes_no_file(client, monkeypatch, extension):
    path = f"/exports/incidents.{extension}?{CRISIS}"
    got = client.get(path)
    monkeypatch.setattr(sending, "spool", lambda *_: pytest.fail("made a file"))
    asked = client.head(path)
    assert (asked.status_code, asked.data, asked.headers.get("Content-Length")) == (200, b"", None)
    for name in ("Content-Type", "ETag", "Content-Disposition", "Link"):
        assert asked.headers.get(name) == got.headers.get(name)


def test_the_stream_is_compressed_as_the_reader_takes_it(client):
    plain = client.get(GEOJSON, headers={"Accept-Encoding": "identity"})
    zipped = client.get(GEOJSON, headers={"Accept-Encoding": "gzip"})
    packed = client.get(GEOJSON, headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zlib.decompress(zipped.data, wbits=16 + zlib.MAX_WBITS) == plain.data
    assert packed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed.data) == plain.data


@pytest.mark.parametrize("path", [GEOJSON, CSV, "/exports/LICENSES.txt", f"{CSV}?colour=red"])
def test_scripts_of_other_sites_may_read_data_and_errors(client, path):
    assert client.get(path).headers["Access-Control-Allow-Origin"] == "*"


def test_the_question_before_a_request_from_another_site_is_answered(client):
    response = client.options(GEOJSON, headers={"Origin": "https://example.org"})
    assert response.status_code == 200
    assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (GEOJSON, "incidents-v"),
        (f"{CSV}?{CRISIS}", "incidents-datetime-2019-08-29-2019-08-30-v"),
        (f"{CSV}?q=%22%0d%0aX:%20%E1%83%AC;", "incidents-q-x-v"),
        (f"{CSV}?q={'a' * 400}", "incidents-q-" + "a" * 78 + "-v"),
    ],
)
def test_the_file_name_tells_what_is_in_it(client, path, name):
    disposition = client.get(path).headers["Content-Disposition"]
    assert disposition.startswith(f'attachment; filename="{name}')


def test_links_lead_to_the_licence_and_to_the_same_data_in_the_other_form(client):
    links = client.get(f"{GEOJSON}?{CRISIS}").headers["Link"]
    assert '<https://map.example.org/exports/LICENSES.txt>; rel="license"' in links
    assert f'<https://map.example.org{CSV}?{CRISIS}>; rel="alternate"; type="text/csv"' in links


def test_no_cookie_is_set(client):
    for path in (GEOJSON, CSV, "/exports/LICENSES.txt"):
        assert "Set-Cookie" not in client.get(path).headers


def test_licences_are_plain_text(client):
    response = client.get("/exports/LICENSES.txt")
    assert response.content_type == "text/plain; charset=utf-8"
    assert "ODbL 1.0" in response.get_data(as_text=True)


BINARY = {"gpkg": b"SQLite format 3\0", "parquet": b"PAR1", "fgb": b"fgb"}


@pytest.mark.parametrize("extension", BINARY)
@pytest.mark.parametrize("query", ["", f"?{CRISIS}"])
def test_binary_forms_come_whole_and_of_the_filters(client, extension, query, tmp_path):
    response = client.get(f"/exports/incidents.{extension}{query}")
    assert response.status_code == 200
    assert response.data.startswith(BINARY[extension])
    assert response.content_length == len(response.data)
    file = tmp_path / f"a.{extension}"
    file.write_bytes(response.data)
    read = geopandas.read_parquet if extension == "parquet" else partial(geopandas.read_file, layer=0)
    assert list(read(file)["id"]) == _ids(client.get(GEOJSON + query))


def test_one_feature_a_line_is_read_line_by_line(client):
    response = client.get(f"/exports/incidents.geojsonl?{CRISIS}")
    assert response.content_type == "application/x-ndjson"
    ids = [json.loads(line)["id"] for line in response.data.splitlines()]
    assert ids == _ids(client.get(f"{GEOJSON}?{CRISIS}"))


def test_a_part_of_the_file_is_sent_by_range(client):
    plain = {"Accept-Encoding": "identity"}
    all_of_it = client.get(GEOJSON, headers=plain)
    part = client.get(GEOJSON, headers=plain | {"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, all_of_it.data[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(all_of_it.data)}"
    rest = client.get(GEOJSON, headers=plain | {"Range": "bytes=-50"})
    assert rest.data == all_of_it.data[-50:]


def test_a_range_is_of_the_file_itself_also_for_who_takes_codings(client):
    part = client.get(GEOJSON, headers={"Accept-Encoding": "br, gzip", "Range": "bytes=0-9"})
    assert part.status_code == 206
    assert "Content-Encoding" not in part.headers
    assert part.data == b'{"type":"F'


def test_a_range_beyond_the_end_is_refused_with_the_length(client):
    size = len(client.get(CSV, headers={"Accept-Encoding": "identity"}).data)
    response = client.get(CSV, headers={"Range": f"bytes={size + 10}-"})
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{size}"
    assert response.content_type == "application/problem+json"


def test_several_ranges_at_once_get_everything(client):
    response = client.get(CSV, headers={"Range": "bytes=0-1,5-9", "Accept-Encoding": "identity"})
    assert response.status_code == 200
    assert len(_rows(response)) == 675


@pytest.mark.parametrize(
    "asked", ["bytes=-99999999", "items=0-5", "bytes=5-1", "bytes=a-b", "bytes=", "bytes=-", "bytes=\u0660-"]
)
def test_what_is_no_range_of_the_file_gets_everything(client, asked):
    response = client.get(CSV, headers={"Range": asked, "Accept-Encoding": "identity"})
    assert response.status_code == 200
    assert len(_rows(response)) == 675


def test_resuming_goes_on_only_with_the_same_file(client):
    tag = client.get(CSV, headers={"Accept-Encoding": "identity"}).headers["ETag"]
    assert client.get(CSV, headers={"Range": "bytes=5-9", "If-Range": tag}).status_code == 206
    assert client.get(CSV, headers={"Range": "bytes=5-9", "If-Range": '"another"'}).status_code == 200


def test_the_whole_set_says_when_it_was_made_and_its_checksum(client):
    response = client.get(CSV, headers={"Accept-Encoding": "identity"})
    digest = base64.b64encode(hashlib.sha256(response.data).digest()).decode()
    assert response.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    assert response.headers["Accept-Ranges"] == "bytes"
    made = response.headers["Last-Modified"]
    assert client.get(CSV, headers={"If-Modified-Since": made}).status_code == 304


def test_nothing_is_cut_unless_asked_and_then_it_is_said(client):
    everything = client.get(f"{GEOJSON}?located=true")
    assert "Number-Matched" not in everything.headers
    cut = client.get(f"{GEOJSON}?located=true&limit=10")
    assert len(_ids(cut)) == 10
    assert cut.headers["Number-Matched"] == str(len(_ids(everything)))
    assert cut.get_json(force=True)["filters"] == "located=true&limit=10"


def test_a_kept_file_never_says_the_host_of_who_asked_first(shipped_instance, tmp_path):
    known = own_settings(shipped_instance, tmp_path / "instance")
    response = create_app(known).test_client().get(GEOJSON, headers={"Host": "evil.example"})
    assert b"evil.example" not in response.data


def test_a_binary_form_leaves_no_file_behind(client, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert client.get(f"/exports/incidents.gpkg?{CRISIS}").status_code == 200
    assert list(tmp_path.iterdir()) == []
