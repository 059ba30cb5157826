"""/map/tiles/<hash>/<z>/<x>/<y>.<ext> and what the pages with the map say of other hosts."""

import re
from dataclasses import replace

import orjson
import pytest

from geoapp.config import Settings
from geoapp.errors import SettingRefused
from geoapp.publish.site import published_app
from geoapp.web.app import create_app
from geoapp.web.security import POLICY
from tests.tiled import mbtiles, png

OSM = "https://tile.openstreetmap.org"
WITH_MAP = ("/", "/ka/", "/ru/", "/embed", "/?category=drone")


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return mbtiles(tmp_path_factory.mktemp("tiles") / "own.mbtiles")


@pytest.fixture
def own(client_with, file):
    return client_with(mbtiles=file)


@pytest.fixture
def online(client_with):
    return client_with(online_tiles="OpenStreetMap.Mapnik")


def told(client, path="/"):
    """What the page tells its script of tiles."""
    config = re.search(r"id=\"map-config\" data-config='([^']*)'", client.get(path).text)[1]
    return orjson.loads(config).get("tiles")


def policy(answer):
    return answer.headers["Content-Security-Policy"]


def test_without_a_setting_the_page_knows_of_no_tiles(client):
    assert told(client) is None
    assert "tiles.js" not in client.get("/").text
    assert client.get("/map/tiles/0123456789abcdef/6/39/23.png").status_code == 404


def test_a_tile_of_the_file_is_kept_for_ever(own):
    address = told(own)["url"]
    assert re.fullmatch(r"/map/tiles/[0-9a-f]{16}/\{z\}/\{x\}/\{y\}\.png", address)
    answer = own.get(address.format(z=6, x=39, y=23))
    assert (answer.status_code, answer.data, answer.content_type) == (200, png(), "image/png")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers


def test_where_the_file_has_no_tile_the_answer_is_empty(own):
    answer = own.get(told(own)["url"].format(z=6, x=1, y=1))
    assert (answer.status_code, answer.data) == (204, b"")


@pytest.mark.parametrize(
    "path", ["/6/64/1.png", "/6/1/64.png", "/31/1/1.png", "/6/39/23.jpg", "/6/-1/1.png", "/6/x/1.png"]
)
def test_what_is_no_tile_is_not_found(own, path):
    folder = told(own)["url"].removesuffix("/{z}/{x}/{y}.png")
    assert own.get(folder + path).status_code == 404
    assert own.get("/map/tiles/0123456789abcdef/6/39/23.png").status_code == 404


def test_tiles_of_our_own_change_no_policy(own, client):
    for path in WITH_MAP:
        assert policy(own.get(path)) == policy(client.get(path))
    page = own.get("/").text
    assert page.count("© Tile Makers &amp; others") >= 2
    assert "no part of this site" not in page


@pytest.mark.parametrize("path", WITH_MAP)
def test_a_provider_is_the_one_host_that_pages_with_the_map_may_ask_for_images(online, client, path):
    before, after = policy(client.get(path)), policy(online.get(path))
    assert after == before.replace("img-src 'self' data:", f"img-src 'self' {OSM} data:")
    assert after.count("https:") == 1


@pytest.mark.parametrize(
    "path", ["/incidents", "/methodology", "/map/rows", "/api", "/nope", "/edit/sign-in"]
)
def test_every_other_page_may_ask_nobody(online, path):
    assert POLICY in policy(online.get(path))


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_the_page_says_that_another_host_is_asked(online, path):
    page = online.get(path).text
    assert "The background comes from tile.openstreetmap.org, which is no part of this site" in page
    assert "OpenStreetMap contributors" in page
    assert told(online, path)["url"] == f"{OSM}/{{z}}/{{x}}/{{y}}.png"


def test_an_unchanged_page_asked_again_has_the_same_policy(online):
    first = online.get("/")
    again = online.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, policy(again)) == (304, policy(first))


def test_the_validator_follows_the_tiles(client, own, online):
    assert len({each.get("/").headers["ETag"] for each in (client, own, online)}) == 3


def test_texts_of_the_file_are_shown_as_text(client_with, tmp_path):
    hostile = '{{7*191}} {% if 1 %} <script>alert(1)</script> \' onload="x" &lt;img src=x&gt;'
    for name in ("attribution", "name"):
        values = {"attribution": None, "name": None} | {name: hostile}
        page = client_with(mbtiles=mbtiles(tmp_path / f"{name}.mbtiles", **values)).get("/").text
        assert "{{7*191}} {% if 1 %}" in page
        assert "1337" not in page and "<script>alert" not in page and "<img src=x" not in page


def test_an_application_with_a_file_that_cannot_be_used_does_not_start(tmp_path):
    with pytest.raises(SettingRefused, match="GEOAPP_MBTILES"):
        create_app(Settings(instance_dir=tmp_path, mbtiles=tmp_path / "missing.mbtiles"))


def test_a_published_site_has_neither(shipped_settings, file):
    for setting in ({"mbtiles": file}, {"online_tiles": "OpenStreetMap.Mapnik"}):
        client = published_app(replace(shipped_settings, contact="a@example.org", **setting)).test_client()
        assert told(client) is None
        assert "tiles.js" not in client.get("/").text and "https:" not in policy(client.get("/"))


def test_a_kept_copy_takes_no_tiles_along(own):
    files = own.get("/keep/files.json").get_json()["files"]
    assert not [each for each in files if each.startswith("/map/tiles/")]
