import hashlib
import re
import threading
from html.parser import HTMLParser

import pytest

from geoapp.export import FORMATS
from geoapp.export.recipes import RECIPES
from geoapp.web.analysts import measured, ready
from geoapp.web.app import create_app
from tests.editing import own_settings

CRISIS = "?datetime=2019-08-24/2019-10-31"


class _Sums(HTMLParser):
    """Links and checksums of the table of files, in their order."""

    def __init__(self):
        super().__init__()
        self.hrefs, self.sums, self._inside = [], [], False

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if tag == "table":
            self._inside = "dl-files" in known.get("class", "")
        if self._inside and tag == "td":
            self._cell = True
        if self._inside and tag == "a" and "download" in known:
            self.hrefs.append(known["href"])
        if self._inside and "data-copy" in known:
            self.sums.append((self.hrefs[-1], known["data-copy"]))


def _sums(page):
    parser = _Sums()
    parser.feed(page)
    return parser.sums


def test_everything_stands_in_six_forms_with_its_checksum(client):
    page = client.get("/downloads").get_data(as_text=True)
    sums = _sums(page)
    assert [href for href, _ in sums] == [f"/exports/incidents.{extension}" for extension in FORMATS]
    for href, digest in sums:
        content = client.get(href, headers={"Accept-Encoding": "identity"}).data
        assert hashlib.sha256(content).hexdigest() == digest


def test_what_is_filtered_stands_beside_it_and_is_what_comes(client):
    page = client.get("/downloads" + CRISIS).get_data(as_text=True)
    assert "Your filter: 63 of 252 incidents" in page
    part = [(href, digest) for href, digest in _sums(page) if "?" in href]
    assert len(part) == len(FORMATS)
    for href, digest in part:
        content = client.get(href, headers={"Accept-Encoding": "identity"}).data
        assert hashlib.sha256(content).hexdigest() == digest


def test_the_facts_are_those_of_the_data_set(client):
    page = client.get("/downloads").get_data(as_text=True)
    told = dict(re.findall(r"<div><dt>([^<]+)</dt><dd>(?:<a [^>]+>)?([^<]+)", page))
    assert told["Incidents"] == "252"
    assert told["Source rows"] == "675"
    assert int(told["Version"]) > 0


def test_without_a_filter_the_page_says_how_to_get_a_part(client):
    page = client.get("/downloads").get_data(as_text=True)
    assert "Filter on the map to download a part" in page
    assert "Your filter" not in page


def test_every_recipe_is_shown_with_the_address_of_this_site(client):
    page = client.get("/downloads").get_data(as_text=True)
    assert page.count("<h3>") >= len(RECIPES)
    assert "{site}" not in page
    assert "http://localhost/exports/incidents.geojson" in page


def test_every_layer_stands_with_licence_and_credit_and_can_be_had(client):
    page = client.get("/downloads").get_data(as_text=True)
    hrefs = re.findall(r'href="(/exports/layers/[^"]+)"', page)
    assert "/exports/layers/abl.geojson" in hrefs
    for href in hrefs:
        response = client.get(href)
        assert response.content_type == "application/geo+json"
        assert response.get_json(force=True)["type"] == "FeatureCollection"
    assert "ODbL 1.0" in page


def test_words_of_the_address_that_are_not_ours_are_dropped(client):
    response = client.get("/downloads" + CRISIS + "&utm_source=letter")
    assert response.status_code == 302
    assert response.location == "/downloads" + CRISIS


def test_a_bad_filter_says_what_is_expected(client):
    response = client.get("/downloads?datetime=yesterday")
    assert response.status_code == 400
    assert response.content_type.startswith("text/html")


def test_who_holds_the_page_hears_that_it_is_the_same(client):
    first = client.get("/downloads")
    again = client.get("/downloads", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_it_stands_in_the_masthead_and_the_footer_leads_to_the_changes(client):
    page = client.get("/").get_data(as_text=True)
    assert 'href="/downloads"' in page
    foot = client.get("/downloads").get_data(as_text=True).partition("<footer")[2]
    assert 'href="/changes"' in foot


def test_hostile_texts_stay_texts(hostile_app):
    response = hostile_app.test_client().get("/downloads")
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert "1337" not in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("name", ["nothing", "relief", "../abl"])
def test_a_layer_that_is_not_there_is_not_found(client, name):
    assert client.get(f"/exports/layers/{name}.geojson").status_code == 404


def test_a_large_set_is_made_in_the_background_and_the_page_says_so(shipped_instance, tmp_path, monkeypatch):
    monkeypatch.setattr(ready, "MOST_AT_ONCE", 0)
    known = own_settings(shipped_instance, tmp_path / "instance")
    client = create_app(known).test_client()
    page = client.get("/downloads").get_data(as_text=True)
    assert "The files of this version are being made" in page
    for thread in [each for each in threading.enumerate() if each.name == "exports"]:
        thread.join()
    page = client.get("/downloads").get_data(as_text=True)
    assert "are being made" not in page
    assert len(_sums(page)) == len(FORMATS)


def test_what_is_too_much_to_be_measured_still_comes(client, monkeypatch):
    monkeypatch.setattr(measured, "MOST_INCIDENTS", 10)
    page = client.get("/downloads" + CRISIS).get_data(as_text=True)
    assert "made while it is sent" in page
    assert not [href for href, _ in _sums(page) if "?" in href]
