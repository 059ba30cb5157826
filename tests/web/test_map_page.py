import json
import re
from html import unescape

import pytest

from geoapp.query import Filters
from geoapp.web import context

CRISIS = "datetime=2019-08-24/2019-10-31"
AREA = "area=aoi-chorchana-tsnelisi"
TSNELISI = "bbox=43.703331,42.14722,43.703335,42.147224"


def _page(client, query=""):
    answer = client.get(f"/{query}")
    assert answer.status_code == 200
    return answer.text


def _count(page, name, code):
    found = re.search(rf'name="{name}" value="{code}".*?<span class="n">([\d,]+)</span>', page, re.DOTALL)
    return int(found.group(1).replace(",", ""))


def _words(page):
    heading = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL).group(1)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", heading)).split())


def test_says_everything_when_nothing_is_chosen(client):
    page = _page(client)
    assert _words(page) == "252 of 252 incidents"
    assert _count(page, "group", "talks_and_statements") == 61


def test_says_the_query_in_words_and_counts_what_it_leaves(client):
    page = _page(client, f"?{CRISIS}&{AREA}")
    assert _words(page) == "38 of 252 incidents in the Chorchana-Tsnelisi area, 24 August – 31 October 2019"
    assert _count(page, "group", "posts_and_forces") == 11


def test_a_choice_that_leaves_nothing_is_disabled(client):
    page = _page(client, f"?{CRISIS}")
    assert 'name="group" value="people_held" disabled' in page


def test_chips_link_to_the_query_without_them(client):
    page = _page(client, f"?{CRISIS}&{AREA}")
    assert 'href="/?area=aoi-chorchana-tsnelisi" aria-label="Remove: 24 Aug – 31 Oct 2019"' in page
    assert f'href="/?{CRISIS}" aria-label="Remove: Chorchana-Tsnelisi area"' in page


def test_incidents_without_a_point_are_counted_and_linked(client):
    page = _page(client, f"?{CRISIS}")
    assert re.search(r'id="unplaced">\s*<span class="said">2 of them have no point', page)
    assert f'href="/incidents?{CRISIS}&amp;located=false"' in page


def test_a_form_without_javascript_is_sent_on_to_the_address_of_the_vocabulary(client):
    answer = client.get("/?q=&from=2019-08-24&to=2019-10-31&group=airspace&group=barriers")
    assert answer.status_code == 302
    assert answer.location == f"/?{CRISIS}&group=airspace,barriers"


@pytest.mark.parametrize("path", ["/", "/incidents"])
def test_a_choice_with_commas_is_sent_as_one_value_by_a_form_without_javascript(hostile_app, path):
    client = hostile_app.test_client()
    boxes = re.findall(r'name="publisher" value="([^"]*)"', client.get(path).text)
    (value,) = [unescape(box) for box in boxes if box.startswith("one")]
    answer = client.get(path, query_string={"publisher": value}, follow_redirects=True)
    assert answer.status_code == 200
    assert "publisher=one" in answer.request.query_string.decode()


def test_unknown_names_are_dropped_and_bad_values_refused(client):
    assert client.get("/?fbclid=1").location == "/"
    refused = client.get("/?datetime=yesterday")
    assert refused.status_code == 400
    assert "datetime" in refused.text


def test_presets_keep_the_other_filters(client):
    page = _page(client, f"?{AREA}")
    assert re.search(rf'href="/\?{CRISIS}&amp;{AREA}"[^>]*>The 2019 crisis<', page)


def test_every_layer_tells_source_licence_accuracy_and_date(client, app):
    page = _page(client)
    with app.test_request_context():
        layers = list(context.reference().layers.values())
    for layer in layers:
        for text in (
            layer.title,
            layer.source,
            layer.licence,
            layer.credit,
            layer.as_of,
            layer.accuracy or "",
        ):
            assert text in unescape(page)


def test_the_engine_is_told_its_layers_in_an_attribute(client):
    told = re.search(r"data-config='([^']*)'", _page(client)).group(1)
    assert {"abl", "abl_band", "checkpoints", "places"} <= {
        each["name"] for each in json.loads(unescape(told))["layers"]
    }


def test_has_no_inline_style_or_script(client):
    page = _page(client, f"?{CRISIS}")
    assert " style=" not in page
    assert "<style" not in page
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page) == []
    assert re.findall(r"\son\w+=", page) == []


def test_is_small_enough_for_a_weak_link(client):
    answer = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) <= 30_000


def test_answers_304_to_a_reader_who_holds_the_page(client):
    first = client.get("/")
    again = client.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_rows_are_a_fragment_with_the_rest_to_ask_for(client):
    rows = client.get(f"/map/rows?{CRISIS}").text
    assert rows.lstrip().startswith("<ol")
    assert rows.count("data-key=") == 25
    assert 'data-more="25"' in rows
    rest = client.get(f"/map/rows?{CRISIS}&offset=50").text
    assert rest.count("data-key=") == 13
    assert "data-more" not in rest


def test_rows_say_it_when_nothing_is_found(client):
    rows = client.get("/map/rows?q=nowhere-at-all").text
    assert "does not mean that nothing happened" in rows


def test_a_place_says_its_names_who_administers_it_and_its_incidents(client):
    place = client.get(f"/map/place?{TSNELISI}&{CRISIS}").text
    assert ">Tsnelisi</h2>" in place
    assert '<span lang="os">Уистæ</span>' in place
    assert "Administered by South Ossetian authorities (our reading)" in place
    assert "18 of 32 incidents here" in place
    assert place.count("data-key=") == 18


def test_the_list_of_a_place_with_a_namesake_is_its_own(client):
    place = client.get("/map/place?bbox=43.79,42.11,43.8,42.12").text
    (link,) = re.findall(r'href="(/incidents\?place=[^"]+)"', place)
    assert "2025-09-27-tamarasheni-children" in client.get(link).text


def test_a_place_without_incidents_is_still_an_answer(client):
    place = client.get("/map/place?bbox=10,10,11,11")
    assert place.status_code == 200
    assert "This place" in place.text


@pytest.mark.parametrize("path", ["/map/rows", "/map/place", "/map/facets"])
def test_fragments_refuse_what_they_do_not_know(client, path):
    assert client.get(f"{path}?colour=red").status_code == 400


def test_facets_count_what_the_columns_do_not_carry(client, app):
    facets = client.get(f"/map/facets?{CRISIS}").get_json()
    assert set(facets) == {"actor", "publisher", "language"}
    with app.test_request_context():
        for code, number in list(facets["language"].items())[:3]:
            narrowed = client.get(f"/exports/incidents.geojson?{CRISIS}&language={code}").get_json()
            assert len(narrowed["features"]) == number
        assert context.store().count(Filters()) == 252


@pytest.mark.parametrize("path", ["/", "/map/rows", "/map/place?bbox=-180,-90,180,90"])
def test_hostile_texts_are_shown_as_text(hostile_app, path):
    answer = hostile_app.test_client().get(path)
    assert answer.status_code == 200
    assert "1337" not in answer.text
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert "<svg/onload" not in answer.text


def test_scripts_and_sheets_of_the_map_stay_within_80_kilobytes_on_the_wire(client):
    page = client.get("/").text
    addresses = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:js|css)|/map/shell\.[^"]+)"', page))
    assert len(addresses) > 20
    bodies = (client.get(each, headers={"Accept-Encoding": "br"}).data for each in addresses)
    assert sum(map(len, bodies)) <= 80_000
