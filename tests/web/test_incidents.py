"""The list: what is asked, what is found, how to ask otherwise."""

import re

import pytest

from geoapp.web.readers import listing

CRISIS = "datetime=2019-08-24/2019-10-31"


def _text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_the_query_is_said_in_one_sentence(client):
    text = _text(client.get(f"/incidents?{CRISIS}"))
    assert "63 of 252 incidents : 24 August – 31 October 2019" in text
    assert "August 2019 24 incidents" in text


def test_a_page_has_25_rows_and_leads_to_the_others(client):
    answer = client.get(f"/incidents?{CRISIS}")
    assert answer.text.count('scope="row" class="t"') == 25
    assert "offset=50" in answer.text
    last = client.get(f"/incidents?{CRISIS}&offset=50")
    assert last.text.count('scope="row" class="t"') == 13
    assert "51–63 of 63" in last.text


def test_a_page_shows_no_more_than_it_can_and_leads_on(client, monkeypatch):
    monkeypatch.setattr(listing, "MOST_ON_PAGE", 40)
    answer = client.get(f"/incidents?{CRISIS}&limit=10000")
    assert answer.text.count('scope="row" class="t"') == 40
    assert "1–40 of 63" in answer.text
    assert "limit=10000&amp;offset=40" in answer.text


def test_each_choice_in_force_has_a_link_that_removes_it_alone(client):
    answer = client.get(f"/incidents?{CRISIS}&status=disputed,single_source")
    assert f'href="/incidents?{CRISIS}&amp;status=single_source"' in answer.text
    assert 'href="/incidents?status=disputed,single_source"' in answer.text


@pytest.mark.parametrize(
    ("asked", "clean"),
    [
        ("utm_source=x&fbclid=y", "/incidents"),
        ("from=2019-08-24&to=2019-10-31&q=", "/incidents?datetime=2019-08-24/2019-10-31"),
        ("category=detention&category=drone", "/incidents?category=detention,drone"),
        ("from=&to=2019-10-31", "/incidents?datetime=../2019-10-31"),
    ],
)
def test_what_a_form_or_a_tracker_adds_is_sent_to_the_clean_address(client, asked, clean):
    answer = client.get(f"/incidents?{asked}")
    assert (answer.status_code, answer.headers["Location"]) == (302, clean)
    assert client.get(clean).status_code == 200


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("category=detension", "detention"),
        ("datetime=yesterday", "YYYY-MM-DD"),
        ("bbox=1,2", "west,south,east,north"),
        ("limit=0", "from 1 to 10000"),
        ("offset=10001", "from 0 to 10000"),
        ("differs=maybe", "true or false"),
    ],
)
def test_a_bad_value_is_refused_and_what_is_expected_is_said(client, asked, told):
    answer = client.get(f"/incidents?{asked}")
    assert answer.status_code == 400
    assert told in answer.text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("bbox=43.5,42,44,42.3", None),
        ("category=detention", 44),
        ("group=people_held", 57),
        ("status=disputed", 28),
        ("precision=region", None),
        ("located=false", 6),
        ("located=true", 246),
        ("differs=true", None),
        ("party=russian_authorities", None),
        ("language=ka", None),
        ("actor=EUMM", None),
        ("place=Tsnelisi", None),
        ("q=drone", None),
        ("sortby=-date", 252),
        ("sortby=title&limit=5", 252),
    ],
)
def test_every_word_of_the_vocabulary_narrows_the_list(client, query, count):
    answer = client.get(f"/incidents?{query}")
    assert answer.status_code == 200
    found = int(re.search(r"<b>([\d,]+) of 252 incidents</b>", answer.text)[1])
    assert found == count if count is not None else 0 < found < 252


def test_a_place_may_be_named_in_any_script(client):
    answer = client.get("/incidents?place=წნელისი")
    assert answer.status_code == 302
    assert "place=Tsnelisi" in answer.headers["Location"]


def test_nothing_found_says_what_each_removal_would_give(client):
    text = _text(client.get(f"/incidents?{CRISIS}&group=people_held"))
    assert "0 of 252 incidents" in text
    assert "That does not mean that nothing happened" in text
    assert "63 incidents without “People held”" in text
    text = _text(client.get(f"/incidents?{CRISIS}&q=nothinglikethis"))
    assert "63 incidents without “nothinglikethis”" in text


def test_dates_known_to_the_month_or_year_show_no_day(client):
    text = _text(client.get("/incidents?datetime=2013-01-01/2013-12-31&sortby=date"))
    assert "2013 year only" in text


def test_what_is_off_the_map_is_counted_and_marked(client):
    assert "not on the map" in _text(client.get("/incidents?located=false"))
    assert "6 not on the map" in _text(client.get("/incidents"))


def test_the_order_can_be_turned(client):
    newest = client.get("/incidents?sortby=-date")
    assert "newest first" in newest.text and "Oldest first" in newest.text
    assert newest.text.index("January 2026") < newest.text.index("December 2025")


def test_an_offset_beyond_the_end_is_an_empty_page_of_the_same_set(client):
    answer = client.get("/incidents?offset=9000")
    assert answer.status_code == 200 and "252 of 252" in answer.text
