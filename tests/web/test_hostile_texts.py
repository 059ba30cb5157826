"""Whatever an editor or a source wrote is shown as text, on every page."""

import html
import re
from html.parser import HTMLParser

import pytest

from geoapp.query import Filters
from geoapp.web import context
from tests.web.conftest import HOSTILE

PAGES = (
    "/incidents",
    "/incidents?sortby=title",
    "/methodology",
    "/checkpoints",
    "/places",
    "/changes",
    "/changes/2",
    "/sitemap.xml",
)
ALLOWED_SCRIPT = re.compile(r"/static/[0-9a-f]{16}/js/[\w.-]+")


class _Read(HTMLParser):
    """Collects what the page would run, and what it says."""

    def __init__(self):
        super().__init__()
        self.handlers, self.scripts, self.styles, self.links, self.words = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.handlers += [name for name in named if name.startswith("on")]
        # A block of data is not run; test_citing holds that nothing in it can end it.
        if tag == "script" and named.get("type") != "application/ld+json":
            self.scripts.append(named.get("src", "inline"))
        if tag == "style" or "style" in named:
            self.styles.append(tag)
        if tag == "a":
            self.links.append(named)

    def handle_data(self, data):
        self.words.append(data)


def _read(text):
    page = _Read()
    page.feed(text)
    return page


@pytest.fixture(scope="module")
def addresses(hostile_app):
    with hostile_app.test_request_context():
        records = context.store().find(Filters())
    assert len(records) == len(HOSTILE)
    singles = [f"/incidents/{record.incident.id}" for record in records]
    cards = [f"/incidents/key/{record.key}" for record in records]
    return [*PAGES, *singles, *[f"{each}/v/1" for each in singles], *cards]


def test_nothing_written_by_a_person_is_executed_anywhere(hostile_app, addresses):
    client = hostile_app.test_client()
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "1337" not in answer.text, address
        page = _read(answer.text)
        assert page.handlers == [] and page.styles == [], address
        assert all(ALLOWED_SCRIPT.fullmatch(source) for source in page.scripts), address


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_the_text_is_shown_as_it_was_written(hostile_app, name):
    said = " ".join(_read(hostile_app.test_client().get(f"/incidents/hostile-{name}").text).words)
    wanted = HOSTILE[name].split()
    assert " ".join(wanted) in " ".join(said.split())


def test_a_text_that_turns_the_direction_turns_none_of_our_words(hostile_app, addresses):
    client, turned = hostile_app.test_client(), HOSTILE["turned"]
    shown = 0
    for address in addresses:
        words = "".join(_read(client.get(address).text).words)
        assert words.count(turned) == words.count(turned + "\u2069\u202c"), address
        shown += words.count(turned)
    assert shown > 20


def test_the_public_note_of_a_batch_is_text_too(hostile_app):
    text = hostile_app.test_client().get("/incidents/hostile-long").text
    assert html.escape("{{7*191}}") in text
    assert "<script>alert" not in text


def test_every_outward_link_is_http_and_cut_off_from_this_page(hostile_app, addresses):
    client = hostile_app.test_client()
    for address in addresses:
        for link in _read(client.get(address).text).links:
            target = link.get("href", "")
            if target.startswith("http") and "localhost" not in target:
                assert link["rel"] == "noopener noreferrer" and link["target"] == "_blank", target
            else:
                assert target.startswith(("/", "#", "http://localhost", "mailto:")), target


def test_a_hostile_address_is_repeated_as_text(client):
    answer = client.get("/incidents?category=<script>alert(1)</script>{{7*191}}")
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text and "1337" not in answer.text
    assert "&lt;script&gt;" in answer.text
