"""A reader keeps the site on the device and comes back without a network."""

from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.browser.conftest import served

STORED = """async () => [
    (await caches.keys()).length,
    (await navigator.serviceWorker.getRegistrations()).length,
    localStorage.length, sessionStorage.length, document.cookie.length]"""


@pytest.fixture
def own_server(shipped_instance):
    """A server of this test alone, and what ends it: its address is a site of its own."""
    from geoapp.config import Settings

    with ExitStack() as stack:
        yield stack.enter_context(served(Settings(instance_dir=shipped_instance))), stack.close


@pytest.fixture
def reader(browser):
    """A browser of one reader, which remembers what it keeps."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def test_nothing_is_stored_for_a_reader_who_did_not_ask(own_server, reader):
    address, _ = own_server
    for path in ("/", "/incidents", "/stories/chorchana-tsnelisi-2019", "/keep"):
        reader.goto(address + path)
        reader.wait_for_load_state("networkidle")
        assert reader.evaluate(STORED) == [0, 0, 0, 0, 0]


def test_what_was_kept_opens_without_a_network_and_is_taken_away_on_demand(own_server, reader, until):
    address, end = own_server
    reader.goto(address + "/keep")
    reader.get_by_role("button", name="Keep on this device").click()
    reader.get_by_role("button", name="Renew the copy").wait_for()
    expect(reader.locator("#keep-status")).to_contain_text("the data of version")
    end()
    reader.goto(address + "/?category=drone")
    expect(reader.locator(".kept-note")).to_contain_text("this is the copy of")
    until(reader, "window.boundaryMap?.hasMarks")
    until(reader, "!document.querySelector('#query .count').textContent.startsWith('252 of')")
    reader.goto(address + "/incidents/2019-09-01-drone-downed")
    expect(reader.get_by_role("heading", name="South Ossetian drone lost near Tsnelisi")).to_have_count(1)
    expect(reader.locator(".kept-note")).to_contain_text("this is the copy of")
    reader.goto(address + "/incidents?q=drone")
    expect(reader.locator(".kept-note")).to_contain_text("This view was not kept")
    reader.goto(address + "/keep")
    reader.get_by_role("button", name="Remove").click()
    until(reader, "document.getElementById('keep-status').textContent.startsWith('Removed')")
    assert reader.evaluate(STORED)[:2] == [0, 0]


def test_a_copy_that_cannot_be_finished_leaves_nothing(own_server, reader):
    address, _ = own_server
    reader.route("**/incidents/key/*", lambda route: route.abort())
    reader.goto(address + "/keep")
    reader.get_by_role("button", name="Keep on this device").click()
    reader.get_by_text("It could not be kept; nothing was changed.").wait_for()
    assert reader.evaluate(STORED)[:2] == [0, 0]


@pytest.mark.parametrize("width", [320, 1366])
def test_axe_finds_nothing(own_server, reader, width):
    reader.set_viewport_size({"width": width, "height": 700})
    reader.goto(own_server[0] + "/keep")
    assert violations(reader) == []
    assert reader.evaluate("document.documentElement.scrollWidth") == width
