"""Filters, their counts, the sentence and the search."""

import re

from playwright.sync_api import expect

FOUND = "document.querySelector('#query .count').textContent.replace(' incidents', '')"
READY = f"{FOUND} === '63 of 252' && document.querySelector('#hist svg path.bar') !== null"
CRISIS = "/?datetime=2019-08-24/2019-10-31"


def _count(page, name, value):
    return int(page.inner_text(f"li:has(> label > input[name={name}][value={value}]) > label .n"))


def test_counts_beside_choices_leave_their_own_group_out(open_page, until):
    page = open_page(CRISIS)
    until(page, READY)
    talks = _count(page, "group", "talks_and_statements")
    page.check("input[name=group][value=posts_and_forces]")
    until(page, f"{FOUND} === '15 of 252'")
    assert _count(page, "group", "talks_and_statements") == talks
    assert _count(page, "group", "posts_and_forces") == 15
    until(
        page,
        "[...document.querySelectorAll('[data-facet=status] .n')]"
        ".reduce((sum, number) => sum + Number(number.textContent), 0) === 15",
    )


def test_a_choice_that_would_leave_nothing_is_pale_and_cannot_be_taken(open_page, until):
    page = open_page(CRISIS)
    until(page, READY)
    assert _count(page, "group", "people_held") == 0
    expect(page.locator("input[name=group][value=people_held]")).to_be_disabled()


def test_two_groups_widen_and_a_kind_of_a_group_is_part_of_the_same_tree(open_page, until):
    page = open_page(CRISIS)
    until(page, READY)
    page.check("input[name=group][value=posts_and_forces]")
    page.check("input[name=group][value=airspace]")
    until(page, f"{FOUND} === '18 of 252'")
    page.click("[data-expand=all]")
    page.check("input[name=category][value=crossing_closed]")
    until(page, "location.search.includes('category=') && !location.search.includes('group=')")
    widened = int(page.evaluate(FOUND).split()[0])
    assert widened > 18
    served = page.request.get(page.url.split("#")[0].replace("/?", "/exports/incidents.geojson?")).json()
    assert len(served["features"]) == widened


def test_chips_say_each_choice_and_take_it_out(open_page, until):
    page = open_page(CRISIS + "&group=airspace&status=disputed")
    drawn = READY.partition(" && ")[2]
    until(page, f"{drawn} && document.querySelectorAll('#chips .chip').length === 3")
    page.click("#chips a[aria-label='Remove: Airspace']")
    until(page, "!location.search.includes('group=')")
    assert page.evaluate("document.activeElement.matches('#chips a')")
    page.click("#chips a:text('Clear all')")
    until(page, f"{FOUND} === '252 of 252' && location.search === ''")
    assert page.evaluate("document.querySelectorAll('#chips li').length") == 0


def test_search_finds_by_words_of_the_accounts_in_step_with_the_list(open_page, until):
    page = open_page("/")
    until(page, f"{FOUND} === '252 of 252'")
    page.fill("input[name=q]", "quadcopter")
    until(page, f"location.search === '?q=quadcopter' && {FOUND} !== '252 of 252'")
    number = int(page.evaluate(FOUND).split()[0])
    until(page, f"document.querySelectorAll('#rows li a').length === {number}")
    page.fill("input[name=q]", "")
    until(page, f"{FOUND} === '252 of 252' && location.search === ''")


def test_incidents_without_a_point_are_counted_and_linked(open_page, until):
    page = open_page(CRISIS)
    until(page, READY)
    expect(page.locator("#unplaced .said")).to_have_text(re.compile("^2 of them"))
    page.click("#unplaced a")
    expect(page).to_have_url(re.compile(r"located=false"))
    assert "Vienna" in page.content()


def test_download_links_carry_what_is_seen(open_page, until):
    page = open_page("/")
    until(page, f"{FOUND} === '252 of 252'")
    page.check("input[name=group][value=airspace]")
    until(page, f"{FOUND} !== '252 of 252'")
    address = page.get_attribute("#download a", "href")
    assert address.endswith("?group=airspace")
    number = int(page.evaluate(FOUND).split()[0])
    assert len(page.request.get(address).json()["features"]) == number


def test_numbers_agree_between_the_browser_and_the_server(open_page, until):
    address = CRISIS + "&party=international&group=posts_and_forces,talks_and_statements"
    counts = "[...document.querySelectorAll('#filter-form .n')].map((n) => n.textContent)"
    without = open_page(address, java_script_enabled=False)
    served = without.locator("#filter-form .n").all_text_contents()
    page = open_page(address)
    until(page, "document.querySelector('#hist svg path.bar') !== null")
    assert page.evaluate(counts) == served
