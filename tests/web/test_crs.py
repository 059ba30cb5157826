"""OGC API - Features, Part 2: coordinates in other reference systems, held against pyproj and GDAL."""

import math

import numpy
import pyogrio
import pytest
from pyproj import Transformer

from tests.serving import served

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
CODES = (4326, 3857, 32638)
ITEMS = "/api/collections/incidents/items"
BOX = (43.6, 42.0, 44.1, 42.3)


def _ask(client, path=ITEMS, **query):
    query = {name.replace("_", "-"): value for name, value in query.items()}
    return client.get(path, query_string={"limit": 1000} | query if path.endswith("/items") else query)


def _features(response):
    assert response.status_code == 200, response.text
    return {each["id"]: each["geometry"] for each in response.get_json(force=True)["features"]}


def _points(geometry):
    """All positions of a geometry, one after the other."""
    flat = numpy.array(list(_numbers(geometry["coordinates"])))
    return flat.reshape(-1, 2)


def _numbers(value):
    if isinstance(value, list):
        for each in value:
            yield from _numbers(each)
    else:
        yield value


@pytest.fixture(scope="module", params=CODES)
def code(request):
    return request.param


def test_what_is_offered_is_said_by_every_collection_and_claimed(client):
    listed = client.get("/api/collections").get_json()["collections"]
    offered = [CRS84, *(f"{EPSG}{code}" for code in CODES)]
    assert all(each["crs"] == offered and each["storageCrs"] == CRS84 for each in listed)
    claimed = client.get("/api/conformance").get_json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in claimed


@pytest.mark.parametrize("name", ["incidents", "abl", "abl_band", "areas", "checkpoints"])
def test_coordinates_are_those_that_pyproj_gives_in_the_order_of_the_definition(client, name, code):
    path = f"/api/collections/{name}/items"
    plain, moved = _features(_ask(client, path)), _features(_ask(client, path, crs=f"{EPSG}{code}"))
    assert list(plain) == list(moved)
    there = Transformer.from_crs("OGC:CRS84", f"EPSG:{code}")
    for identifier, geometry in plain.items():
        if geometry is None:
            assert moved[identifier] is None
            continue
        expected = numpy.column_stack(there.transform(*_points(geometry).T))
        tolerance = 1e-6 if code == 4326 else 0.006
        assert numpy.abs(_points(moved[identifier]) - expected).max() <= tolerance
        assert moved[identifier]["type"] == geometry["type"]


def test_latitude_comes_first_in_4326(client):
    plain = next(iter(_features(_ask(client, bbox="43.6,42,44,42.2", limit=1)).values()))["coordinates"]
    turned = _features(_ask(client, bbox="43.6,42,44,42.2", limit=1, crs=f"{EPSG}4326"))
    assert next(iter(turned.values()))["coordinates"] == plain[::-1]


def test_the_answer_says_what_its_coordinates_are_in(client, code):
    assert _ask(client).headers["Content-Crs"] == f"<{CRS84}>"
    assert _ask(client, crs=f"{EPSG}{code}").headers["Content-Crs"] == f"<{EPSG}{code}>"
    assert "Content-Crs" in _ask(client).headers["Access-Control-Expose-Headers"]


def test_one_feature_is_given_in_other_systems_too(client, code):
    identifier, geometry = next(
        (each, shape) for each, shape in _features(_ask(client)).items() if shape is not None
    )
    response = _ask(client, f"{ITEMS}/{identifier}", crs=f"{EPSG}{code}")
    assert response.headers["Content-Crs"] == f"<{EPSG}{code}>"
    moved = response.get_json(force=True)["geometry"]["coordinates"]
    expected = Transformer.from_crs("OGC:CRS84", f"EPSG:{code}").transform(*geometry["coordinates"])
    assert moved == pytest.approx(expected, abs=0.006)


def test_a_box_leaves_the_same_in_every_system_as_pyproj_finds(client, code):
    """The sides of a box in metres are no meridians: what it holds is told point by point."""
    there = Transformer.from_crs("OGC:CRS84", f"EPSG:{code}")
    corners = there.transform_bounds(*BOX)
    box = tuple(round(number, 6) for number in corners)
    expected = set()
    for identifier, geometry in _features(_ask(client)).items():
        if geometry is not None:
            first, second = there.transform(*geometry["coordinates"])
            if box[0] <= first <= box[2] and box[1] <= second <= box[3]:
                expected.add(identifier)
    response = _ask(client, bbox=",".join(map(str, box)), bbox_crs=f"{EPSG}{code}")
    assert set(_features(response)) == expected
    assert 10 < len(expected) < 250
    assert response.get_json(force=True)["numberMatched"] == len(expected)


def test_a_box_in_metres_goes_with_a_filter_and_with_layers(client):
    box = "380000,4650000,430000,4690000"
    asked = {"bbox": box, "bbox_crs": f"{EPSG}32638"}
    both = _features(_ask(client, **asked, filter="status='disputed'"))
    assert 0 < len(both) < len(_features(_ask(client, **asked)))
    places = _features(_ask(client, "/api/collections/places/items", **asked))
    assert 0 < len(places) < len(_features(_ask(client, "/api/collections/places/items")))


def test_following_pages_keep_both_systems(client):
    first = _ask(client, crs=f"{EPSG}3857", bbox_crs=f"{EPSG}4326", bbox="42,43.6,42.3,44.1", limit=5)
    (following,) = (each["href"] for each in first.get_json(force=True)["links"] if each["rel"] == "next")
    second = client.get(following.partition("localhost")[2])
    assert second.headers["Content-Crs"] == f"<{EPSG}3857>"
    assert all(geometry["coordinates"][0] > 4_000_000 for geometry in _features(second).values())


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("crs", {"crs": f"{EPSG}2154"}),
        ("crs", {"crs": "EPSG:3857"}),
        ("bbox-crs", {"bbox_crs": "nonsense", "bbox": "1,2,3,4"}),
        ("bbox", {"bbox_crs": f"{EPSG}4326", "bbox": "43,100,44,200"}),
        ("bbox", {"bbox_crs": f"{EPSG}4326", "bbox": "95,43,96,44"}),
        ("bbox", {"bbox_crs": f"{EPSG}3857", "bbox": "5,5,1,9"}),
        ("bbox", {"bbox_crs": f"{EPSG}3857", "bbox": "1,2,3"}),
        ("bbox", {"bbox_crs": f"{EPSG}32638", "bbox": "NaN,1,2,3"}),
        ("bbox", {"bbox_crs": f"{EPSG}32638", "bbox": "1e300,1,2e300,3"}),
        ("bbox", {"bbox_crs": f"{EPSG}32638", "bbox": "a,b,c,d"}),
    ],
)
def test_a_mistake_is_a_problem_that_names_the_parameter(client, name, query):
    response = _ask(client, **query)
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert f"{name}:" in response.text or f'"{name}"' in response.text


def test_an_item_takes_no_other_parameter_and_no_other_system(client):
    identifier = next(iter(_features(_ask(client))))
    for query in ({"crs": "nonsense"}, {"bbox": "1,2,3,4"}):
        assert _ask(client, f"{ITEMS}/{identifier}", **query).status_code == 400


def test_a_world_in_mercator_is_the_whole_world(client):
    edge = math.pi * 6_378_137
    whole = _features(_ask(client, bbox=f"{-edge},{-edge},{edge},{edge}", bbox_crs=f"{EPSG}3857"))
    assert set(whole) == set(_features(_ask(client, located="true")))


def test_gdal_reads_every_system(shipped_instance):
    with served(shipped_instance) as address:
        frames = {
            code: pyogrio.read_dataframe(f"OAPIF:{address}/api", layer="incidents", CRS=f"EPSG:{code}")
            for code in CODES
        }
    assert [len(frame) for frame in frames.values()] == [252] * len(CODES)
    assert [frames[code].crs.to_epsg() for code in (3857, 32638)] == [3857, 32638]
    degrees = frames[4326].set_index("id").geometry
    for code in (3857, 32638):
        back = frames[code].set_index("id").geometry.to_crs("OGC:CRS84")
        assert back.geom_equals_exact(degrees, 1e-6)[degrees.notna()].all()
