"""The pages in Georgian and Russian: the language stands in the address, and nowhere else."""

import json
import re
from html import unescape
from xml.etree import ElementTree

import pytest

from geoapp.web import context, language

PAGES = (
    "/",
    "/incidents",
    "/incidents?status=disputed&area=aoi-chorchana-tsnelisi&datetime=2019-08-24/2019-10-31",
    "/incidents?q=nothing-has-this-name",
    "/incidents/2019-09-01-drone-downed",
    "/incidents/2019-09-01-drone-downed/v/1",
    "/places",
    "/places?q=Uista",
    "/checkpoints",
    "/checkpoints?day=2019-10-15",
    "/methodology",
    "/changes",
    "/changes/1",
    "/stories",
    "/stories/chorchana-tsnelisi-2019",
    "/downloads",
)
OTHERS = [code for code in language.LANGUAGES if code != language.DEFAULT]
LINK = re.compile(r'(?:href|action)="(/[^"]*)"')
# Addresses that are the same for every reader.
AT_THE_ROOT = (
    "/static/",
    "/map/",
    "/exports/",
    "/api",
    "/edit/",
    "/datapackage.json",
    "/dataset.jsonld",
    "/catalog.jsonld",
)


@pytest.fixture(scope="module")
def hostile_client(hostile_app):
    return hostile_app.test_client()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("code", OTHERS)
def test_every_page_speaks_the_language_of_its_address(client, code, path):
    answer = client.get(f"/{code}{path}")
    assert answer.status_code == 200
    assert f'<html lang="{code}">' in answer.text
    assert "Set-Cookie" not in answer.headers
    script = {"ka": "[\u10d0-\u10ff]", "ru": "[\u0430-\u044f]"}[code]
    title = re.search(r"<title>(.*?)</title>", answer.text, re.DOTALL)
    assert title and re.search(script, title[1])


@pytest.mark.parametrize("path", PAGES)
def test_links_stay_in_the_language_and_files_at_the_root(client, path):
    text = client.get(f"/ka{path}").text
    switch = re.compile(r'<a href="[^"]*" hreflang="[^"]*"')
    links = [unescape(each) for each in LINK.findall(switch.sub("", text)) if not each.startswith("//")]
    links = [
        each for each in links if not each.startswith(AT_THE_ROOT) and not each.endswith((".bib", ".json"))
    ]
    assert links
    assert [each for each in links if not each.startswith("/ka/")] == []
    assert 'href="/ka/static/' not in text
    assert "/ka/exports/" not in text


@pytest.mark.parametrize("path", PAGES)
def test_validators_differ_by_language_and_hold_within_one(client, path):
    tags = {
        code: client.get(f"{each.prefix}{path}").headers["ETag"] for code, each in language.LANGUAGES.items()
    }
    assert len(set(tags.values())) == len(tags)
    again = client.get(f"/ka{path}", headers={"If-None-Match": tags["ka"]})
    assert again.status_code == 304
    other = client.get(f"/ka{path}", headers={"If-None-Match": tags["ru"]})
    assert other.status_code == 200


def test_the_reader_s_settings_choose_nothing(client):
    asked = client.get("/incidents", headers={"Accept-Language": "ka", "Cookie": "lang=ka; language=ka"})
    assert asked.status_code == 200
    assert '<html lang="en">' in asked.text
    assert "Accept-Language" not in asked.headers.get("Vary", "")


def test_the_switch_keeps_path_and_query_and_marks_what_is_on(client):
    text = client.get("/ka/incidents?area=aoi-chorchana-tsnelisi&status=disputed").text
    query = "?area=aoi-chorchana-tsnelisi&amp;status=disputed"
    assert f'<a href="/incidents{query}" hreflang="en" lang="en"' in text
    assert f'<a href="/ru/incidents{query}" hreflang="ru" lang="ru"' in text
    assert '<span lang="ka" aria-current="true">' in text


def test_alternates_and_canonical_are_absolute(client_with):
    text = client_with(base_url="https://map.example.org").get("/ka/incidents/2019-09-01-drone-downed").text
    page = "incidents/2019-09-01-drone-downed"
    assert f'<link rel="alternate" hreflang="en" href="https://map.example.org/{page}">' in text
    assert f'<link rel="alternate" hreflang="x-default" href="https://map.example.org/{page}">' in text
    assert f'<link rel="alternate" hreflang="ru" href="https://map.example.org/ru/{page}">' in text
    assert f'<link rel="canonical" href="https://map.example.org/ka/{page}">' in text


def test_the_clean_address_stays_in_the_language(client):
    answer = client.get("/ru/incidents?utm_source=x&status=disputed")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/ru/incidents?status=disputed")
    assert client.get("/ka").headers["Location"].endswith("/ka/")


@pytest.mark.parametrize(
    "path", ["/exports/incidents.csv?limit=1", "/map/manifest.json", "/healthz", "/robots.txt"]
)
def test_files_and_data_are_sent_to_their_one_address(client, path):
    answer = client.get(f"/ka{path}")
    assert (answer.status_code, answer.headers["Location"]) == (302, path)


def test_a_hostile_address_is_quoted_again(client):
    answer = client.get("/ka/exports/incidents.csv?category=%22%3E%3Cscript%3E\"'\u10d0")
    assert answer.status_code == 302
    assert "<" not in answer.headers["Location"] and '"' not in answer.headers["Location"]
    page = client.get("/ka/nothing%22%3E%3Cscript%3Ealert(1)%3C/script%3E?a=%22%3E%3Cscript%3E")
    assert page.status_code == 404
    assert "<script>" not in page.text


def test_errors_are_told_in_the_language(client):
    missing, wrong = client.get("/ka/nothing"), client.get("/ru/incidents?status=green")
    assert (missing.status_code, wrong.status_code) == (404, 400)
    assert '<html lang="ka">' in missing.text and "ამ მისამართზე გვერდი არ არის" in missing.text
    assert '<html lang="ru">' in wrong.text and "Адрес запрашивает то, что здесь не известно" in wrong.text
    assert client.get("/en/").status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/incidents", "/incidents/hostile-script", "/changes/2", "/changes.atom"]
)
@pytest.mark.parametrize("code", OTHERS)
def test_hostile_texts_stay_text_in_every_language(hostile_client, code, path):
    text = hostile_client.get(f"/{code}{path}").text
    assert "1337" not in text
    assert "<script>alert(1)" not in text and "<img src=x" not in text and "<svg/onload" not in text


def test_a_record_keeps_its_own_language(client):
    text = client.get("/ka/incidents/2019-09-01-drone-downed").text
    assert re.search(r'<h1 lang="en">South Ossetian drone', text)
    assert re.search(r'<p class="lead" lang="en">', text)
    assert re.search(r'<span lang="en">[^<]+</span>&nbsp;', text)
    english = client.get("/incidents/2019-09-01-drone-downed").text
    assert '<h1 lang="en">' not in english


def test_places_stand_first_under_the_name_of_the_reader(client):
    found = client.get("/ka/places?q=Uista").text
    assert "<b>წნელისი</b>" in found
    assert '<dd lang="en">Tsnelisi</dd>' in found
    assert "/ka/incidents?place=Tsnelisi" in found
    assert "<b>Цнелис</b>" in client.get("/ru/places?q=Uista").text
    rows = client.get("/ru/map/rows?place=Tsnelisi").text
    assert "Цнелис" in rows
    assert "Уиста" not in client.get("/map/rows?place=Tsnelisi").text


def test_places_are_ordered_by_the_reader_s_alphabet(client):
    names = re.findall(r'<th scope="row"><b>([^<]+)</b>', client.get("/ka/places").text)
    georgian = [each for each in names if "\u10d0" <= each[0] <= "\u10ff"]
    assert len(georgian) == 85
    assert names[: len(georgian)] == georgian
    assert [each[0] for each in georgian] == sorted(each[0] for each in georgian)


def test_the_scripts_get_the_words_of_the_page(client):
    text = client.get("/ru/").text
    words = json.loads(unescape(re.search(r"data-words='([^']*)'", text)[1]))
    assert words["language"] == "ru"
    assert words["counts"]["incidents"] == [
        "%(count)s инцидент",
        "%(count)s инцидента",
        "%(count)s инцидентов",
    ]
    assert words["months"]["long"][7] == "августа" and words["months"]["alone"][7] == "август"
    assert words["labels"]["Detention"] == "Задержание"
    assert f"</svg>{words['texts']['state_restricted']}</li>" in text
    english = json.loads(unescape(re.search(r"data-words='([^']*)'", client.get("/").text)[1]))
    assert english["labels"] == {}


def test_a_catalog_that_no_native_editor_read_says_so(client):
    assert 'class="unreviewed"' in client.get("/ka/methodology").text
    assert 'class="unreviewed"' in client.get("/ru/").text
    assert 'class="unreviewed"' not in client.get("/methodology").text


def test_the_feed_speaks_the_language_of_its_address(client):
    root = ElementTree.fromstring(client.get("/ka/changes.atom?status=disputed").data)
    space = "{http://www.w3.org/2005/Atom}"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "ka"
    addresses = [each.findtext(f"{space}id") for each in root.iter(f"{space}entry")]
    assert addresses and all("/ka/incidents/" in each for each in addresses)


def test_the_sitemap_lists_every_language(client_with):
    root = ElementTree.fromstring(client_with(base_url="https://map.example.org").get("/sitemap.xml").data)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    found = {each.text for each in root.iter(f"{space}loc")}
    drone = "incidents/2019-09-01-drone-downed"
    assert {f"https://map.example.org/{each}{drone}" for each in ("", "ka/", "ru/")} <= found
    one = next(
        each for each in root.iter(f"{space}url") if each.findtext(f"{space}loc").endswith(f"/ru/{drone}")
    )
    alternates = [each.get("hreflang") for each in one.iter("{http://www.w3.org/1999/xhtml}link")]
    assert alternates == ["en", "ka", "ru"]
    pages = [page for page in context.MASTHEAD if language.is_translated(page.endpoint)]
    alone = len(context.MASTHEAD) - len(pages)
    assert len(found) == 3 * (252 + len(pages)) + alone


def test_a_claimed_place_is_said_in_the_language_of_the_page_where_it_is_a_bare_name(client):
    text = client.get("/ka/incidents/2019-09-01-drone-downed").text
    assert "<b>აბანო</b>" in text and "<b>კობი</b>" in text
    assert "<b>Khashuri district</b>" in text, "what says more than a name stays as it was written"
    post = client.get("/ru/incidents/2019-08-24-georgian-post-established").text
    assert "от места: Цнелис" in post and "от места: Tsnelisi" not in post
