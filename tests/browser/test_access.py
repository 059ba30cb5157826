"""What axe finds, what works without JavaScript, and what fits a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.axe import violations

INCIDENT = "/incidents/2019-08-24-georgian-post-established"
PAGES = (
    "/",
    "/incidents",
    INCIDENT,
    "/methodology",
    "/places",
    "/checkpoints",
    "/changes",
    "/stories",
    "/stories/chorchana-tsnelisi-2019",
    "/downloads",
    "/keep",
    "/embed",
    "/nowhere",
    "/ka/",
    "/ru" + INCIDENT,
)
WIDE, NARROW = (1366, 768), (390, 844)
CRISIS = "/?datetime=2019-08-24/2019-10-31"
READY = "document.querySelector('#hist svg path.bar') !== null"
WITH_MARKS = ("/", "/embed", "/ka/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_at_either_size(open_page, until, path, scheme):
    page = open_page(path, color_scheme=scheme, expected=(404,) if path == "/nowhere" else ())
    if path in WITH_MARKS:
        until(page, "window.boundaryMap?.hasMarks")
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    for width, height in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": height})
        assert violations(page) == [], f"at {width} px"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_with_a_record_open(open_page, until, scheme):
    page = open_page(CRISIS, color_scheme=scheme)
    until(page, READY)
    page.click("#rows li:nth-child(2) a")
    until(page, "document.querySelector('#record-body .card') !== null")
    assert violations(page) == []


def test_axe_finds_nothing_in_the_open_filters_of_a_phone(open_page, until):
    page = open_page(CRISIS, width=NARROW[0], height=NARROW[1])
    until(page, READY)
    page.click("#filters-open")
    until(page, "document.querySelector('#filters').classList.contains('is-sheet')")
    assert violations(page) == []


def test_without_javascript_the_form_filters_and_the_list_is_there(open_page):
    page = open_page("/", java_script_enabled=False)
    expect(page.locator("#query .count")).to_have_text("252 of 252 incidents")
    page.check("input[name=group][value=airspace]")
    page.check("input[name=group][value=posts_and_forces]")
    page.fill(".days-form input[name=from]", "2019-08-24")
    page.fill(".days-form input[name=to]", "2019-10-31")
    page.click("button:text('Apply')")
    expect(page).to_have_url(
        re.compile(r"/\?datetime=2019-08-24/2019-10-31&group=posts_and_forces,airspace$")
    )
    expect(page.locator("#query .count")).to_have_text("18 of 252 incidents")
    expect(page.locator("#rows li a")).to_have_count(18)
    page.click("#rows li a >> nth=0")
    expect(page).to_have_url(re.compile(r"/incidents/2019-"))


def test_without_javascript_a_phone_comes_to_what_was_said_in_three_steps(open_page):
    page = open_page("/", width=390, height=844, java_script_enabled=False)
    page.fill("input[name=q]", "Tsnelisi")
    page.fill(".days-form input[name=from]", "2019-08-20")
    page.fill(".days-form input[name=to]", "2019-08-31")
    page.click(".days-form button")
    expect(page.locator("#query .count")).to_have_text("15 of 252 incidents")
    page.click("#filters noscript a")
    expect(page).to_have_url(re.compile(r"/incidents\?datetime=2019-08-20/2019-08-31&q=Tsnelisi$"))
    expect(page.locator(".inc th.t a")).to_have_count(15)
    page.click(".inc th.t a >> nth=0")
    expect(page.locator(".said")).not_to_have_count(0)


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_scrolls_sideways_and_targets_can_be_hit(open_page, until, width):
    page = open_page(CRISIS + "&area=aoi-chorchana-tsnelisi", width=width, height=700)
    until(page, READY)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.click("#filters-open")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    small = page.evaluate(
        """[...document.querySelectorAll(
            'button, summary, select, .chip, #rows li a, [role=slider], #filters label')]
          .filter((one) => one.getClientRects().length && one.checkVisibility({visibilityProperty: true}))
          .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
          .filter(([, box]) => box.width < 23.5 || box.height < 23.5)
          .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
    )
    assert small == []


def test_a_phone_opens_filters_and_records_as_sheets_that_close_by_button(open_page, until):
    page = open_page(CRISIS, width=NARROW[0], height=NARROW[1])
    until(page, READY)
    page.click("#filters-open")
    page.check("input[name=group][value=posts_and_forces]")
    until(page, "document.querySelector('.sheet-foot .found').textContent === 'Show 15 incidents'")
    page.click(".sheet-foot [data-close]")
    assert page.evaluate("document.activeElement.id") == "filters-open"
    expect(page.locator(".filters-in-use")).to_have_text("2")
    until(page, "document.querySelectorAll('#rows li a').length === 15")
    page.click("#rows li:nth-child(1) a")
    until(page, "document.querySelector('#record-body .card') !== null")
    page.click("#record-close")
    until(page, "document.querySelector('#record').hidden")


def test_the_skip_link_leads_to_the_list(open_page, until):
    page = open_page("/")
    until(page, READY)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the list"
    page.keyboard.press("Enter")
    until(page, "location.hash === '#list' || document.activeElement.id === 'list'")


def test_forced_colours_draw_no_rule_under_pages_that_are_not_the_current_one(open_page):
    page = open_page("/incidents", forced_colors="active")
    links = """(nav) => [...nav.querySelectorAll("a")].map((link) => [link, getComputedStyle(link)])"""
    nav = page.locator(".mast nav").first
    ruled = f"{links}.filter(([_, drawn]) => drawn.borderBottomStyle !== 'none').length"
    bold = f"{links}.filter(([_, drawn]) => drawn.fontWeight > 600).map(([link]) => link.textContent.trim())"
    assert nav.evaluate(ruled) == 0
    assert nav.evaluate(bold) == ["Incidents"]


def test_when_the_data_do_not_arrive_the_filters_still_work_through_the_server(browser, base_url, until):
    context = browser.new_context(base_url=base_url)
    page = context.new_page()
    page.route("**/map/manifest.json", lambda route: route.abort())
    page.goto("/")
    until(page, "document.querySelector('#toast').textContent.includes('could not be loaded')")
    page.check("input[name=group][value=airspace]")
    until(
        page, "document.querySelector('#query .count').textContent.replace(' incidents', '') === '8 of 252'"
    )
    context.close()
