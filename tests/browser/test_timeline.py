"""The timeline by keyboard, by pointer, by dates, by presets; played, and not played."""

from playwright.sync_api import expect

FOUND = "document.querySelector('#query .count').textContent.replace(' incidents', '')"
PRESSED = "document.querySelector('#play').getAttribute('aria-pressed')"
READY = "document.querySelector('#hist svg path.bar') !== null"
CRISIS = "/?datetime=2019-08-24/2019-10-31"


def test_handles_are_sliders_that_say_their_day_and_move_by_keys(open_page, until):
    page = open_page(CRISIS)
    until(page, READY)
    first = "[role=slider][aria-label=From]"
    expect(page.locator(first)).to_have_attribute("aria-valuetext", "from 24 August 2019, 63 incidents")
    page.focus(first)
    page.keyboard.press("ArrowRight")
    until(page, "location.search === '?datetime=2019-08-25/2019-10-31'")
    page.keyboard.press("Shift+ArrowRight")
    until(page, "location.search === '?datetime=2019-09-04/2019-10-31'")
    page.keyboard.press("End")
    until(page, "location.search === '?datetime=2019-10-31'")
    page.keyboard.press("Home")
    until(page, "location.search.startsWith('?datetime=2019-07-')")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "From"


def test_dragging_a_new_range_makes_one_step_back(open_page, until):
    page = open_page(CRISIS)
    until(page, READY)
    box = page.locator("#hist > svg").bounding_box()
    steps = page.evaluate("history.length")
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    for x in range(60, 200, 20):
        page.mouse.move(box["x"] + x, box["y"] + 40)
    page.mouse.up()
    until(page, "!location.search.includes('2019-10-31')")
    assert page.evaluate("history.length") == steps + 1
    page.go_back()
    until(page, f"{FOUND} === '63 of 252'")


def test_dates_can_be_typed_and_presets_taken(open_page, until):
    page = open_page("/")
    until(page, READY)
    page.fill("#from", "2019-08-29")
    until(page, "location.search.startsWith('?datetime=2019-08-29/')")
    page.click("text=The 2019 crisis")
    until(page, f"location.search === '?datetime=2019-08-24/2019-10-31' && {FOUND} === '63 of 252'")
    expect(page.locator("text=The 2019 crisis").first).to_have_attribute("aria-current", "true")
    page.click(".preset:text-is('All')")
    until(page, f"location.search === '' && {FOUND} === '252 of 252'")


def test_playing_moves_the_end_and_stops(open_page, until):
    page = open_page(CRISIS)
    until(page, READY)
    page.select_option("#speed", "30")
    page.click("#play")
    until(page, f"{PRESSED} === 'true'")
    until(
        page,
        f"{FOUND} === '63 of 252' && {PRESSED} === 'false'",
    )


def test_nothing_plays_for_readers_who_want_less_motion(open_page, until):
    page = open_page(CRISIS, reduced_motion="reduce")
    until(page, READY)
    expect(page.locator("#play")).to_be_disabled()


def test_the_map_is_shown_on_the_day_of_a_record(open_page, until):
    page = open_page(CRISIS)
    until(page, READY)
    expect(page.locator("#legend-day")).to_have_text("31 Oct 2019")
    page.click("#rows li:nth-child(2) a")
    until(page, "document.querySelector('#record-body .card') !== null")
    page.click("#record-day")
    until(page, "location.hash.includes('day=2019-08-24')")
    expect(page.locator("#legend-day")).to_have_text("24 Aug 2019")


def test_the_strip_of_what_was_found_keeps_step_with_the_bars(open_page, until):
    page = open_page("/")
    until(page, READY)
    drawn = "document.querySelector('#hist > svg.bars > svg')"
    shown = f"{drawn}.getAttribute('viewBox')"
    assert page.evaluate(shown) == "14092 0 6393 16"
    bars, strip = (
        page.evaluate(f"{each}.getBoundingClientRect().toJSON()")
        for each in ("document.querySelector('#hist .axis')", drawn)
    )
    assert abs(bars["left"] - strip["left"]) < 1 and abs(bars["right"] - strip["right"]) < 1
    page.click("text=The 2019 crisis")
    until(page, f"{shown} !== '14092 0 6393 16'")
    said = page.evaluate(
        """(() => { const box = document.querySelector('#hist .axis').getBoundingClientRect();
        const under = document.elementFromPoint(box.left + box.width / 2, box.bottom + 3);
        return under.querySelector('title').textContent; })()"""
    )
    assert said == "September 2019: 24 publishers found"
    described = page.get_attribute("#hist", "aria-describedby")
    assert "Months without any: 114 of 210" in page.inner_text(f"#{described}")
