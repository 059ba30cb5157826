"""The API beyond Core: the shared filters, CQL2, paging, faces, validators, other sites, mistakes."""

import re

import pytest

from geoapp.web.api import faces

ITEMS = "/api/collections/incidents/items"
COLLECTIONS = {
    "incidents",
    "abl",
    "abl_segments",
    "abl_band",
    "abl_alternative",
    "areas",
    "checkpoints",
    "places",
}


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


def test_a_cursor_outlives_a_commit_and_belongs_to_its_order(client):
    page = client.get(f"{ITEMS}?limit=5&sortby=-date").get_json()
    (link,) = (each for each in page["links"] if each["rel"] == "next")
    assert client.get(link["href"]).status_code == 200
    other = client.get(link["href"].replace("sortby=-date", "sortby=date"))
    assert other.status_code == 400 and other.get_json()["errors"][0]["parameter"] == "cursor"
    both = client.get(link["href"] + "&offset=3")
    assert both.get_json()["errors"][0]["parameter"] == "offset"


@pytest.mark.parametrize("cursor", ["", "x", "W10", "bnVsbA", "WzIsW10sImEiXQ", "=" * 10, "é", "A" * 5_000])
def test_a_cursor_that_nobody_gave_is_refused(client, cursor):
    for name in ("incidents", "places"):
        answer = client.get(f"/api/collections/{name}/items?cursor={cursor}")
        assert answer.status_code == 400 and answer.get_json()["errors"][0]["parameter"] == "cursor"


def test_properties_leave_what_was_asked_for(client):
    (feature,) = client.get(f"{ITEMS}?limit=1&properties=title,date").get_json()["features"]
    assert list(feature["properties"]) == ["title", "date"] and "geometry" in feature
    wrong = client.get(f"{ITEMS}?properties=titel").get_json()["errors"][0]
    assert (wrong["parameter"], wrong["did_you_mean"]) == ("properties", "title")


def test_the_shared_filters_and_an_expression_hold_together(client):
    both = ids(client, "status=disputed&filter=category='drone'&limit=1000")
    assert both and set(both) == set(ids(client, "status=disputed&limit=1000")) & set(
        ids(client, "filter=category='drone'&limit=1000")
    )


def test_layers_take_expressions_orders_and_boxes(client):
    towns = ids(client, "filter=kind='town'&sortby=-name_en", "/api/collections/places/items")
    assert len(towns) > 5
    boxed = ids(client, "bbox=43.6,42.09,43.9,42.19&limit=1000", "/api/collections/places/items")
    expression = "filter=S_INTERSECTS(geometry,BBOX(43.6,42.09,43.9,42.19))&limit=1000"
    assert boxed == ids(client, expression, "/api/collections/places/items")
    line = ids(client, "bbox=43.6,42.09,43.9,42.19", "/api/collections/abl/items")
    assert len(line) == 1
    without_point = ids(client, "filter=geometry IS NULL", "/api/collections/checkpoints/items")
    assert len(without_point) == 1


@pytest.mark.parametrize(
    "query", ["f=json&f=json", "filter=TRUE&filter=TRUE", "crs=EPSG:4326", "filter-lang=sql", "filter-crs=x"]
)
def test_a_word_of_the_api_stands_once_and_is_known(client, query):
    for name in ("incidents", "places"):
        assert client.get(f"/api/collections/{name}/items?{query}").status_code == 400


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("*/*", "application/geo+json"),
        ("text/plain, application/json", "application/json"),
        ("application/json", "application/json"),
        ("application/geo+json, application/json;q=0.9", "application/geo+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/html;q=0.5, application/geo+json", "application/geo+json"),
        ("", "application/geo+json"),
    ],
)
def test_the_form_follows_the_accept_header(client, accept, form):
    answer = client.get(ITEMS, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, form)
    assert {"Accept", "Accept-Encoding"} <= {word.strip() for word in answer.headers["Vary"].split(",")}


def test_a_form_that_is_not_offered_is_not_acceptable(client):
    answer = client.get(ITEMS, headers={"Accept": "image/png"})
    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")


@pytest.mark.parametrize(
    "address",
    [
        "/api",
        "/api/openapi.json",
        "/api/collections/areas",
        ITEMS,
        "/api/collections/abl/items/abl-composite",
    ],
)
def test_who_has_the_answer_hears_so(client, address):
    first = client.get(address)
    for headers in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        again = client.get(address, headers=headers)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"] and "Accept" in again.headers["Vary"]
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    page = client.get(address, headers={"Accept": "text/html", "If-None-Match": first.headers["ETag"]})
    assert page.status_code == 200


VALIDATED = [
    *("/api", "/api/conformance", "/api/openapi.json", "/api/collections", "/api/collections/incidents"),
    *(ITEMS, f"{ITEMS}?limit=3&crs=http://www.opengis.net/def/crs/EPSG/0/3857", f"{ITEMS}?f=html"),
    *("/api/collections/abl/items", "/api/collections/incidents/queryables"),
    *("/exports/LICENSES.txt", "/exports/checksums.txt", "/exports/layers/abl.geojson", "/datapackage.json"),
    *("/exports/incidents.geojson", "/exports/incidents.csv?status=disputed", "/exports/incidents.gpkg"),
    *("/exports/changes.csv?since=0", "/dataset.jsonld", "/map/manifest.json"),
]


@pytest.mark.parametrize("address", VALIDATED)
def test_each_coding_has_a_strong_validator_that_stands_for_its_very_bytes(client, address):
    found = {}
    for coding in ("br", "gzip", "identity"):
        accepted = {"Accept-Encoding": coding}
        first, second = (client.get(address, headers=accepted) for _ in range(2))
        tag = first.headers["ETag"]
        assert tag.startswith('"') and first.data == second.data and second.headers["ETag"] == tag
        again = client.get(address, headers=accepted | {"If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert "Accept-Encoding" in first.vary and "Accept-Encoding" in again.vary
        found.setdefault(tag, set()).add(first.data)
    assert all(len(bodies) == 1 for bodies in found.values())
    assert len(found) == 3 or address.endswith(".gpkg")


def test_other_sites_may_read_data_without_credentials(client):
    for address, status in ((ITEMS, 200), (f"{ITEMS}?x=1", 400), ("/api", 200)):
        answer = client.get(address, headers={"Origin": "https://example.org"})
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Access-Control-Allow-Origin" not in client.get("/").headers


@pytest.mark.parametrize(
    "path", ["/api/collections/incidents/items", "/exports/incidents.csv", "/api/nosuch"]
)
def test_scripts_of_other_sites_read_why_a_method_or_an_address_is_refused(client, path):
    answer = client.post(path)
    assert answer.status_code in (404, 405)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.get_json(force=True)["status"] == answer.status_code


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_changed_here(client, method):
    answer = getattr(client, method)(ITEMS)
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]


def test_a_page_shows_no_more_than_it_can_and_leads_on(client, monkeypatch):
    monkeypatch.setattr(faces, "MOST_ON_PAGE", 3)
    answer = client.get(f"{ITEMS}?status=disputed&limit=10000&f=html")
    shown = re.findall(r'href="/incidents/([^"/]+)"', answer.text)
    assert len(set(shown)) == 3
    assert re.search(r'rel="next"|cursor=', answer.text)
    assert len(ids(client, "status=disputed&limit=10000")) > 3


def test_a_page_shows_its_filters_as_chips_and_leads_on(client):
    answer = client.get(f"{ITEMS}?status=disputed&limit=5&f=html")
    assert "status=disputed" in answer.text and 'rel="next"' in answer.text
    assert "Set-Cookie" not in answer.headers


def test_hostile_texts_stay_texts_on_every_face(hostile_app):
    client = hostile_app.test_client()
    for address in (ITEMS, f"{ITEMS}/hostile-script", "/api/collections/incidents"):
        answer = client.get(address, headers={"Accept": "text/html"})
        assert answer.status_code == 200
        assert (
            "<script>alert" not in answer.text
            and "<svg/onload" not in answer.text
            and "1337" not in answer.text
        )
