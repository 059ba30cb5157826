"""A reader looks a crossing, a place and a change up, on a desk or a phone, in light and dark."""

import re

import pytest
from playwright.sync_api import expect

from tests.axe import violations

PAGES = (
    "/checkpoints",
    "/checkpoints?day=2023-02-25",
    "/places",
    "/places?q=Uista",
    "/changes",
    "/changes/2",
    "/stories",
    "/stories/chorchana-tsnelisi-2019",
)
SIZES = ((1366, 768), (390, 844))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/checkpoints?day=2023-02-25", "/places?q=Uista", "/changes/2"])
def test_axe_finds_nothing_in_what_was_asked_for(open_page, path, scheme):
    page = open_page(path, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert violations(page) == [], f"at {width} px"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [320, 390])
def test_nothing_scrolls_sideways_and_targets_can_be_hit(open_page, path, width):
    page = open_page(path, width=width, height=700)
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    small = page.evaluate(
        """[...document.querySelectorAll(
            'main button, main input, main summary, .letters a, .site-acts a, .reg-pages a')]
          .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
          .filter(([, box]) => box.width < 23.5 || box.height < 23.5)
          .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
    )
    assert small == []


def test_a_reader_asks_which_crossings_were_open_on_a_day_and_sees_them_on_the_map(open_page):
    page = open_page("/checkpoints", java_script_enabled=False)
    page.fill("#day", "2019-10-15")
    page.click("button:text('Show')")
    expect(page).to_have_url(re.compile(r"/checkpoints\?day=2019-10-15$"))
    expect(page.locator(".cp-states tr:has-text('Perevi-Kardzmani') b")).to_have_text("open")
    expect(page.locator(".cp-states tr:has-text('Odzisi') b")).to_have_text("closed")
    page.click(".cp-states a:text('Sinaguri crossing')")
    expect(page).to_have_url(re.compile(r"#crossing-sinaguri$"))
    assert (
        page.locator(".reg-form a:text('Show the map on that day')").get_attribute("href")
        == "/#day=2019-10-15"
    )


def test_the_map_opens_on_that_day(open_page, until):
    page = open_page("/checkpoints?day=2019-10-15")
    page.click(".reg-form a:text('Show the map on that day')")
    until(
        page,
        "document.getElementById('legend-day')?.textContent.includes('15 Oct 2019')",
        "day of the legend",
    )


def test_a_reader_finds_uista_by_its_georgian_name_and_reads_its_incidents(open_page):
    page = open_page("/places", java_script_enabled=False)
    page.fill("#q", "წნელისი")
    page.keyboard.press("Enter")
    page.wait_for_url("**/places?q=*")
    expect(page.locator(".place")).to_have_count(1)
    page.click(".place .r a")
    expect(page).to_have_url(re.compile(r"/incidents\?place=Tsnelisi"))
    expect(page.locator(".q b")).to_have_text(re.compile("^32 of 252"))


def test_a_version_unfolds_to_its_records_without_javascript(open_page):
    page = open_page("/changes", java_script_enabled=False)
    row = page.locator(".records a >> nth=0")
    expect(row).not_to_be_visible()
    page.click("#v2 summary >> nth=0")
    row.click()
    expect(page).to_have_url(re.compile("/incidents/.*/v/1$"))


@pytest.mark.parametrize("width", [320, 768, 900, 1024, 1151, 1152])
def test_titles_in_the_list_have_room_at_every_width(open_page, width):
    page = open_page("/incidents", width=width)
    rooms = page.evaluate(
        "[...document.querySelectorAll('.inc th.t')].map((each) => each.getBoundingClientRect().width)"
    )
    assert min(rooms) >= 240
