"""A reader walks through the crisis of 2019: by keys, by scroll, on a phone, without a script, on paper."""

import re

import pytest
from playwright.sync_api import expect

ADDRESS = "/stories/chorchana-tsnelisi-2019"


def _current(page):
    return page.locator(".st-toc [aria-current=step] .no").text_content()


def test_the_story_is_walked_through_with_the_keyboard(open_page, until):
    page = open_page(ADDRESS)
    assert _current(page) == "1"
    page.locator(".st-toc a").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    until(page, "location.hash === '#step-3'")
    assert _current(page) == "3"
    assert page.evaluate("document.activeElement.textContent") == "Talks break up, a deadline is set"
    assert (
        page.locator("#said").text_content()
        == "3. Talks break up, a deadline is set, Thursday, 29 August 2019"
    )
    expect(page.locator("#side-map").get_by_text("Shots reported (disputed)")).to_have_count(1)
    page.locator("#next").focus()
    page.keyboard.press("Enter")
    until(page, "location.hash === '#step-4'")
    expect(page.locator(".bar.now")).to_have_count(1)


def test_map_and_timeline_follow_the_scrolling_reader(open_page, until):
    page = open_page(ADDRESS)
    page.mouse.move(300, 500)
    page.mouse.wheel(0, 20000)
    until(page, "location.hash === '#step-9'")
    expect(page.locator("#side-map svg")).to_have_attribute(
        "aria-label", re.compile("^Map of this step: Tsnelisi")
    )
    page.mouse.wheel(0, -20000)
    until(page, "location.hash === '#step-1'")
    expect(page.locator("#previous")).to_have_attribute("aria-disabled", "true")


def test_an_address_with_a_step_opens_there(open_page, until):
    page = open_page(ADDRESS + "#step-5")
    until(page, "document.querySelector('.step.now')?.id === 'step-5'")
    assert page.locator("#step-5 h2").evaluate("(title) => title.getBoundingClientRect().top < innerHeight")


TITLE_BELOW_MAP = """(() => {
  const boxOf = (name) => document.querySelector(name).getBoundingClientRect();
  const [title, side] = [boxOf("#step-5 h2"), boxOf("#side")];
  return side.top <= 0 && side.bottom <= title.top && title.top < innerHeight;
})()"""


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_the_map_stays_above_the_text(open_page, until, width):
    page = open_page(ADDRESS, width=width, height=800)
    page.locator(".st-toc a").nth(4).click()
    until(page, TITLE_BELOW_MAP)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_without_a_script_it_is_an_article_with_a_map_in_each_step(open_page):
    page = open_page(ADDRESS, java_script_enabled=False)
    expect(page.locator(".step .st-map:visible")).to_have_count(9)
    expect(page.locator("#side")).not_to_be_visible()


def test_on_paper_every_step_has_its_map(open_page):
    page = open_page(ADDRESS)
    page.emulate_media(media="print")
    expect(page.locator(".step .st-map:visible")).to_have_count(9)
    expect(page.locator("#side")).not_to_be_visible()
