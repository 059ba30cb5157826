"""Answers that are kept by their validator: the same for the next reader, and never an old one."""

import pytest
from flask import Response

from geoapp.store.items import Items
from geoapp.web import context, validators
from geoapp.web.app import create_app
from geoapp.web.readers import map_page
from tests.editing import own_settings

CODINGS = ("br", "gzip", "identity")


@pytest.fixture
def own_app(shipped_instance, tmp_path):
    """An application that has answered nobody yet."""
    return create_app(own_settings(shipped_instance, tmp_path / "own"))


@pytest.fixture
def described(monkeypatch):
    """The filters that the map page was described for, each time it was."""
    seen, describe = [], map_page.describe
    monkeypatch.setattr(map_page, "describe", lambda filters: seen.append(filters) or describe(filters))
    return seen


@pytest.mark.parametrize("coding", CODINGS)
def test_the_next_reader_gets_the_very_answer_without_the_work(own_app, described, coding):
    client, asked = own_app.test_client(), {"Accept-Encoding": coding}
    first, second = client.get("/", headers=asked), client.get("/", headers=asked)
    assert len(described) == 1
    assert second.data == first.data and len(first.data) > 1000
    assert dict(second.headers) == dict(first.headers)
    assert first.headers.get("Content-Encoding", "identity") == coding
    assert "Content-Security-Policy" in second.headers


@pytest.fixture
def paged(monkeypatch):
    """The pages of features that were read, each time one was."""
    seen, page = [], Items.page
    monkeypatch.setattr(Items, "page", lambda *asked: seen.append(asked) or page(*asked))
    return seen


ITEMS = "/api/collections/incidents/items"


@pytest.mark.parametrize("coding", CODINGS)
def test_the_next_program_gets_the_very_page_of_features_without_the_work(own_app, paged, coding):
    client, asked = own_app.test_client(), {"Accept-Encoding": coding}
    first, second = (client.get(f"{ITEMS}?limit=20", headers=asked) for _ in range(2))
    assert len(paged) == 1
    assert second.data == first.data and len(first.data) > 1000
    assert dict(second.headers) == dict(first.headers)
    assert first.headers.get("Content-Encoding", "identity") == coding
    assert second.headers["Access-Control-Allow-Origin"] == "*"


def test_each_form_and_question_of_the_api_is_an_answer_of_its_own(own_app, paged):
    client = own_app.test_client()
    paths = ("", "?limit=3", "?f=html", "?crs=http://www.opengis.net/def/crs/EPSG/0/4326")
    bodies = {client.get(ITEMS + path).data for path in paths}
    bodies.add(client.get(ITEMS, headers={"Accept": "application/json"}).content_type)
    bodies.add(client.get(ITEMS, base_url="http://other.example.org").data)
    assert len(bodies) == len(paged) == len(paths) + 2


def test_a_page_of_features_that_is_too_large_is_not_kept(own_app, paged):
    client, plain = own_app.test_client(), {"Accept-Encoding": "identity"}
    for _ in range(2):
        assert len(client.get(f"{ITEMS}?limit=10000", headers=plain).data) > validators.LARGEST_BYTES
    assert len(paged) == 2


def test_a_question_that_is_refused_stays_refused(own_app):
    client = own_app.test_client()
    for _ in range(2):
        assert client.get(f"{ITEMS}?limit=none").status_code == 400
    assert not own_app.extensions["geoapp.kept_answers"]._answers


def test_each_coding_language_and_query_is_an_answer_of_its_own(own_app, described):
    client = own_app.test_client()
    bodies = {client.get("/", headers={"Accept-Encoding": coding}).data for coding in CODINGS}
    bodies |= {client.get(path).data for path in ("/ka/", "/?differs=true", "/?differs=false")}
    assert len(bodies) == len(described) == 6


def test_head_is_answered_from_what_is_kept_and_keeps_nothing(own_app, described):
    client = own_app.test_client()
    assert client.head("/").status_code == 200
    whole = client.get("/")
    again = client.head("/")
    assert len(described) == 2
    assert again.headers["Content-Length"] == whole.headers["Content-Length"] and not again.data


def test_what_was_redacted_is_not_told_from_what_is_kept(own_app, described):
    client = own_app.test_client()
    feature = client.get("/exports/incidents.geojson?limit=1").json["features"][0]
    pages = ("/", f"/incidents/{feature['id']}", f"{ITEMS}?limit=10000", f"{ITEMS}/{feature['id']}")
    before = [client.get(path) for path in pages]
    assert feature["properties"]["title"] in before[1].text
    with own_app.app_context():
        context.store().redact(feature["id"], reason="asked for by a person at risk", author="anna")
    after = [client.get(path) for path in pages]
    assert len(described) == 2
    assert after[0].headers["ETag"] != before[0].headers["ETag"]
    assert feature["properties"]["title"] in before[3].text
    assert [each.status_code for each in after] == [200, 410, 200, 410]
    assert not any(feature["properties"]["title"] in each.text for each in after[1:])


def test_errors_and_redirections_are_not_kept(own_app):
    client = own_app.test_client()
    for path in ("/?bbox=1,2", "/?colour=red", "/incidents/999999"):
        assert client.get(path).status_code != 200
    assert not own_app.extensions["geoapp.kept_answers"]._answers


def test_what_was_asked_for_last_stays_within_the_bytes():
    kept = validators.Kept(most_bytes=30)
    for name in ("a", "b", "c"):
        kept.put(name, Response(name * 10))
    assert kept.get("a").data == b"a" * 10
    kept.put("d", Response("d" * 10))
    assert kept.get("b") is None
    assert [kept.get(name).data for name in ("a", "c", "d")] == [b"a" * 10, b"c" * 10, b"d" * 10]
    kept.put("large", Response("x" * 31))
    assert kept.get("large") is None and kept.get("a") is not None
    kept.put("d", Response("other"))
    assert kept.get("d").data == b"d" * 10
