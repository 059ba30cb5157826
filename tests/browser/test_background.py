"""An operator puts tiles under the map: they lie below the line, and nobody is asked but who is named."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from geoapp.config import Settings
from tests.browser.conftest import Watch, served, watched
from tests.tiled import mbtiles, png

LOADED = "document.querySelectorAll('.leaflet-tiles-pane .leaflet-tile-loaded').length"
DRAWN = "window.boundaryMap?.hasMarks"
# The share of the ground's canvas through which the tiles are seen.
OPEN = """(() => {
  const drawn = document.querySelector('.leaflet-ground-pane canvas');
  const { width, height } = drawn;
  const copy = Object.assign(document.createElement('canvas'), { width, height });
  const ctx = copy.getContext('2d', { willReadFrequently: true });
  ctx.drawImage(drawn, 0, 0);
  const { data } = ctx.getImageData(0, 0, width, height);
  let open = 0;
  for (let at = 3; at < data.length; at += 4) open += data[at] === 0;
  return open / (data.length / 4);
})()"""
OSM = "tile.openstreetmap.org"


@pytest.fixture(scope="module")
def settings(shipped_instance, tmp_path_factory):
    file = mbtiles(tmp_path_factory.mktemp("tiles") / "own.mbtiles", bounds=None)
    return Settings(instance_dir=shipped_instance, mbtiles=file)


@pytest.fixture
def open_tiled_page(browser, settings):
    with served(settings) as address, watched(browser, address) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_tiles_of_a_file_lie_under_the_drawn_line(open_tiled_page, until, path):
    page = open_tiled_page(path)
    until(page, f"{DRAWN} && {LOADED} >= 4", "tiles")
    until(page, f"{OPEN} > 0.5", "the ground leaves out what it fills")
    until(page, f"{OPEN} < 0.999", "the line is drawn over them")
    assert page.evaluate("[...document.querySelectorAll('.leaflet-tile')].every((each) => each.alt === '')")
    page.get_by_text("© Tile Makers & others").filter(visible=True).first.wait_for()


def test_a_reader_takes_the_tiles_away_and_has_the_drawn_ground(open_tiled_page, until):
    page = open_tiled_page("/")
    until(page, f"{DRAWN} && {OPEN} > 0.5")
    page.locator("#layers summary").first.click()
    page.get_by_label("Background tiles").uncheck()
    until(page, f"{OPEN} === 0 && {LOADED} === 0", "the ground as it is without tiles")
    page.get_by_label("Background tiles").check()
    until(page, f"{OPEN} > 0.5")


def test_outside_the_box_of_the_file_the_ground_is_drawn(browser, settings, tmp_path, until):
    small = replace(settings, mbtiles=mbtiles(tmp_path / "small.mbtiles", bounds="43.9,42.1,44.1,42.3"))
    with served(small) as address, watched(browser, address) as opened:
        page = opened("/")
        until(page, f"{DRAWN} && {LOADED} >= 1 && {OPEN} > 0.001")
        assert page.evaluate(OPEN) < 0.5


def test_a_provider_alone_is_asked_and_learns_no_address_of_a_page(browser, settings, until):
    named = replace(settings, mbtiles=None, online_tiles="OpenStreetMap.Mapnik")
    asked = []

    def answer(route):
        asked.append(route.request)
        route.fulfill(body=png(), content_type="image/png")

    with served(named) as address:
        context = browser.new_context(viewport={"width": 1366, "height": 768}, base_url=address)
        context.route(f"https://{OSM}/**", answer)
        page = context.new_page()
        watch = Watch(page, address)
        page.goto("/?category=drone")
        until(page, f"{DRAWN} && {LOADED} >= 4 && {OPEN} > 0.5")
        page.get_by_text(f"The background comes from {OSM}").filter(visible=True).first.wait_for()
        foreign = f"foreign request: https://{OSM}/"
        watch.faults = [each for each in watch.faults if not each.startswith(foreign)]
        watch.check()
        referrers = {each.all_headers().get("referer") for each in asked}
        context.close()
    assert {urlsplit(each.url).netloc for each in asked} == {OSM}
    assert referrers == {f"{address}/"}
