"""The API beyond Core: the shared filters, CQL2, paging, faces, validators, other sites, mistakes."""

import pytest

ITEMS = "/api/collections/incidents/items"
COLLECTIONS = {"incidents", "abl", "abl_segments", "abl_band", "abl_alternative", "areas", "checkpoints", "places"}


def ids(client, query, items=ITEMS):
    answer = client.get(f"{items}?{query}")
    assert answer.status_code == 200, answer.text
    return [feature["id"] for feature in answer.get_json()["features"]]


def all_ids(client, query, items=ITEMS):
    found, address = [], f"{items}?{query}"
    while address:
        page = client.get(address).get_json()
        found += [feature["id"] for feature in page["features"]]
        address = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    return found, page["numberMatched"]


def test_every_collection_is_offered(client):
    listed = client.get("/api/collections").get_json()["collections"]
    assert {each["id"] for each in listed} == COLLECTIONS
    assert all(each["license"] and each["attribution"] for each in listed)


@pytest.mark.parametrize("order", ["", "&sortby=-date", "&sortby=category,-title", "&sortby=status"])
def test_pages_by_cursor_give_every_incident_once(client, order):
    found, matched = all_ids(client, f"limit=37{order}")
    assert len(found) == len(set(found)) == matched > 200


def test_pages_of_a_layer_give_every_feature_once(client):
    found, matched = all_ids(client, "limit=20", "/api/collections/places/items")
    assert len(found) == len(set(found)) == matched > 100


def test_the_features_are_those_of_the_export(client):
    exported = client.get("/exports/incidents.geojson?category=drone").get_json()["features"]
    served = client.get(f"{ITEMS}?category=drone").get_json()["features"]
    assert served == exported and served


def test_one_feature_is_the_same_as_in_the_list(client):
    listed = client.get(f"{ITEMS}?limit=1").get_json()["features"][0]
    answer = client.get(f"{ITEMS}/{listed['id']}")
    alone = answer.get_json()
    assert answer.mimetype == "application/geo+json"
    assert {link["rel"] for link in alone.pop("links")} == {"self", "alternate", "collection"}
    assert alone == listed
