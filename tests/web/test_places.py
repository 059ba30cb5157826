"""Places: names in every language, precision and source of each, and the incidents that name it."""

import html
import re

import pytest

from geoapp.gazetteer import Gazetteer, Place
from geoapp.query import Filters
from geoapp.web import context
from geoapp.web.readers.places import Entry, by_letter, parts, script_of


def _row(answer, identifier):
    start = answer.text.index(f'<tr class="place" id="{identifier}"')
    return html.unescape(answer.text[start : answer.text.index("</tr>", start)])


def _ids(answer):
    return re.findall(r'<tr class="place" id="([^"]+)"', answer.text)


def test_every_place_stands_once_under_its_letter(app, client):
    answer = client.get("/places")
    with app.test_request_context():
        gazetteer = context.reference().gazetteer
    assert sorted(_ids(answer)) == sorted(gazetteer.by_id) and len(gazetteer) == 115
    letters = re.findall(r'id="letter-(\w+)"', answer.text)
    assert letters == sorted(letters) and len(letters) == len(set(letters))
    assert re.findall(r'href="#letter-(\w+)"', answer.text) == letters


def test_names_carry_their_language(client):
    row = _row(client.get("/places"), "place-tsnelisi")
    assert '<dd lang="ka">წნელისი</dd>' in row
    assert '<dd lang="ru">Цнелис</dd>' in row
    assert '<dd lang="os">Уистæ</dd>' in row
    assert '<span lang="en">Uista</span>' in row and '<span lang="ru">Уиста</span>' in row


def test_what_is_known_of_a_place_is_said_with_its_source(client):
    row = _row(client.get("/places"), "place-tsnelisi")
    assert "Within 700 m" in row and "South Ossetian authorities" in row
    assert 'href="https://it.wiki7.org/wiki/Уиста_(Балтинская_сельская_администрация)"' in row
    assert "GeoNames, CC BY 4.0" in _row(client.get("/places"), "place-akhalgori")
    assert "Divided: reported under both" in _row(client.get("/places"), "place-artsevi")


def test_the_count_of_a_place_is_that_of_the_list_it_leads_to(app, client):
    answer = client.get("/places")
    found = re.findall(r'href="(/incidents\?place=[^"]+)">([\d,]+)<', answer.text)
    with app.test_request_context():
        counts = context.store().facets(Filters())["place"]
        known = {context.reference().gazetteer.name(place) for place in context.reference().gazetteer}
    assert [int(count) for _, count in found] and len(found) == len(known & set(counts))
    for address, count in found:
        listed = client.get(html.unescape(address), follow_redirects=True)
        assert listed.status_code == 200
        assert f"<b>{count} of 252 incidents</b>" in listed.text


@pytest.mark.parametrize("name", ["Tsnelisi", "Uista", "წნელისი", "Цнелис", "Уиста", "Уистæ", "uist"])
def test_a_place_is_found_by_any_of_its_names(client, name):
    answer = client.get("/places", query_string={"q": name})
    assert _ids(answer)[0] == "place-tsnelisi"
    assert f'value="{name}"' in answer.text


def test_a_name_that_nothing_has_leads_on(client):
    answer = client.get("/places?q=Tsnalisi")
    assert answer.status_code == 200 and _ids(answer) == []
    assert 'href="/places?q=Tsnelisi">Tsnelisi</a>' in answer.text
    assert 'href="/incidents?q=Tsnalisi"' in answer.text


def test_a_question_is_repeated_as_text(client):
    answer = client.get("/places", query_string={"q": '<script>alert(1)</script>"{{7*191}}'})
    assert "<script>alert" not in answer.text and "1337" not in answer.text


def test_a_question_that_is_no_name_is_refused(client):
    answer = client.get("/places", query_string={"q": "x" * 201})
    assert answer.status_code == 400 and "at most 200 characters" in answer.text


@pytest.mark.parametrize(
    ("asked", "clean"),
    [
        ("?q=", "/places"),
        ("?utm_source=x", "/places"),
        ("?q=Uista&x=1", "/places?q=Uista"),
        ("?q=%20a", "/places?q=a"),
    ],
)
def test_what_trackers_and_forms_add_is_sent_to_the_clean_address(client, asked, clean):
    answer = client.get(f"/places{asked}")
    assert (answer.status_code, answer.headers["Location"]) == (302, clean)


def test_namesakes_are_told_apart(app):
    places = [Place(id=each, name_en="Koshka", district=each.title()) for each in ("gori", "java")]
    gazetteer = Gazetteer(places)
    [section] = by_letter([Entry(place, gazetteer.name(place), gazetteer.name(place), 0) for place in places])
    assert [entry.name for entry in section.entries] == ["Koshka (Gori)", "Koshka (Java)"]


def test_a_place_without_a_point_has_no_map():
    entry = Entry(Place(id="a", name_en="A"), "A", "A", 0)
    assert (entry.view, entry.precision) == ("", "No point is known")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GeoNames 1", [("GeoNames 1", False)]),
        (
            "in (https://a.example/x/); then",
            [("in (", False), ("https://a.example/x/", True), (")", False), ("; then", False)],
        ),
        ("https://a.example/b_(c)", [("https://a.example/b_(c)", True)]),
        ("see https://a.example/b.", [("see ", False), ("https://a.example/b", True), (".", False)]),
    ],
)
def test_addresses_in_a_source_become_links(text, expected):
    assert parts(text) == expected


def test_an_alias_is_read_in_the_language_of_its_script():
    assert [script_of(each) for each in ("Uista", "Уиста", "უისტა", "944")] == ["en", "ru", "ka", "en"]


def test_an_incident_leads_to_its_place_and_its_crossing(client):
    text = client.get("/incidents/2019-08-24-georgian-post-established").text
    assert 'href="/places#place-tsnelisi"' in text
    closed = client.get("/incidents/2019-09-04-crossings-closed").text
    assert 'href="/checkpoints?day=2019-09-04#crossing-odzisi-mosabruni"' in closed
