"""A reader narrows the map to two days and one area, opens an incident and follows its sources."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

AREA = "aoi-chorchana-tsnelisi"
FOUND = "document.querySelector('#query .count').textContent.replace(' incidents', '')"
ROWS = "document.querySelectorAll('#rows li a').length"
AS_MANY_ROWS = f"{ROWS} === parseInt(document.querySelector('#list-count').textContent)"
SOURCES = "[...document.querySelectorAll('#record-body .card-sources a')]"
VOICES = "[...document.querySelectorAll('#record-body .who')]"


def _query(page):
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def _narrow(page, until):
    """Narrow to 29-30 August 2019 in the Chorchana-Tsnelisi area with the page's own controls."""
    until(page, f"{FOUND} === '252 of 252' && document.querySelector('#hist svg path.bar') !== null")
    page.fill("#from", "2019-08-29")
    page.fill("#to", "2019-08-30")
    page.check(f"input[name=area][value={AREA}]")
    until(page, f"{FOUND} !== '252 of 252' && location.search.includes('area=')")


def test_two_days_and_one_area_are_said_counted_and_in_the_address(open_page, until):
    page = open_page("/")
    _narrow(page, until)
    assert _query(page) == {"datetime": "2019-08-29/2019-08-30", "area": AREA}
    sentence = page.inner_text("#query h1")
    assert "Chorchana-Tsnelisi area" in sentence
    assert "29–30 August 2019" in sentence
    number = int(page.evaluate(FOUND).split()[0])
    expect(page.locator("#list-count")).to_have_text(f"{number} incidents")
    until(page, f"{ROWS} === {number}", "as many rows as the sentence says")


def test_an_incident_opens_with_its_accounts_and_the_links_to_its_sources(open_page, until):
    page = open_page("/")
    _narrow(page, until)
    until(page, AS_MANY_ROWS)
    links = page.evaluate("[...document.querySelectorAll('#rows li a')].map((link) => link.dataset.key)")
    sources, parties = set(), set()
    for key in links:
        page.evaluate(f"document.querySelector('#rows a[data-key=\"{key}\"]').click()")
        until(
            page,
            f"document.querySelector('#record-body .card')?.dataset.key === '{key}'",
            "the card of the row",
        )
        sources |= set(page.evaluate(f"{SOURCES}.map((link) => link.href)"))
        parties |= set(page.evaluate(f"{VOICES}.map((voice) => voice.firstChild.textContent.trim())"))
    assert any("themoscowtimes.com" in source for source in sources)
    assert {"Georgian authorities", "South Ossetian authorities"} <= parties
    expect(page.locator("#record-open")).to_have_attribute("href", re.compile("^/incidents/2019-"))


def test_a_category_narrows_further_and_reloading_gives_the_same_view(open_page, until):
    page = open_page("/")
    _narrow(page, until)
    before = int(page.evaluate(FOUND).split()[0])
    page.check("input[name=group][value=talks_and_statements]")
    until(page, f"parseInt({FOUND}) < {before} && parseInt({FOUND}) > 0")
    until(page, AS_MANY_ROWS)
    page.click("#rows li a")
    until(page, "document.querySelector('#record-body .card') && location.hash.includes('open=')")
    shown = _view(page)
    address = page.url
    page.reload()
    until(page, f"document.querySelector('#record-body .card') && {FOUND} === '{shown['found']}'")
    until(page, "document.querySelector('#record-position').textContent !== ''")
    until(page, AS_MANY_ROWS)
    assert page.url == address
    assert _view(page) == shown


def _view(page):
    return page.evaluate(
        """({
          found: document.querySelector('#query .count').textContent.replace(' incidents', ''),
          sentence: document.querySelector('#query h1').textContent.replace(/\\s+/g, ' '),
          chips: [...document.querySelectorAll('#chips .chip')].map((chip) => chip.textContent.trim()),
          checked: [...document.querySelectorAll('#filter-form input:checked')].map((box) => box.value),
          rows: [...document.querySelectorAll('#rows li a')].map((link) => link.dataset.key),
          record: document.querySelector('#record-body .card').dataset.id,
          position: document.querySelector('#record-position').textContent,
          days: [document.querySelector('#from').value, document.querySelector('#to').value],
        })"""
    )


def test_back_undoes_one_choice_at_a_time(open_page, until):
    page = open_page("/")
    _narrow(page, until)
    narrowed = page.evaluate(FOUND)
    page.check("input[name=group][value=talks_and_statements]")
    until(page, f"{FOUND} !== '{narrowed}'")
    page.go_back()
    until(page, f"{FOUND} === '{narrowed}'")
    expect(page.locator("input[name=group][value=talks_and_statements]")).not_to_be_checked()
    page.go_back()
    until(page, "!location.search.includes('area=')")
    expect(page.locator(f"input[name=area][value={AREA}]")).not_to_be_checked()


def test_escape_closes_the_record_and_gives_the_focus_back(open_page, until):
    page = open_page("/?datetime=2019-08-24/2019-10-31")
    until(page, "document.querySelector('#hist svg path.bar') !== null")
    page.focus("#rows li:nth-child(2) a")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#record-body .card') !== null")
    page.keyboard.press("Escape")
    until(page, "document.querySelector('#record').hidden")
    assert page.evaluate("document.activeElement === document.querySelector('#rows li:nth-child(2) a')")


def test_previous_and_next_walk_through_what_was_found(open_page, until):
    page = open_page("/?datetime=2019-08-24/2019-10-31")
    until(page, "document.querySelector('#hist svg path.bar') !== null")
    page.click("#rows li:nth-child(1) a")
    until(page, "document.querySelector('#record-position').textContent.startsWith('1 of 63')")
    second = page.get_attribute("#rows li:nth-child(2) a", "data-key")
    page.click("#record-next")
    until(page, f"document.querySelector('#record-body .card').dataset.key === '{second}'")
    until(page, "document.querySelector('#record-position').textContent.startsWith('2 of 63')")


def _press_mark(page, until, name):
    """Press Enter on the mark whose label matches."""
    find = f"[...document.querySelectorAll('.map-mark')].find((mark) => /{name}/.test(mark.ariaLabel))"
    until(page, f"Boolean({find})")
    page.evaluate(f"{find}.focus()")
    page.keyboard.press("Enter")


def test_a_mark_opens_by_keyboard_and_gets_the_focus_back(open_page, until):
    page = open_page("/?datetime=2019-08-24/2019-10-31")
    _press_mark(page, until, "^1 incident, .* near Ikoti")
    until(page, "document.querySelector('#record-body .card') !== null")
    assert page.evaluate("document.querySelector('#record').contains(document.activeElement)")
    page.keyboard.press("Escape")
    until(page, "document.querySelector('#record').hidden")
    assert "near Ikoti" in page.evaluate("document.activeElement.ariaLabel")


def test_a_mark_that_a_filter_has_just_taken_away_does_nothing(open_page, until):
    page = open_page("/?datetime=2019-08-24/2019-10-31")
    until(page, "document.querySelector('.map-mark') !== null")
    page.evaluate(
        """() => {
          const mark = document.querySelector(".map-mark");
          window.boundaryMap.setFilters({ status: ["retracted"] });
          window.boundaryMap.redrawMarks();
          mark.click();
        }"""
    )
    expect(page.locator("#record")).to_be_hidden()
    expect(page.locator("#pop")).to_be_hidden()


def test_incidents_of_one_place_are_listed_where_no_zoom_would_separate_them(open_page, until):
    page = open_page("/?datetime=2019-08-24/2019-10-31#map=13.25/42.145/43.703")
    _press_mark(page, until, "^18 incidents, .* near Tsnelisi")
    until(page, "document.querySelector('#pop h2')?.textContent === 'Tsnelisi'")
    expect(page.locator("#pop footer .num")).to_have_text("18 of 32 incidents here")
    assert page.evaluate("document.querySelectorAll('#pop .rows a').length") == 18
    page.keyboard.press("Escape")
    expect(page.locator("#pop")).to_be_hidden()
    assert "near Tsnelisi" in page.evaluate("document.activeElement.ariaLabel")


def test_a_crossing_says_its_state_on_the_day_of_the_map(open_page, until):
    page = open_page("/?datetime=2019-08-24/2019-10-31")
    _press_mark(page, until, "Odzisi.*closed")
    until(page, "document.querySelector('#pop .site-state') !== null")
    expect(page.locator("#pop .site-state")).to_have_text(re.compile("^closed on 31 Oct"))
