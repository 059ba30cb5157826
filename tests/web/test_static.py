"""Static files stand under one hash: kept for ever, and never mixed."""

import brotli
import pytest

from geoapp.web.assets import TOGETHER, Assets


@pytest.fixture(scope="module")
def tree(app):
    return app.extensions["geoapp.assets"].tree_hash


def test_a_file_under_the_current_hash_may_be_kept_for_ever(client, tree):
    answer = client.get(f"/static/{tree}/css/base.css", headers={"Accept-Encoding": "br"})
    assert answer.content_type == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert b"--paper" in brotli.decompress(answer.data)


def test_an_old_hash_leads_to_the_current_file(client, tree):
    answer = client.get("/static/0123456789abcdef/css/base.css")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/static/{tree}/css/base.css"
    assert "immutable" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["../geoapp/config.py", "css/none.css", "%2e%2e/pyproject.toml", "css/"])
def test_nothing_but_the_listed_files_is_served(client, tree, path):
    assert client.get(f"/static/{tree}/{path}").status_code == 404


def test_leaflet_comes_from_its_package(client, tree):
    answer = client.get(f"/static/{tree}/vendor/leaflet/leaflet.css")
    assert answer.status_code == 200 and b"leaflet-pane" in answer.data


def test_the_hash_follows_names_and_contents(tmp_path):
    file = tmp_path / "a.css"
    file.write_text("a {}")
    first = Assets({"a.css": (file,)}).tree_hash
    assert Assets({"b.css": (file,)}).tree_hash != first
    file.write_text("b {}")
    assert Assets({"a.css": (file,)}).tree_hash != first


def test_sheets_that_travel_together_are_one_file_without_comments(client):
    tree = client.application.extensions["geoapp.assets"].tree_hash
    joined = client.get(f"/static/{tree}/css/map-page.css").text
    assert "/*" not in joined
    for part in TOGETHER["css/map-page.css"]:
        assert client.get(f"/static/{tree}/{part}").text in joined


def test_the_icon_is_found_where_browsers_look(client):
    answer = client.get("/favicon.ico", follow_redirects=True)
    assert answer.status_code == 200 and answer.mimetype == "image/svg+xml"
