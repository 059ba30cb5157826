"""The abstract tests of OGC API - Features - Part 1 (17-069r4, annex A): Core, GeoJSON, HTML, OpenAPI 3.0.

Each test carries the identifiers of the abstract tests that it stands for.
"""

from datetime import date
from html.parser import HTMLParser

import jsonschema
import pytest
from geojson_pydantic import Feature, FeatureCollection
from openapi_spec_validator import validate

NAMES = ["incidents", "abl", "abl_segments", "abl_band", "abl_alternative", "areas", "checkpoints", "places"]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
GEOJSON = "application/geo+json"


def links(body, rel):
    return [link for link in body["links"] if link["rel"] == rel]


def get(client, address, **headers):
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


@pytest.fixture(scope="module")
def api(app):
    return app.test_client().get("/api/openapi.json").get_json()


def parameter(api, name, word):
    listed = api["paths"][f"/collections/{name}/items"]["get"]["parameters"]
    found = [api["components"]["parameters"][each["$ref"].rsplit("/", 1)[1]] for each in listed]
    return next(each for each in found if each["name"] == word)


def test_http_serves_get_head_and_options(client):
    """/conf/core/http"""
    for address in ("/api", "/api/conformance", "/api/collections", "/api/collections/incidents/items"):
        full, head = client.get(address), client.head(address)
        assert head.status_code == 200 and head.data == b""
        assert head.headers["Content-Type"] == full.headers["Content-Type"]
        assert "GET" in client.options(address).headers["Allow"]


def test_the_landing_page_links_everything(client):
    """/conf/core/root-op, /conf/core/root-success"""
    body = get(client, "/api").get_json()
    assert all(links(body, rel) for rel in ("self", "service-desc", "service-doc", "conformance", "data"))


def test_the_api_definition_is_valid_openapi_3_0(client, api):
    """/conf/core/api-definition-op, -success; /conf/oas30/oas-definition-1, -2, oas-impl"""
    body = get(client, "/api").get_json()
    answer = get(client, links(body, "service-desc")[0]["href"])
    assert answer.headers["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert answer.get_json() == api and api["openapi"].startswith("3.0")
    validate(api)
    page = get(client, links(body, "service-doc")[0]["href"])
    assert page.mimetype == "text/html"


def test_the_api_definition_lists_the_answers_to_mistakes(api):
    """/conf/oas30/oas-definition-2: exceptions and completeness"""
    for path, operations in api["paths"].items():
        assert {"200", "400", "404", "406"} <= set(operations["get"]["responses"]), path


def test_conformance_lists_the_classes_of_part_1(client):
    """/conf/core/conformance-op, -success"""
    listed = get(client, "/api/conformance").get_json()["conformsTo"]
    assert {f"{CORE}/{name}" for name in ("core", "oas30", "html", "geojson")} <= set(listed)


def test_every_collection_is_described_and_links_its_items(client):
    """/conf/core/fc-md-op, fc-md-success, fc-md-links, fc-md-items, fc-md-items-links, fc-md-extent"""
    body = get(client, "/api/collections").get_json()
    assert links(body, "self") and links(body, "alternate")
    assert sorted(each["id"] for each in body["collections"]) == sorted(NAMES)
    for each in body["collections"]:
        kinds = {link["type"] for link in links(each, "items")}
        assert {GEOJSON, "text/html"} <= kinds
        west, south, east, north = each["extent"]["spatial"]["bbox"][0]
        assert west <= east and south <= north


@pytest.mark.parametrize("name", NAMES)
def test_one_collection_says_the_same_as_the_list(client, name):
    """/conf/core/sfc-md-op, sfc-md-success, crs84"""
    body = get(client, f"/api/collections/{name}").get_json()
    listed = get(client, "/api/collections").get_json()["collections"]
    same = next(each for each in listed if each["id"] == name)
    assert {key: body[key] for key in body if key != "links"} == {
        key: same[key] for key in same if key != "links"
    }
    assert body["crs"][0] == body["storageCrs"] == CRS84 and links(body, "self") and links(body, "items")


@pytest.mark.parametrize("name", NAMES)
def test_items_are_geojson_in_wgs_84(client, name):
    """/conf/core/fc-op, fc-response, fc-links, crs84; /conf/geojson/definition, content"""
    answer = get(client, f"/api/collections/{name}/items?limit=10")
    body = answer.get_json()
    assert answer.mimetype == GEOJSON
    FeatureCollection.model_validate(body)
    assert links(body, "self")[0]["type"] == GEOJSON and links(body, "alternate")[0]["type"] == "text/html"
    assert "crs" not in body


@pytest.mark.parametrize("name", NAMES)
def test_items_count_themselves(client, name):
    """/conf/core/fc-timeStamp (it is left out), fc-numberMatched, fc-numberReturned"""
    body = get(client, f"/api/collections/{name}/items?limit=3").get_json()
    assert "timeStamp" not in body
    assert body["numberReturned"] == len(body["features"]) <= body["numberMatched"]


@pytest.mark.parametrize("name", NAMES)
def test_limit_is_defined_and_obeyed(client, api, name):
    """/conf/core/fc-limit-definition, fc-limit-response-1, -2"""
    known = parameter(api, name, "limit")
    assert known["schema"] == {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 100}
    assert (known["style"], known["explode"], known["required"]) == ("form", False, False)
    for limit in (1, 2, 10_000, 10_001, 999_999):
        body = get(client, f"/api/collections/{name}/items?limit={limit}").get_json()
        assert len(body["features"]) == min(limit, 10_000, body["numberMatched"])
    default = get(client, f"/api/collections/{name}/items").get_json()
    assert len(default["features"]) == min(100, default["numberMatched"])
    for wrong in ("0", "-1", "x", "1.5", ""):
        assert client.get(f"/api/collections/{name}/items?limit={wrong}").status_code == 400


@pytest.mark.parametrize("name", NAMES)
def test_bbox_is_defined(api, name):
    """/conf/core/fc-bbox-definition"""
    known = parameter(api, name, "bbox")
    assert known["schema"]["type"] == "array" and known["schema"]["items"] == {"type": "number"}
    assert (known["style"], known["explode"]) == ("form", False)


def inside(geometry, box):
    longitude, latitude = geometry["coordinates"]
    west, south, east, north = box
    return west <= longitude <= east and south <= latitude <= north


@pytest.mark.parametrize("name", ["incidents", "places", "checkpoints"])
def test_bbox_leaves_exactly_what_lies_in_it(client, name):
    """/conf/core/fc-bbox-response"""
    items = f"/api/collections/{name}/items?limit=10000"
    box = (43.6, 42.09, 43.9, 42.19)
    every = get(client, items).get_json()["features"]
    expected = {each["id"] for each in every if each["geometry"] and inside(each["geometry"], box)}
    four = get(client, f"{items}&bbox=43.6,42.09,43.9,42.19").get_json()["features"]
    six = get(client, f"{items}&bbox=43.6,42.09,-100,43.9,42.19,9000").get_json()["features"]
    assert {each["id"] for each in four} == {each["id"] for each in six} == expected
    assert 0 < len(expected) < len(every)
    # The other way round the globe: everything but what lies between the two meridians.
    across = get(client, f"{items}&bbox=43.9,-90,43.6,90").get_json()["features"]
    located = {each["id"] for each in every if each["geometry"]}
    between = {
        each["id"] for each in every if each["geometry"] and 43.6 < each["geometry"]["coordinates"][0] < 43.9
    }
    assert {each["id"] for each in across} == located - between


@pytest.mark.parametrize(
    "box",
    ["1,2,3", "1,2,3,4,5", "nan,1,2,3", "0,inf,1,2", "x,1,2,3", "", "0,50,1,40", "-181,0,1,1", "0,0,1,91"],
)
def test_a_box_that_is_none_is_refused(client, box):
    """/conf/core/fc-bbox-response: bad values"""
    for name in ("incidents", "places"):
        answer = client.get(f"/api/collections/{name}/items?bbox={box}")
        assert answer.status_code == 400 and answer.get_json()["errors"][0]["parameter"] == "bbox"


def test_datetime_is_defined(api):
    """/conf/core/fc-time-definition"""
    known = parameter(api, "incidents", "datetime")
    assert known["schema"] == {"type": "string"} and known["explode"] is False


def covers(feature, first, last):
    told = feature["properties"]
    start = date.fromisoformat(told["date"])
    end = date.fromisoformat(told["end_date"]) if told["end_date"] else start
    return start <= last and end >= first


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("2019-08-24", date(2019, 8, 24), date(2019, 8, 24)),
        ("2019-08-24T12:31:12Z", date(2019, 8, 24), date(2019, 8, 24)),
        ("2019-08-24/2019-08-31", date(2019, 8, 24), date(2019, 8, 31)),
        ("2019-08-24T00:00:00Z/2019-08-31T23:59:59.5Z", date(2019, 8, 24), date(2019, 8, 31)),
        ("../2010-12-31", date.min, date(2010, 12, 31)),
        ("/2010-12-31", date.min, date(2010, 12, 31)),
        ("2024-01-01/..", date(2024, 1, 1), date.max),
        ("2024-01-01T00:00:00+04:00/", date(2024, 1, 1), date.max),
        ("../..", date.min, date.max),
    ],
)
def test_datetime_leaves_what_intersects_it(client, asked, first, last):
    """/conf/core/fc-time-response"""
    items = "/api/collections/incidents/items?limit=10000"
    by_day = [
        each
        for each in get(client, items).get_json()["features"]
        if each["properties"]["date_precision"] == "day"
    ]
    expected = {each["id"] for each in by_day if covers(each, first, last)}
    found = get(client, items + "&datetime=" + asked.replace("+", "%2B")).get_json()["features"]
    exact = {each["id"] for each in found if each["properties"]["date_precision"] == "day"}
    assert exact == expected and expected


@pytest.mark.parametrize(
    "asked", ["", "x", "2019-13-01", "2019-02-30", "2020-01-01/2019-01-01", "2019-01-01/x", "2019"]
)
def test_a_time_that_is_none_is_refused(client, asked):
    """/conf/core/fc-time-response: bad values"""
    for name in ("incidents", "places"):
        answer = client.get(f"/api/collections/{name}/items?datetime={asked}")
        assert answer.status_code == 400 and answer.get_json()["errors"][0]["parameter"] == "datetime"


def test_features_without_time_are_not_left_out_by_one(client):
    """/conf/core/fc-time-response: a feature without a temporal property matches every datetime"""
    body = get(client, "/api/collections/places/items?datetime=1900-01-01").get_json()
    assert body["numberMatched"] == get(client, "/api/collections/places/items").get_json()["numberMatched"]


@pytest.mark.parametrize("name", NAMES)
def test_next_links_lead_through_all_features(client, name):
    """/conf/core/fc-links, fc-response: paging"""
    address, found = f"/api/collections/{name}/items?limit=40", []
    while address:
        body = get(client, address).get_json()
        found += [each["id"] for each in body["features"]]
        address = next((link["href"] for link in links(body, "next")), None)
    assert len(found) == len(set(found)) == body["numberMatched"]


@pytest.mark.parametrize("name", NAMES)
def test_one_feature_links_itself_and_its_collection(client, name):
    """/conf/core/f-op, f-success, f-links"""
    listed = get(client, f"/api/collections/{name}/items?limit=1").get_json()["features"][0]
    answer = get(client, f"/api/collections/{name}/items/{listed['id']}")
    body = answer.get_json()
    Feature.model_validate(body)
    assert answer.mimetype == GEOJSON and body["id"] == listed["id"]
    assert links(body, "self") and links(body, "alternate")
    assert links(body, "collection")[0]["href"].endswith(f"/api/collections/{name}")


@pytest.mark.parametrize(
    "address",
    [
        "/api?unknown=1",
        "/api/conformance?unknown=1",
        "/api/collections?unknown=1",
        "/api/collections/incidents?unknown=1",
        "/api/collections/incidents/items?unknown=1",
        "/api/collections/places/items?category=drone",
        "/api/collections/incidents/queryables?limit=1",
        "/api?f=xml",
    ],
)
def test_what_is_not_in_the_definition_is_refused(client, address):
    """/conf/core/query-param-unknown, query-param-invalid"""
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "address", ["/api/collections/x", "/api/collections/x/items", "/api/collections/abl/items/x"]
)
def test_what_is_not_there_is_not_found(client, address):
    """/conf/core: 404"""
    assert client.get(address).status_code == 404


class Structure(HTMLParser):
    """Counts headings, so that a page is told from an empty one."""

    def __init__(self):
        super().__init__()
        self.headings = 0

    def handle_starttag(self, tag, attrs):
        self.headings += tag == "h1"


PATHS = ["", "/conformance", "/openapi.json", "/collections", *(f"/collections/{name}" for name in NAMES)]
PATHS += [f"/collections/{name}/{part}" for name in NAMES for part in ("items", "queryables", "schema")]


@pytest.mark.parametrize("path", PATHS)
def test_every_document_has_a_page(client, path):
    """/conf/html/definition, content"""
    for headers, query in (({"Accept": "text/html"}, ""), ({}, "?f=html")):
        answer = get(client, f"/api{path}{query}", **headers)
        page = Structure()
        page.feed(answer.text)
        assert answer.mimetype == "text/html" and page.headings == 1


@pytest.mark.parametrize("name", NAMES)
def test_features_are_valid_by_their_own_schema(client, name):
    """What `schema` says of the properties holds for every feature."""
    schema = get(client, f"/api/collections/{name}/schema").get_json()
    known = dict(schema["properties"])
    del known["geometry"]
    check = jsonschema.Draft202012Validator(
        {"type": "object", "properties": known, "additionalProperties": False}
    )
    for feature in get(client, f"/api/collections/{name}/items?limit=300").get_json()["features"]:
        check.validate(feature["properties"])
