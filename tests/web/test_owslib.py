"""OWSLib, the library that Python programs read OGC APIs with, finds and reads everything over the wire."""

import pytest
from owslib.ogcapi.features import Features

from tests.serving import served


@pytest.fixture(scope="module")
def api(shipped_instance):
    with served(shipped_instance) as address:
        yield Features(f"{address}/api")


def test_it_knows_the_classes_and_the_collections(api):
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in api.conformance()["conformsTo"]
    assert set(api.feature_collections()) == {
        *("incidents", "abl", "abl_segments", "abl_band", "abl_alternative", "areas", "checkpoints", "places")
    }
    assert api.api()["openapi"].startswith("3.0")


def test_it_reads_every_collection(api):
    for name in api.feature_collections():
        found = api.collection_items(name, limit=5)
        assert found["type"] == "FeatureCollection" and found["features"]
        assert api.collection_item(name, found["features"][0]["id"])["id"] == found["features"][0]["id"]
        assert api.collection_queryables(name)["type"] == "object"


def test_it_filters_by_box_days_and_expression(api):
    every = api.collection_items("incidents")["numberMatched"]
    boxed = api.collection_items("incidents", bbox=[43.6, 42.09, 43.9, 42.19])["numberMatched"]
    dated = api.collection_items("incidents", datetime_="2019-08-24/2019-10-31")["numberMatched"]
    named = api.collection_items("incidents", filter="category = 'drone'")["numberMatched"]
    assert all(0 < number < every for number in (boxed, dated, named))
