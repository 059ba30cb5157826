"""An incident is added by hand with the keyboard alone; two editors meet in one record and lose nothing."""

import re

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.editing import PASSWORD

KEPT = "document.querySelector('[data-keep=ready]') !== null"
POST = "/edit/incidents/2019-08-24-georgian-post-established"


def sign_in(page, name):
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def has_heading(page, text):
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


class Keys:
    """Somebody who has no mouse: reaches fields by Tab and types."""

    def __init__(self, page):
        self.page = page

    def reach(self, identifier):
        """Tab on until the element with this id has the focus."""
        for _ in range(90):
            if self.page.evaluate("document.activeElement.id") == identifier:
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"{identifier} cannot be reached by Tab")

    def write(self, identifier, text):
        self.reach(identifier)
        self.page.keyboard.type(text)


def test_an_incident_added_by_hand_with_the_keyboard(open_editing_page, until):
    page = open_editing_page("/edit/incidents/new", expected=(422,))
    sign_in(page, "ana")
    until(page, "Boolean(window.pointPicker)", "the point picker stands")
    keys = Keys(page)
    keys.write("f-title", "Post seen near Chorchana")
    keys.write("f-date", "2019-08-24")
    keys.write("f-category", "Post set")
    keys.write("f-summary", "A post was seen.")
    keys.write("f-actors", "GE_GOVT")
    keys.write("f-0.source_url", "https://example.org/1")
    keys.write("f-0.source_publisher", "Example")
    keys.write("f-0.source_language", "en")
    keys.write("f-0.statement", "Says that a post was seen.")
    keys.write("f-place", "Chorchana")
    keys.reach("picker-cross")
    page.keyboard.press("ArrowRight")
    first = float(page.locator("#f-longitude").input_value())
    page.keyboard.press("Shift+ArrowRight")
    second = float(page.locator("#f-longitude").input_value())
    page.keyboard.press("Shift+ArrowLeft")
    assert second > first
    expect(page.locator("#picker-said")).to_contain_text("Point at")
    for identifier, degrees in (("f-latitude", "42.2"), ("f-longitude", "43.6")):
        keys.reach(identifier)
        page.keyboard.press("Control+A")
        page.keyboard.type(degrees)
    keys.write("f-public_note", "A post near Chorchana.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    has_heading(page, "1 error. Nothing is saved yet.")
    actors = page.locator("#f-actors")
    expect(actors).to_have_attribute("aria-invalid", "true")
    described = page.locator(f"[id='{actors.get_attribute('aria-describedby')}']").inner_text()
    assert "codes of the list of actors" in described
    actors.fill("GE_GOV")
    page.locator("#f-actors").press("Enter")
    has_heading(page, "Checked. Nothing is saved yet.")
    page.get_by_role("button", name="Save new incident").press("Enter")
    has_heading(page, "Saved")
    expect(page.locator("#f-latitude")).to_have_value("42.2")

    page.get_by_role("link", name="What readers see").click()
    has_heading(page, "Post seen near Chorchana")


def test_two_editors_at_once(open_editing_page, until):
    ana, mk = (open_editing_page(POST, expected=(409,)) for _ in range(2))
    sign_in(ana, "ana")
    sign_in(mk, "rosa")
    summary = ana.locator("#f-summary").input_value()

    mk.locator("#f-summary").fill(summary + " Rosa knows more.")
    mk.locator("#f-time").fill("10:30")
    mk.locator("#f-public_note").fill("By rosa.")
    mk.get_by_role("button", name=re.compile("Save as version")).click()
    has_heading(mk, "Saved")

    ana.locator("#f-summary").fill("Ana begins otherwise. " + summary)
    ana.locator("#f-end_date").fill("2019-08-25")
    ana.locator("#f-public_note").fill("By ana.")
    ana.get_by_role("button", name=re.compile("Save as version")).click()
    has_heading(ana, "Two edits met. Yours is kept, and not saved yet.")
    told = ana.locator("main").inner_text()
    for words in ("Only rosa changed it", "Only you changed it", "Both changed it", "1 needs your decision"):
        assert words in told
    assert violations(ana) == []

    both = ana.get_by_role("textbox", name="Combined text of Summary")
    expect(both).to_have_value(f"Ana begins otherwise. {summary} Rosa knows more.")
    ana.get_by_role("radio", name="both, combined below").check()
    ana.get_by_role("button", name=re.compile("Save as version")).click()
    has_heading(ana, "Saved")
    expect(ana.locator("#f-summary")).to_have_value(f"Ana begins otherwise. {summary} Rosa knows more.")
    expect(ana.locator("#f-time")).to_have_value("10:30")
    expect(ana.locator("#f-end_date")).to_have_value("2019-08-25")


def test_what_was_typed_is_not_lost_to_a_session_that_ended(open_editing_page, until):
    page = open_editing_page(POST)
    sign_in(page, "ana")
    until(page, KEPT)
    other = page.context.new_page()
    other.goto("/edit/account")
    other.get_by_role("button", name="Sign out", exact=True).click()
    page.locator("#f-title").fill("A title that took long to find")
    page.locator("#f-public_note").fill("By ana.")
    page.get_by_role("button", name=re.compile("Save as version")).click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("What you typed is still here. You are signed out")
    with page.context.expect_page() as opened:
        told.get_by_role("link", name="Sign in in another tab").click()
    sign_in(opened.value, "ana")
    expect(opened.value.locator(".strip .who")).to_contain_text("Signed in as ana")
    page.get_by_role("button", name=re.compile("Save as version")).click()
    has_heading(page, "Saved")
    expect(page.locator("#f-title")).to_have_value("A title that took long to find")


def test_what_was_typed_is_not_lost_to_a_line_that_broke(open_editing_page, until):
    page = open_editing_page(POST)
    sign_in(page, "ana")
    until(page, KEPT)
    page.locator("#f-title").fill("A title that took long to find")
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no line')); }")
    page.get_by_role("button", name="Check", exact=True).last.click()
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached.")
    expect(page.locator("#f-title")).to_have_value("A title that took long to find")


def test_a_point_is_picked_by_a_click_and_can_be_typed_over(open_editing_page, until):
    page = open_editing_page("/edit/incidents/new")
    sign_in(page, "ana")
    until(page, "Boolean(window.pointPicker)", "the point picker stands")
    page.locator("#picker-map").click(position={"x": 60, "y": 200})
    picked = page.locator("#f-longitude").input_value()
    assert re.fullmatch(r"\d\d\.\d{5}", picked)
    expect(page.locator("#picker-cross")).to_have_attribute("aria-label", re.compile(f"{picked}$"))
    page.locator("#f-longitude").fill("44.1")
    until(page, "document.getElementById('picker-cross').getAttribute('aria-label').endsWith('44.10000')")


def test_the_cross_is_moved_from_the_place_that_was_typed(open_editing_page, until):
    page = open_editing_page("/edit/incidents/new")
    sign_in(page, "ana")
    until(page, "window.pointPicker?.named.size > 50", "the names of the places are there")
    page.locator("#f-place").fill("ჩორჩანა")
    page.locator("#f-place").press("Tab")
    expect(page.locator("#picker-said")).to_have_text("The map shows the named place.")
    assert page.locator("#f-latitude").input_value() == ""
    page.locator("#picker-cross").focus()
    page.keyboard.press("ArrowRight")
    assert float(page.locator("#f-latitude").input_value()) == pytest.approx(42.1375, abs=0.01)
    assert float(page.locator("#f-longitude").input_value()) == pytest.approx(43.6661, abs=0.02)


@pytest.mark.parametrize("width", [320, 1366])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_is_usable_for_everyone_at_every_width(open_editing_page, until, width, scheme):
    page = open_editing_page(POST, width=width, color_scheme=scheme)
    sign_in(page, "ana")
    until(page, "Boolean(window.pointPicker)", "the point picker stands")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_script_the_form_is_whole_and_the_map_is_left_out(open_editing_page):
    page = open_editing_page(POST, java_script_enabled=False)
    sign_in(page, "ana")
    expect(page.locator("#f-latitude")).to_be_visible()
    expect(page.locator("#picker")).not_to_be_visible()
    page.locator("#f-public_note").fill("By ana.")
    page.locator("#f-title").fill("Georgian police post between Chorchana and Tsnelisi")
    page.get_by_role("button", name=re.compile("Save as version")).click()
    has_heading(page, "Saved")
