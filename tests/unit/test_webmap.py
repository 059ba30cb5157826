"""The folium shell: the same at every build, nothing of its own from elsewhere, no text but ours."""

import subprocess
import sys
from dataclasses import replace

import pytest
from shapely.geometry import LineString

from geoapp import webmap
from geoapp.webmap import keeping

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

    from geoapp.webmap.rendering import BoundaryMap

    before = list(Map.default_js)
    webmap.build(BOUNDS, ADDRESSES)
    assert Map.default_js == before and BoundaryMap.default_js == []


def test_a_shell_is_rendered_once_and_then_read(tmp_path, monkeypatch):
    first = webmap.kept(tmp_path, BOUNDS, ADDRESSES)
    assert first == webmap.build(BOUNDS, ADDRESSES)
    monkeypatch.setattr(keeping, "build", None)  # rendering again would fail
    assert webmap.kept(tmp_path, BOUNDS, ADDRESSES) == first


def test_another_line_or_address_makes_another_shell_in_its_place(tmp_path):
    first = webmap.kept(tmp_path, BOUNDS, ADDRESSES)
    moved = webmap.kept(tmp_path, (1.0, 2.0, 3.0, 4.0), ADDRESSES)
    other = webmap.kept(tmp_path, BOUNDS, replace(ADDRESSES, module="/static/x/js/boundary-map.js"))
    assert len({first.script, moved.script, other.script}) == 3
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"body": ""}', b"{"])
def test_a_damaged_shell_is_rendered_again(tmp_path, damage):
    first = webmap.kept(tmp_path, BOUNDS, ADDRESSES)
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)
    assert webmap.kept(tmp_path, BOUNDS, ADDRESSES) == first
    assert file.read_bytes() != damage


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path):
    (tmp_path / "file").touch()
    assert webmap.kept(tmp_path / "file", BOUNDS, ADDRESSES) == webmap.build(BOUNDS, ADDRESSES)


def test_the_web_application_starts_without_folium_and_pandas():
    code = "import sys, geoapp.web.app; print({'folium', 'branca', 'pandas'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "set()\n"


@pytest.mark.parametrize(
    ("lines", "bounds"),
    [
        ([[(43, 42), (44, 42.5)], [(44, 42.5), (44.5, 41.9)]], (43, 41.9, 44.5, 42.5)),
        ([], (-180.0, -60.0, 180.0, 75.0)),
    ],
)
def test_the_first_view_is_that_of_the_line(lines, bounds):
    assert webmap.bounds_of(LineString(points) for points in lines) == bounds
