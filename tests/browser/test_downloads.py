"""An analyst narrows the map, takes the data out, copies a checksum and a recipe."""

import re

import pytest
from playwright.sync_api import expect

from tests.axe import violations

CRISIS = "/downloads?datetime=2019-08-24/2019-10-31"
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
COPIED = "navigator.clipboard.readText()"


@pytest.mark.parametrize("width", [1366, 390, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_axe_finds_nothing(open_page, width, scheme):
    page = open_page(CRISIS, width=width, height=844, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


def test_a_checksum_and_a_recipe_are_copied_whole(open_page, until):
    page = open_page(CRISIS, **CLIPBOARD)
    page.click(".dl-files tbody tr:first-child .sum:nth-child(3) button")
    until(page, "document.querySelector('.dl-sum button').textContent === 'Copied'")
    assert page.evaluate(COPIED) == page.get_attribute(".dl-sum >> nth=0", "data-copy")
    page.locator("#recipes .dl-copied").last.hover()
    page.locator("#recipes .dl-copied button").last.click()
    until(page, "[...document.querySelectorAll('.dl-copied button')].at(-2).textContent !== ''")
    assert "checksums.txt" in page.evaluate(COPIED)


def test_without_javascript_everything_is_there(open_page):
    page = open_page(CRISIS, java_script_enabled=False)
    expect(page.locator(".dl-query p")).to_have_text("Your filter: 63 of 252 incidents")
    expect(page.locator(".dl-files tbody tr")).to_have_count(6)
    assert page.locator(".dl-sum").first.inner_text().endswith("…")
    page.click("text=24 Aug")
    expect(page).to_have_url(re.compile(r"/downloads$"))


def test_the_map_leads_to_all_forms_of_what_is_seen(open_page, until):
    page = open_page("/?datetime=2019-08-24/2019-10-31")
    until(page, "document.querySelector('#hist svg path.bar') !== null")
    page.click("#download summary")
    page.click("#download a:text('Downloads')")
    expect(page.locator(".dl-query p")).to_have_text("Your filter: 63 of 252 incidents")
