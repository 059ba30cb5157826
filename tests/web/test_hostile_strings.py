"""The big list of naughty strings, and data files full of markup, on every page and in every export.

`test_hostile_texts` looks closely at a few texts on the readers' pages; here all of them go everywhere.
"""

import csv
import io
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import orjson
import pytest

from geoapp.cli.opening import open_store
from geoapp.config import Settings
from geoapp.incident import FIELD_BY_COLUMN
from geoapp.ingest import prepare, read_table
from geoapp.kinds import LINE
from geoapp.query import Filters
from geoapp.web.app import create_app
from tests.hostile import CONTROLS, EVERY, FREE, LED, MARK, OURS, csv_of, data_dir, rows

CONTACT = "{{7*191}}&lt;b&gt;@example.org"
ALLOWED_SCRIPT = re.compile(r"/static/[0-9a-f]{16}/(js|vendor/leaflet)/[\w.-]+|/map/shell\.[0-9a-f]+\.js")
# Keys are numbers made from ids; any digits may stand in them.
KEYS = re.compile(r'data-key="\d+"|/incidents/key/\d+')
DATA_BLOCKS = ("application/json", "application/ld+json")
PER_PAGE = 100


class _Page(HTMLParser):
    """What a page would run or follow, and the text that it shows."""

    def __init__(self, text):
        super().__init__()
        self.faults, self.words, self.links = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.faults += [f"{tag} {name}" for name in named if name.startswith("on") or name == "style"]
        if tag in ("style", "iframe", "object", "embed", "base", "plaintext"):
            self.faults.append(tag)
        source = named.get("src", "inline")
        is_data = named.get("type") in DATA_BLOCKS
        if tag == "script" and not is_data and not ALLOWED_SCRIPT.fullmatch(source):
            self.faults.append(f"script {source}")
        if tag == "img" and not source.startswith(("/static/", "/map/")):
            self.faults.append(f"img {source}")
        target = named.get("href")
        self.links.append(target)
        if target is not None and not target.startswith(("/", "#", "?", "http://", "https://", "mailto:")):
            self.faults.append(f"{tag} to {target}")

    def handle_data(self, data):
        self.words.append(data)

    @property
    def said(self):
        return " ".join("".join(self.words).split())


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    """The application on a store and a data folder in which every free text is hostile."""
    folder = tmp_path_factory.mktemp("strings")
    settings = Settings(instance_dir=folder / "{{7*191}} it's", data_dir=data_dir(folder), contact=CONTACT)
    store = open_store(settings, create=True)
    table = read_table(csv_of(rows()), "{{7*191}}<b>.csv")
    store.commit(prepare(store, table, author=MARK, public_note=MARK, private_note=MARK))
    store.close()
    return create_app(settings)


@pytest.fixture(scope="module")
def ask(application):
    """Fetches an address that must answer 200, with nothing in it worked out by a template."""
    client = application.test_client()

    def ask(address):
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200, (address, answer.text[:500])
        assert "1337" not in answer.headers.get("Link", "")
        return answer

    return ask


def _clean(answer, address):
    page = _Page(answer.text)
    assert page.faults == [], address
    assert "1337" not in KEYS.sub("", answer.text), address
    return page


def _shown(text):
    return " ".join(_as_read(text).split())


def _as_read(text):
    """The apostrophe that hides a formula from a spreadsheet is not part of the text."""
    return text[1:] if re.match(r"'+[=+\-@\t\r]", text) else text


def _as_kept(name, text):
    """What stands of a cell: blanks around a single line are nobody's words."""
    text = _as_read(text)
    return re.sub(r"^[^\S\t\r\n]+|[^\S\t\r\n]+$", "", text) if FIELD_BY_COLUMN[name].kind is LINE else text


def _as_exported(text):
    return f"'{text}" if re.match(r"'*[=+\-@\t\r]", text) else text


def test_the_page_of_every_incident_shows_its_texts_as_text(ask):
    for number, text in enumerate(EVERY):
        address = f"/incidents/text-{number:03}"
        said = _clean(ask(address), address).said
        # Title, summary, statement, publisher, title of the source: each stands there as it came in.
        assert said.count(_shown(text)) >= 5, (address, text)
        assert MARK in said, address


def test_other_views_of_an_incident_run_nothing(ask, application):
    with application.test_request_context():
        known = {
            each.incident.id: each.key for each in application.extensions["geoapp.store"].find(Filters())
        }
    for number, text in enumerate(OURS):
        for address in (f"/incidents/text-{number:03}/v/1", f"/incidents/key/{known[f'text-{number:03}']}"):
            assert _shown(text) in _clean(ask(address), address).said, address
    for number, text in enumerate(LED):
        address = f"/incidents/led-{number:03}"
        assert _shown(text) in _clean(ask(address), address).said, address


@pytest.mark.parametrize("address", ["/incidents", "/map/rows", "/map/place"])
def test_lists_show_every_title_as_text(ask, address):
    pages = [
        _clean(ask(f"{address}?limit={PER_PAGE}&offset={offset}&bbox=43,42,44,43"), address).said
        for offset in range(0, len(EVERY) + len(LED), PER_PAGE)
    ]
    everything = " ".join(pages)
    assert [text for text in EVERY if _shown(text) not in everything] == []


@pytest.mark.parametrize("address", ["/", "/?group=people_held", "/methodology", "/incidents?q=script"])
def test_pages_show_the_texts_of_the_data_folder_as_text(ask, address):
    page = _clean(ask(address), address)
    assert MARK in page.said
    assert any(CONTACT in unquote(each or "") for each in page.links)


@pytest.mark.parametrize(
    "address", ["/", "/incidents", "/map/rows", "/map/keys", "/map/facets", "/exports/incidents.geojson"]
)
def test_a_search_for_it_finds_or_finds_nothing(application, address):
    client = application.test_client()
    for text in OURS:
        answer = client.get(address, query_string={"q": text})
        assert answer.status_code == 200, (text, answer.text[:300])
        assert "1337" not in KEYS.sub("", answer.data.decode("latin-1"))


@pytest.mark.parametrize("name", ["category", "actor", "publisher", "place", "sortby", "bbox", "datetime"])
@pytest.mark.parametrize("address", ["/incidents", "/map/rows", "/exports/incidents.csv"])
def test_as_a_value_of_a_filter_it_is_told_as_text(application, address, name):
    client = application.test_client()
    for text in OURS:
        answer = client.get(address, query_string={name: text})
        assert answer.status_code in (200, 302, 308, 400), text
        assert "1337" not in KEYS.sub("", answer.text)
        if answer.mimetype == "text/html":
            assert _Page(answer.text).faults == []


def test_what_the_map_fetches_is_data(ask, application):
    page = ask("/").text
    addresses = set(re.findall(r"/map/(?:layers|crossings|shell|chunks)[/.][\w.-]+", page))
    manifest = ask("/map/manifest.json").json
    assert {_as_read(text) for text in OURS} < set(manifest["places"])
    chunks = {f"/map/chunks/{chunk[0]}.bin" for chunk in manifest["chunks"]}
    assert any("shell" in each for each in addresses) and any("layers" in each for each in addresses)
    for address in addresses | chunks | {"/map/keys", "/map/facets"}:
        answer = ask(address)
        if answer.mimetype == "text/javascript":
            assert "*191" not in answer.text and "1337" not in answer.text and "alert" not in answer.text
        assert answer.mimetype != "text/html"


def test_geojson_gives_back_what_came_in(ask):
    found = {each["id"]: each["properties"] for each in ask("/exports/incidents.geojson").json["features"]}
    assert len(found) == len(EVERY) + len(LED)
    for each in rows():
        properties = found[each["id"]]
        for name in FREE:
            value = properties[name] if name in properties else properties["reports"][0][name]
            assert value == _as_kept(name, each[name]), (each["id"], name)


def test_csv_gives_back_what_came_in_and_can_come_in_again(ask, application):
    content = ask("/exports/incidents.csv").data
    found = {each["id"]: each for each in csv.DictReader(io.StringIO(content.decode(), newline=""))}
    for each in rows():
        for name in FREE:
            assert found[each["id"]][name] == _as_exported(_as_kept(name, each[name])), (each["id"], name)
    store = application.extensions["geoapp.store"]
    with application.test_request_context():
        assert prepare(store, read_table(content, "again.csv")).changes == ()


def test_json_that_a_page_carries_cannot_end_its_script(ask):
    for block in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', ask("/").text, re.S):
        assert "<" not in block
        orjson.loads(block)


@pytest.mark.parametrize("address", ["/exports/LICENSES.txt", "/sitemap.xml", "/robots.txt", "/healthz"])
def test_other_files_run_nothing(ask, address):
    answer = ask(address)
    assert answer.mimetype != "text/html"
    assert "1337" not in answer.text
    if address == "/sitemap.xml":
        assert "<script" not in answer.text


def test_control_characters_never_get_as_far_as_a_page(application):
    client = application.test_client()
    for char in CONTROLS:
        assert client.get("/incidents", query_string={"q": char}).status_code in (200, 302, 400)
        assert client.get("/incidents", query_string={"publisher": f"a{char}b"}).status_code == 400
