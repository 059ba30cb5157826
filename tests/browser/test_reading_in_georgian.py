"""A reader opens the map in Georgian, finds a place, reads an incident, and switches to Russian."""

import re

import pytest
from playwright.sync_api import expect

GEORGIAN = "[\u10d0-\u10ff]"


def test_a_reader_finds_a_village_by_its_georgian_name_and_reads_an_incident(open_page, until):
    page = open_page("/ka/")
    expect(page.locator("html")).to_have_attribute("lang", "ka")
    until(page, "document.querySelector('#hist svg path.bar') !== null")
    page.click('.mast-wide a[href="/ka/places"]')
    page.fill("#q", "წნელისი")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ka/places?q=%E1%83%AC*")
    row = page.locator("tr.place").first
    expect(row.locator("th b")).to_have_text("წნელისი")
    expect(row).to_contain_text("Uista")
    row.locator('a[href^="/ka/incidents?place="]').click()
    page.wait_for_url("**/ka/incidents?place=Tsnelisi")
    page.click("table.inc th.t a >> nth=0")
    page.wait_for_url("**/ka/incidents/**")
    expect(page.locator("#accounts-title")).to_have_text("ვერსიები გვერდიგვერდ")
    parties = page.locator(".party h3").all_inner_texts()
    assert parties and all(re.match(GEORGIAN, name) for name in parties)
    expect(page.locator("h1")).to_have_attribute("lang", "en")


def test_switching_the_language_keeps_filters_and_view(open_page, until):
    page = open_page("/ka/?area=aoi-chorchana-tsnelisi#map=11/42.13/43.7")
    until(page, "document.querySelector('#hist svg path.bar') !== null")
    page.check('#filter-form input[name="group"][value="people_held"]')
    until(page, "location.search.includes('group=people_held')")
    until(page, "document.querySelector('#query .count').textContent.includes('ინციდენტი')")
    before = page.evaluate("[location.search, location.hash]")
    page.click('.mast-wide a[hreflang="ru"]')
    page.wait_for_url("**/ru/**")
    until(page, "document.querySelector('#hist svg path.bar') !== null")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    assert page.evaluate("[location.search, location.hash]") == before
    expect(page.locator("#query .count")).to_contain_text("инцидент")
    assert page.evaluate("document.cookie") == ""


def test_marks_crossings_and_the_timeline_speak_georgian(open_page, until):
    page = open_page("/ka/?datetime=2019-08-24/2019-10-31")
    until(page, "document.querySelectorAll('.map-mark').length > 3")
    for words in ("ინციდენტი.*წნელისი", "გადასასვლელი პუნქტი"):
        until(
            page,
            f"[...document.querySelectorAll('.map-mark')].some((mark) => /{words}/.test(mark.ariaLabel))",
        )
    said = page.get_attribute('.handle[data-which="first"]', "aria-valuetext")
    assert said == "თარიღიდან 24 აგვისტო, 2019, 63 ინციდენტი"


@pytest.mark.parametrize(
    "path", ["/", "/incidents", "/incidents/2019-09-01-drone-downed", "/methodology", "/places"]
)
@pytest.mark.parametrize("code", ["ka", "ru"])
def test_longer_words_never_make_a_small_page_scroll_sideways(open_page, until, code, path):
    page = open_page(f"/{code}{path}", width=320, height=640)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
