"""Stories: an article without a script, every fact linked, every party in its row, a wrong reference said."""

import html
import re
import shutil
from dataclasses import replace

import pytest

from geoapp.config import Settings
from geoapp.web.app import create_app

ADDRESS = "/stories/chorchana-tsnelisi-2019"


def _step(answer, number):
    start = answer.text.index(f'id="step-{number}"')
    end = answer.text.find('<li class="step"', start)
    return html.unescape(answer.text[start:end] if end > 0 else answer.text[start:])


@pytest.fixture
def with_story(shipped_settings, tmp_path):
    """Makes a client whose data folder holds the shipped story after a change of its text."""

    def make(was="", becomes=""):
        folder = tmp_path / "data"
        shutil.copytree(Settings().data_dir, folder)
        path = folder / "stories" / "chorchana-tsnelisi-2019.toml"
        path.write_text(path.read_text(encoding="utf-8").replace(was, becomes), encoding="utf-8")
        return create_app(replace(shipped_settings, data_dir=folder)).test_client()

    return make


def test_all_stories_are_listed_with_their_days(client):
    answer = client.get("/stories")
    assert f'href="{ADDRESS}"' in answer.text and "24 August – 31 October 2019" in answer.text
    assert 'aria-current="page"' in answer.text and "Set-Cookie" not in answer.headers


def test_every_sentence_links_its_incidents_and_every_incident_stands_below(client):
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    for number in range(1, 10):
        step = _step(answer, number)
        refs = re.findall(r'class="ref" href="/incidents/([^"]+)"[^>]*>(\d+)<', step)
        listed = re.findall(r'<span class="soft num">\d+</span> <a href="/incidents/([^"]+)"', step)
        assert refs and all(listed[int(place) - 1] == identifier for identifier, place in refs)
        assert len(re.findall('<span class="refs"><a', step)) == step.count('<span class="refs">')


def test_parties_stand_in_their_order_and_silence_is_said(client):
    step = _step(client.get(ADDRESS), 3)
    rows = re.findall(r"<div><dt>([^<]+)</dt>", step)
    assert rows == [
        "Georgian authorities",
        "South Ossetian authorities",
        "Russian authorities",
        "International",
    ]
    assert re.search(r"<dt>Russian authorities</dt>\s*<dd class=\"none\">no statement found</dd>", step)
    assert 'href="https://cominf.org/en/node/1166524936" target="_blank" rel="noopener noreferrer"' in step


def test_others_have_a_row_where_they_speak(client):
    assert "<dt>Residents and civil society</dt>" in _step(client.get(ADDRESS), 5)


def test_each_step_has_its_map_with_marks_radii_and_a_way_to_the_map(client):
    step = _step(client.get(ADDRESS), 3)
    assert step.count("<svg") == 1 and 'class="lo-line"' in step and 'class="lo-radius' in step
    assert "Shots reported (disputed)" in step
    assert 'href="/?datetime=2019-08-29#map=10/' in step and "&day=2019-08-29" in step


def test_an_unknown_story_is_not_found(client):
    assert client.get("/stories/another").status_code == 404


@pytest.mark.parametrize("was", ["2019-09-01-drone-downed/5", "2019-08-29-reports-of-shots"])
def test_a_reference_to_nothing_is_an_error_that_names_it(with_story, was):
    answer = with_story(f'"{was}"', '"2019-09-01-no-such/1"').get(ADDRESS)
    assert answer.status_code == 422 and "2019-09-01-no-such" in html.unescape(answer.text)


def test_text_of_a_story_is_text(with_story):
    answer = with_story("A post in the forest", "{{7*191}} <script>alert(1)</script>").get(ADDRESS)
    assert answer.status_code == 200 and "1337" not in answer.text
    assert "{{7*191}} &lt;script&gt;" in answer.text and "<script>alert" not in answer.text
