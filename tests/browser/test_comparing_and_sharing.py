"""A reader compares what the parties say, plays the crisis, sends a view on, prints, and goes by keys."""

import re

import pytest
from playwright.sync_api import expect

DRONE = "/incidents/2019-09-01-drone-downed"
POST = "/incidents/2019-08-24-georgian-post-established"
BRIEF = "/incidents/2008-11-08-perevi-handover"
CRISIS = "/?datetime=2019-08-24/2019-10-31"
READY = "document.querySelector('#hist svg path.bar') !== null"
LOST = "document.activeElement === document.body"


def _find(page, subject):
    return page.locator(".dlist li", has=page.locator(f"b:has-text('{subject}:')")).inner_text()


def test_the_places_of_the_drone_differ_by_party_and_each_leads_to_its_source(open_page):
    page = open_page(DRONE, java_script_enabled=False)
    assert "different places" in _find(page, "Place")
    columns = page.locator("#accounts .party")
    georgian = columns.filter(has=page.get_by_role("heading", name="Georgian authorities", exact=True))
    ossetian = columns.filter(has=page.get_by_role("heading", name="South Ossetian authorities", exact=True))
    expect(georgian.locator("dd.diff")).to_contain_text("Abano")
    told = ossetian.locator("dd.diff")
    expect(told).to_contain_text("Kobi")
    expect(told).to_contain_text("Khashuri district")
    expect(told).to_contain_text("another place than Georgian authorities")
    target = told.locator("a.ref").first.get_attribute("href")
    expect(page.locator(f"{target} a[href^='http']")).not_to_have_count(0)
    expect(page.locator(".silent", has_text="Russian authorities")).to_contain_text("no statement found")


def test_the_dates_of_the_post_differ_in_days_and_its_distances_stand_side_by_side(open_page):
    page = open_page(POST, java_script_enabled=False)
    assert re.search(r"\d+ days?", _find(page, "Date"))
    told = _find(page, "Distance from the line")
    assert "240 m from the line" in told and "up to 3,000 m from the line" in told
    assert "stated differently; the intervals overlap" in told
    assert page.locator("#accounts dd.diff").count() >= 2
    cells = page.locator("#accounts dd", has_text="m from the line").filter(has=page.locator(".lap"))
    expect(cells).to_have_count(2)
    expect(cells.filter(has_text="240 m").locator(".lap")).to_contain_text("Media and other")
    expect(cells.locator(".difw"), "what overlaps is not marked as differing").to_have_count(0)


def test_playing_the_crisis_lets_the_incidents_come_day_by_day(open_page, until):
    page = open_page(CRISIS)
    until(page, READY)
    page.click("#play")
    pressed = "document.querySelector('#play').getAttribute('aria-pressed')"
    count = "parseInt(document.querySelector('#query .count').textContent)"
    until(page, f"{pressed} === 'true' && {count} > 0 && {count} < 63")
    first = page.evaluate(count)
    until(page, f"{count} > {first}")
    page.click("#play")
    until(page, f"{pressed} === 'false'")


def test_a_copied_link_opens_the_same_view(open_page, until):
    page = open_page(CRISIS + "&group=posts_and_forces")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    until(page, READY)
    page.click("#rows li:nth-child(2) a")
    until(page, "document.querySelector('#record-body .card') !== null && location.hash.includes('open=')")
    page.get_by_role("button", name="Copy link").first.click()
    link = until(page, "navigator.clipboard.readText()")
    other = open_page(link)
    until(other, "document.querySelector('#record-body .card') !== null")
    for part in ("#query h1", "#query .count", "#record-body h2"):
        expect(other.locator(part)).to_have_text(page.locator(part).text_content())
    expect(other.locator("input[name=group][value=posts_and_forces]")).to_be_checked()


@pytest.mark.parametrize("language", ["", "/ka", "/ru"])
@pytest.mark.parametrize(
    "path", [BRIEF, DRONE, POST, "/incidents/2019-09-09-two-crossings-closed-indefinitely"]
)
def test_an_incident_prints_on_one_a4_with_nothing_cut(open_page, path, language):
    page = open_page(language + path)
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", printed)) == 1
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1070})  # 190 mm between the margins, at 96 dpi
    assert page.evaluate("document.documentElement.scrollWidth") == 718


@pytest.mark.parametrize("language", ["", "/ka", "/ru"])
def test_paper_leaves_out_no_account_no_address_and_no_small_type(open_page, language):
    page = open_page(language + POST)
    page.emulate_media(media="print")
    expect(page.locator(".said:visible")).to_have_count(14)
    expect(page.locator(".src tbody tr:visible")).to_have_count(14)
    addresses = "[...document.querySelectorAll('.src th > a:first-child')]"
    shown = "(link) => getComputedStyle(link, '::after').content.includes(link.href.slice(0, 20))"
    assert page.evaluate(f"{addresses}.filter((link) => !link.matches('.url')).every({shown})")
    sizes = page.evaluate(
        """[...document.querySelectorAll("main *:not(svg *)")].filter((each) => each.checkVisibility() &&
        [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())).map((each) =>
        parseFloat(getComputedStyle(each).fontSize))"""
    )
    assert min(sizes) >= 9.33, "7 pt is 9.33 px"


def test_every_control_of_the_map_is_reached_by_keys_and_the_focus_stays(open_page, until):
    page = open_page(CRISIS)
    until(page, "document.querySelectorAll('.map-mark').length > 5")
    marks, names = 0, set()
    for _ in range(300):
        page.keyboard.press("Tab")
        if page.evaluate(LOST):
            break
        marks += page.evaluate("document.activeElement.matches('.map-mark')")
        names.add(page.evaluate("document.activeElement.id || document.activeElement.name || ''"))
    assert marks == 1, "marks are one stop; arrows go between them"
    assert {"play", "speed", "from", "to", "q", "group", "status", "party"} <= names


def test_arrows_lead_from_the_first_mark_to_every_other(open_page, until):
    page = open_page(CRISIS)
    until(page, "document.querySelectorAll('.map-mark').length > 5")
    labels = "[...document.querySelectorAll('.map-mark')].map((mark) => mark.ariaLabel)"
    focus = "[...document.querySelectorAll('.map-mark')].find((mark) => mark.ariaLabel === {!r}).focus()"
    reached = set()
    waiting = [page.evaluate("document.querySelector('.map-mark[tabindex=\"0\"]').ariaLabel")]
    while waiting:
        label = waiting.pop()
        reached.add(label)
        for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
            page.evaluate(focus.format(label))
            page.keyboard.press(key)
            found = page.evaluate("document.activeElement.ariaLabel")
            if found not in reached and found not in waiting:
                waiting.append(found)
    assert reached == set(page.evaluate(labels))


@pytest.mark.parametrize("path", ["/", "/incidents", POST, "/checkpoints", "/downloads"])
def test_forced_colours_and_twice_the_size_leave_everything_readable(open_page, path):
    page = open_page(path, width=683, height=384, forced_colors="active", device_scale_factor=2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 683
    assert page.locator("h1").first.inner_text() and page.locator("a:visible").count() > 5


def test_the_masthead_keeps_to_one_line_in_every_language(open_page):
    for path in (POST, "/ka" + POST, "/ru" + POST):
        page = open_page(path, width=1366)
        assert page.locator(".mast").bounding_box()["height"] < 60


@pytest.mark.parametrize("language", ["", "/ka", "/ru"])
def test_on_paper_no_column_of_accounts_runs_over_what_follows(open_page, language):
    page = open_page(language + POST)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1070})
    lowest = page.evaluate(
        """Math.max(...[...document.querySelectorAll('.many .said, .many h3, .many dd')].flatMap((each) =>
        [...each.getClientRects()].map((box) => box.bottom)))"""
    )
    following = page.evaluate("document.querySelector('.silent').getBoundingClientRect().top")
    assert lowest <= following + 1
