"""A reader of a map whose incidents cannot be read is told so for good, and goes on with list and filters."""

import pytest
from playwright.sync_api import expect

TOLD = "The map's data could not be loaded. Filters and list still work."


@pytest.fixture
def page(browser, base_url):
    """The map without its newest chunk; not watched, because the failure is the story."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, base_url=base_url)
    page = context.new_page()
    page.route("**/map/chunks/*.bin", lambda route: route.fulfill(status=503, body="damaged"))
    page.goto("/")
    yield page
    context.close()


def test_a_damaged_chunk_is_told_and_stays_told(page):
    toast = page.locator("#toast")
    expect(toast).to_have_text(TOLD)
    # What is said of passing things goes after 2.5 s.
    page.wait_for_timeout(3_000)
    expect(toast).to_have_text(TOLD)
    assert page.locator("#rows a[data-key]").count() > 10


def test_a_choice_is_answered_by_the_server_when_the_map_has_no_data(page, until):
    expect(page.locator("#toast")).to_have_text(TOLD)
    found = page.inner_text("li:has(> label > input[name=group][value=airspace]) > label .n")
    page.check("input[name=group][value=airspace]")
    until(page, f"document.querySelector('#query .count').textContent.startsWith('{found} of 252')")
    assert "group=airspace" in page.url
