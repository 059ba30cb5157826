"""A journalist puts the map into a page of their own; its readers open records there."""

import re

import pytest
from playwright.sync_api import expect

from tests.axe import violations

LINKED = "document.getElementById('whole').href.includes('#map=')"
MARKS = "[...document.querySelectorAll('.map-mark')].filter((mark) => /incident/.test(mark.ariaLabel))"
CRISIS = "datetime=2019-08-24/2019-10-31"


def test_a_record_opens_over_the_map_by_keyboard_and_gives_the_focus_back(open_page, until):
    page = open_page("/embed?category=casualty&datetime=2019-10-28", width=800, height=480)
    until(page, LINKED, "the frame has its view, and answers to its marks")
    until(page, f"{MARKS}.length === 1", "the only mark of what was asked for")
    mark = page.get_by_role("button", name="1 incident")
    mark.first.focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog", name="Incident", exact=True)
    card.get_by_text("Akhalgori resident dies after delayed transfer").wait_for()
    expect(card.locator(".card-sources a[href^='http']").nth(2)).to_be_attached()
    assert page.evaluate("document.querySelector('base').target") == "_blank"
    page.keyboard.press("Escape")
    until(page, "document.getElementById('card').hidden && document.activeElement.getAttribute('aria-label')")


def test_it_opens_on_what_was_asked_for_and_leads_to_the_same_view(open_page, until):
    page = open_page(f"/embed?{CRISIS}", width=800, height=480)
    until(page, LINKED)
    expect(page.locator("#whole")).to_have_attribute("href", re.compile(re.escape(CRISIS)))
    assert page.locator("#stage").bounding_box()["height"] > 380


def test_the_map_gives_the_frame_that_shows_what_stands_there(open_page, until):
    page = open_page("/?category=drone")
    until(page, "window.boundaryMap?.hasMarks")
    page.get_by_role("button", name="Zoom in").click()
    until(page, "location.hash.includes('map=')")
    page.locator("#embed summary").click()
    until(page, "document.getElementById('embed-code').value.includes('#map=')")
    code = page.locator("#embed-code").input_value()
    assert 'src="http://127.0.0.1' in code and "/embed?category=drone#map=" in code


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 800])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_page, until, width, scheme):
    page = open_page(f"/embed?{CRISIS}", width=width, height=480, color_scheme=scheme)
    until(page, LINKED)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
