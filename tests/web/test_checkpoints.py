"""Crossing points: every site, the states of a day, the reports behind them."""

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from geoapp.kinds import NumberRange
from geoapp.query import parse_filters
from geoapp.reference import CheckpointState
from geoapp.web import context
from geoapp.web.readers.checkpoints import describe
from geoapp.web.readers.dated_states import contradict, ordinal, schedule, strip


def _text(answer):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def _section(answer, identifier):
    start = answer.text.index(f'<article class="site crossing" id="{identifier}"')
    return answer.text[start : answer.text.index("</article>", start)]


def _state(**changed):
    known = {
        "checkpoint": "c",
        "first": date(2020, 1, 1),
        "last": None,
        "state": "open",
        "source_url": "https://a.example/",
    }
    return CheckpointState(**known | changed)


def test_every_site_stands_under_its_own_anchor_with_sources(app, client):
    answer = client.get("/checkpoints")
    assert answer.status_code == 200
    with app.test_request_context():
        layers = context.reference().layers.of_role("checkpoints")
    features = [each for layer in layers for each in layer.features]
    assert len(features) == 17
    for each in features:
        assert answer.text.count(f'id="{each.id}"') == 1
        assert each.properties["name"] in html.unescape(answer.text)
        for address in each.properties["sources"]:
            assert f'href="{html.escape(address)}" target="_blank" rel="noopener noreferrer"' in answer.text


@pytest.mark.parametrize(
    ("day", "states"),
    [
        ("2015-05-05", ["open", "open", "open", "not known", "not known"]),
        ("2019-10-15", ["closed", "open", "closed", "closed", "not known"]),
        ("2020-01-30", ["restricted", "open", "closed", "closed", "not known"]),
        ("2023-02-25", ["open", "sources differ", "sources differ", "closed", "not known"]),
        ("2023-02-10", ["closed", "closed", "closed", "closed", "not known"]),
    ],
)
def test_the_states_of_a_day_are_told_in_words_and_shapes(client, day, states):
    answer = client.get(f"/checkpoints?day={day}")
    table = answer.text[answer.text.index("cp-states") : answer.text.index('class="reg-note"')]
    assert re.findall(r"<b>([^<]+)</b>", table) == states
    codes = {"sources differ": "differs", "not known": "not_known"}
    assert re.findall(r"cp cp-(\w+)", table) == [codes.get(state, state) for state in states]


def test_without_a_day_it_is_today(app, client):
    today = datetime.now(UTC).date().isoformat()
    assert f'value="{today}"' in client.get("/checkpoints").text


def test_a_schedule_is_told_in_words_and_both_sides_of_a_contradiction_stand_there(client):
    section = _section(client.get("/checkpoints?day=2023-02-25"), "crossing-perevi-kardzmani")
    assert "on the 20th to 30th of each month" in section
    assert section.count('class="difw"') == 2 and section.count('class="contradicted"') == 2
    assert section.count("speaks for 25 Feb 2023") == 2


def test_a_report_names_its_host_and_the_incident_that_tells_of_it(client):
    section = _section(client.get("/checkpoints"), "crossing-odzisi-mosabruni")
    assert re.search(r'href="https://civil.ge/archives/318739"[^>]*>civil.ge</a>', section)
    assert 'href="/incidents/2019-09-04-crossings-closed"' in section


def test_a_post_that_was_not_there_yet_is_not_shown_as_standing(client):
    assert "Not there yet: reported from 24 August 2019" in _text(client.get("/checkpoints?day=2019-08-01"))
    assert "No longer there: reported until 18 October 2010" in _text(
        client.get("/checkpoints?day=2019-08-01")
    )
    assert "Not there yet" not in _text(client.get("/checkpoints?day=2019-10-01"))


def test_the_map_and_the_incidents_near_by_are_one_step_away(app, client):
    answer = client.get("/checkpoints?day=2019-10-15")
    assert 'href="/#day=2019-10-15"' in answer.text
    assert 'href="/#map=12/42.06846/44.48711&amp;day=2019-10-15"' in answer.text
    address, count = re.search(
        r'href="(/incidents\?bbox=[^"]+)">(\d+) incidents near by', answer.text
    ).groups()
    assert f"{count} of 252 incidents" in _text(client.get(address))


def test_a_site_without_a_position_says_so(client):
    assert "No position was found; it is not on the map" in client.get("/checkpoints").text


@pytest.mark.parametrize("value", ["yesterday", "2019-02-30", "2019-2-3", "<script>"])
def test_a_bad_day_is_refused_and_what_is_expected_is_said(client, value):
    answer = client.get("/checkpoints", query_string={"day": value})
    assert answer.status_code == 400
    assert "YYYY-MM-DD" in answer.text and "<script>" not in answer.text


def test_a_day_to_come_is_said_to_be_one(client):
    assert "This day is yet to come" in client.get("/checkpoints?day=9999-12-31").text
    assert "This day is yet to come" not in client.get("/checkpoints").text


@pytest.mark.parametrize(
    ("asked", "clean"),
    [
        ("?utm_source=x", "/checkpoints"),
        ("?day=", "/checkpoints"),
        ("?day=2019-10-15&fbclid=y", "/checkpoints?day=2019-10-15"),
        ("?day=2019-10-15&day=2019-10-16", "/checkpoints?day=2019-10-15"),
    ],
)
def test_what_trackers_and_forms_add_is_sent_to_the_clean_address(client, asked, clean):
    answer = client.get(f"/checkpoints{asked}")
    assert (answer.status_code, answer.headers["Location"]) == (302, clean)


def test_the_validator_follows_the_day_of_the_request(client, monkeypatch):
    before = client.get("/checkpoints").headers["ETag"]
    assert client.get("/checkpoints", headers={"If-None-Match": before}).status_code == 304
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    monkeypatch.setattr(context, "today", lambda: tomorrow)
    assert client.get("/checkpoints", headers={"If-None-Match": before}).status_code == 200


def test_a_strip_covers_whole_years_and_draws_each_known_state(app):
    with app.test_request_context():
        page = describe(context.store(), context.reference(), date(2019, 10, 15), date(2026, 11, 22))
    odzisi = page.crossings[0].strip
    assert (odzisi.years[0], odzisi.years[-1]) == (2008, 2026)
    assert set(odzisi.paths) == {"open", "closed", "restricted"}
    assert page.crossings[0].near is not None
    pairs = page.crossings[0].near.to_pairs()
    assert parse_filters(pairs, context.Vocabulary()) == page.crossings[0].near


def test_a_day_before_the_strip_has_no_mark():
    assert strip([], (date(1990, 1, 1), date(2008, 1, 1), date(2009, 5, 5))).chosen is None


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (None, ""),
        (NumberRange(20, 30), "on the 20th to 30th of each month"),
        (NumberRange(1, 1), "on the 1st of each month"),
    ],
)
def test_schedules_in_words(days, words):
    assert schedule(days) == words


def test_ordinals():
    assert [ordinal(each) for each in (1, 2, 3, 4, 11, 12, 13, 21, 22, 31)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "31st",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"state": "closed"}, True),
        ({"state": "open"}, False),
        ({"state": "closed", "last": date(2020, 2, 1)}, False),
        ({"state": "closed", "days_of_month": NumberRange(1, 5)}, True),
    ],
)
def test_reports_of_equal_length_contradict_each_other(other, expected):
    assert contradict(_state(), _state(**other)) is expected


def test_schedules_that_share_no_day_do_not_contradict():
    one = _state(days_of_month=NumberRange(20, 30))
    assert not contradict(one, _state(state="closed", days_of_month=NumberRange(1, 19)))
