"""The folium shell: the same at every build, nothing of its own from elsewhere, no text but ours."""

import pytest
from shapely.geometry import LineString

from geoapp import webmap

ADDRESSES = webmap.Addresses(
    module="/static/h/js/boundary-map.js", manifest="/map/manifest.json", chunks="/map/chunks/"
)
BOUNDS = (43.3, 41.9, 44.7, 42.8)


def test_the_shell_is_the_same_at_every_build():
    first, second = webmap.build(BOUNDS, ADDRESSES), webmap.build(BOUNDS, ADDRESSES)
    assert first == second
    assert first.script_hash == second.script_hash


def test_the_shell_brings_no_address_of_another_host():
    shell = webmap.build(BOUNDS, ADDRESSES)
    assert "//" not in shell.script.replace("\n", " ") and "http" not in shell.body
    assert "<script" not in shell.body and "style=" not in shell.body


def test_the_script_imports_our_module_and_names_our_data():
    script = webmap.build(BOUNDS, ADDRESSES).script
    assert 'import { createBoundaryMap } from "/static/h/js/boundary-map.js";' in script
    assert '"/map/manifest.json", "/map/chunks/"' in script
    assert script.index("addIncidents") < script.index("addReferenceLayers") < script.index("announce")
    assert '"minZoom": 6' in script and '"maxZoom": 16' in script


def test_building_ours_leaves_foliums_own_lists_alone():
    from folium import Map

    before = list(Map.default_js)
    webmap.build(BOUNDS, ADDRESSES)
    assert Map.default_js == before and webmap.BoundaryMap.default_js == []


@pytest.mark.parametrize(
    ("lines", "bounds"),
    [
        ([[(43, 42), (44, 42.5)], [(44, 42.5), (44.5, 41.9)]], (43, 41.9, 44.5, 42.5)),
        ([], (-180.0, -60.0, 180.0, 75.0)),
    ],
)
def test_the_first_view_is_that_of_the_line(lines, bounds):
    assert webmap.bounds_of(LineString(points) for points in lines) == bounds
