"""A reader opens a map whose every text tries to run as a program."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import served
from tests.hostile import MARK, OURS, csv_of, data_dir, row

READY = "document.querySelector('#hist svg path.bar') !== null"


@pytest.fixture(scope="module")
def base_url(tmp_path_factory):
    """Address of a server on hostile incidents and a hostile data folder."""
    from geoapp.cli.opening import open_store
    from geoapp.config import Settings
    from geoapp.ingest import prepare, read_table

    folder = tmp_path_factory.mktemp("hostile")
    settings = Settings(instance_dir=folder, data_dir=data_dir(folder), contact="{{7*191}}@example.org")
    store = open_store(settings, create=True)
    listed = [row(f"text-{number:03}", text) for number, text in enumerate((MARK, *OURS))]
    store.commit(prepare(store, read_table(csv_of(listed), "hostile.csv"), public_note=MARK))
    store.close()
    with served(settings) as address:
        yield address


@pytest.fixture
def opened(open_page):
    """Opens a page of this server and fails the test when a dialog opens on it."""
    dialogs = []

    def opened(path):
        page = open_page("about:blank")
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(path)
        return page

    yield opened
    assert dialogs == []


def _no_markup_came_alive(page):
    alive = page.locator("img[src=x], svg[onload], [onerror], [onload], [onfocus], plaintext")
    expect(alive).to_have_count(0)
    assert page.evaluate(
        "[...document.scripts].every((one) => one.src || /^application.(ld.)?json$/.test(one.type))"
    )
    assert "1337" not in page.evaluate("document.body.innerText")


def test_map_list_and_record_show_it_as_text(opened, until):
    page = opened("/")
    until(page, READY)
    expect(page.locator("#rows")).to_contain_text(MARK)
    _no_markup_came_alive(page)
    for number in range(1, 4):
        page.click(f"#rows li:nth-child({number}) a")
        until(page, f"document.querySelector('#record-body .card') !== null && {number}")
        page.wait_for_load_state("networkidle")
        _no_markup_came_alive(page)


def test_the_place_of_all_of_them_shows_it_as_text(opened, until):
    page = opened("/?bbox=43,42,44,43")
    until(page, READY)
    until(page, "document.querySelector('.map-mark') !== null")
    page.evaluate(
        "[...document.querySelectorAll('.map-mark')].find((mark) => /incidents/.test(mark.ariaLabel)).focus()"
    )
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#pop')?.textContent.includes('{{7*191}}')")
    _no_markup_came_alive(page)


def test_the_layers_tell_their_titles_as_text(opened, until):
    page = opened("/")
    until(page, READY)
    found = page.evaluate("document.body.textContent")
    assert found.count(MARK) > 10
    _no_markup_came_alive(page)


@pytest.mark.parametrize("path", ["/incidents", "/methodology", "/incidents?q=script"])
def test_pages_show_it_as_text(opened, path):
    page = opened(path)
    expect(page.locator("main")).to_contain_text("{{7*191}}")
    _no_markup_came_alive(page)


def test_the_page_of_an_incident_shows_it_as_text(opened):
    page = opened("/incidents/text-000")
    expect(page.locator("h1")).to_contain_text(MARK)
    for number in (1, 7, 9, 11):
        page.goto(f"/incidents/text-{number:03}")
        expect(page.locator("h1")).to_have_text(OURS[number - 1])
        _no_markup_came_alive(page)


def test_a_search_is_repeated_as_text(opened, until):
    page = opened("/?q=%3Cscript%3Ealert(1)%3C/script%3E%7B%7B7*191%7D%7D")
    until(page, READY)
    _no_markup_came_alive(page)
