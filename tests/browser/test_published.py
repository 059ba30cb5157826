"""The stories of readers again, on a published folder that a plain file server serves from a subfolder."""

import functools
import http.server
import re
import threading
from contextlib import contextmanager
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import expect

from geoapp.config import Settings
from geoapp.query import parse_filters
from geoapp.store import Store
from tests.axe import violations
from tests.browser import (
    test_filters_and_words,
    test_reading_in_georgian,
    test_reading_the_crisis,
    test_story,
    test_timeline,
)
from tests.browser.conftest import watched
from tests.published import published_once

SUB = "/press/map"
KEYS = """async (query) => {
  const answer = await fetch(document.getElementById("app").dataset.keys + query);
  return [...new Uint32Array(await answer.arrayBuffer())];
}"""
FACETS = 'async (query) => (await fetch(document.getElementById("app").dataset.facets + query)).json()'
TITLES = "[...document.querySelectorAll('.list-results th.t a')].map((link) => link.textContent)"

# The same functions as on a server; here they meet the fixtures of this module.
test_two_days_and_an_area = (
    test_reading_the_crisis.test_two_days_and_one_area_are_said_counted_and_in_the_address
)
test_a_category_and_reloading = (
    test_reading_the_crisis.test_a_category_narrows_further_and_reloading_gives_the_same_view
)
test_focus_after_a_record = test_reading_the_crisis.test_escape_closes_the_record_and_gives_the_focus_back
test_previous_and_next = test_reading_the_crisis.test_previous_and_next_walk_through_what_was_found
test_counts_beside_choices = test_filters_and_words.test_counts_beside_choices_leave_their_own_group_out
test_search_in_step_with_the_list = (
    test_filters_and_words.test_search_finds_by_words_of_the_accounts_in_step_with_the_list
)
test_chips = test_filters_and_words.test_chips_say_each_choice_and_take_it_out
test_switching_the_language = test_reading_in_georgian.test_switching_the_language_keeps_filters_and_view
test_a_story = test_story.test_the_story_is_walked_through_with_the_keyboard
test_the_day_of_a_record = test_timeline.test_the_map_is_shown_on_the_day_of_a_record


class _Files(http.server.SimpleHTTPRequestHandler):
    """A file server as a USB stick would be opened with: no rewrites, no codings, no query."""

    def log_message(self, *_):
        """Say nothing on the test's output."""


@contextmanager
def _served(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Files, directory=folder))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


@pytest.fixture(scope="module")
def base_url(shipped_instance, tmp_path_factory):
    """Address of the file server; the site stands below SUB."""
    folder = published_once(shipped_instance, tmp_path_factory, SUB)
    with _served(folder) as address:
        yield address


@pytest.fixture
def open_page(browser, base_url):
    """Opens pages of the published site by their address below its root."""
    with watched(browser, base_url) as opened:
        yield lambda path="/", **options: opened(SUB + path, **options)


@pytest.fixture(scope="module")
def store(shipped_instance):
    """The store that the site was published from."""
    with Store.open(Settings(instance_dir=shipped_instance).store_url) as opened:
        yield opened


QUERIES = (
    "?q=Chorchana",
    "?q=ჩორჩანა",
    "?q=ᲩᲝᲠᲩᲐᲜᲐ",
    "?q=Цнелис",
    "?q=цнел",
    "?q=fence tsnel",
    "?q=the Chorch",
    "?q=horchana",
    "?q=!!",
    "?q=AMBULANCE&datetime=2019-08-24/2019-10-31",
    "?actor=GE_GOV",
    "?actor=GE_GOV,EUMM&status=disputed",
    "?publisher=Civil.ge&language=en",
    "?language=ru,ka&party=south_ossetian_authorities",
    "?category=detention,release&datetime=2015-01-01/..",
    "?group=airspace&q=drone",
    "?differs=true&located=true",
    "?located=false",
    "?status=retracted",
    "?precision=village&place=Chorchana,Tsnelisi",
    "?area=aoi-chorchana-tsnelisi&bbox=43.5,42,43.9,42.3",
)


def test_the_browser_finds_what_the_store_finds(open_page, store):
    page = open_page("/")
    for query in QUERIES:
        filters = parse_filters(parse_qsl(query[1:]), store.vocabulary())
        assert page.evaluate(KEYS, query) == store.keys(filters), query
        counts = store.facets(filters)
        found = page.evaluate(FACETS, query)
        assert found == {name: counts[name] for name in ("actor", "publisher", "language")}, query


def test_the_list_shows_what_its_address_asks_for_in_the_order_asked_for(open_page, store, until):
    query = "?q=Chorchana&datetime=2019-08-24/2019-10-31&sortby=-date"
    filters = parse_filters(parse_qsl(query[1:]), store.vocabulary())
    titles = [record.incident.title for record in store.find(filters)]
    page = open_page(f"/incidents/{query}")
    until(page, f"{TITLES}.length === 25 && {TITLES}[0] === {titles[0]!r}")
    assert page.evaluate(TITLES) == titles[:25]
    expect(page.locator(".list-top .q")).to_contain_text(f"{len(titles)} of 252 incidents")
    page.click("nav.pag a[rel=next]")
    until(page, f"{TITLES}.length === {len(titles) - 25}")
    assert page.evaluate(TITLES) == titles[25:]


def test_the_form_of_the_list_narrows_it_and_a_record_opens_with_its_sources(open_page, until):
    page = open_page("/ka/incidents/")
    page.fill("form.filters [name=q]", "ჩორჩანა")
    page.fill("form.filters [name=from]", "2019-08-24")
    page.click("form.filters button[type=submit]")
    until(page, "location.search.startsWith('?datetime=2019-08-24/..&q=')")
    until(page, "document.querySelectorAll('.list-top .chips a').length === 2")
    page.click(".list-results th.t a >> nth=0")
    page.wait_for_url("**/ka/incidents/2019-*/")
    expect(page.locator("#sources a[href^=http]")).not_to_have_count(0)
    page.click("header .mast-wide a[hreflang=ru]")
    page.wait_for_url("**/ru/incidents/2019-*/")
    expect(page.locator("html")).to_have_attribute("lang", "ru")


def test_without_a_script_pages_and_lists_are_read_by_links_alone(open_page):
    page = open_page("/", java_script_enabled=False)
    page.click("header .mast-wide a >> text=Incidents")
    first = page.inner_text(".list-results th.t a >> nth=0")
    page.click("nav.pag a[rel=next]")
    page.wait_for_url("**/incidents/offset/25/")
    expect(page.locator(".list-results th.t a").first).not_to_have_text(first)
    page.click(".list-results th.t a >> nth=0")
    page.click("#history a")
    page.wait_for_url("**/incidents/*/")
    page.click("header .mast-wide a >> text=Changes")
    expect(page.locator("main a[href*='incidents/']")).not_to_have_count(0)


def test_a_frame_for_other_sites_says_what_its_address_finds(open_page, store, until):
    query = "?q=Tsnelisi&datetime=2019-08-24/2019-10-31"
    count = store.count(parse_filters(parse_qsl(query[1:]), store.vocabulary()))
    page = open_page(f"/embed/{query}")
    until(page, f"document.querySelector('.em-bar b').textContent === '{count} incidents'")
    expect(page.locator("#whole")).to_have_attribute("href", re.compile(r"\?q=Tsnelisi"))


@pytest.mark.parametrize("path", ["/", "/incidents/", "/places/", "/stories/", "/ka/"])
def test_axe_finds_nothing_on_a_published_page_and_it_fits_a_phone(open_page, until, path):
    page = open_page(path)
    if path in ("/", "/ka/"):
        until(page, "window.boundaryMap?.hasMarks")
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert violations(page) == [], f"at {width} px"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
