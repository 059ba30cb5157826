"""Exports read by tools from outside: GDAL, QGIS, R, and validators of GeoJSON (make test-tools)."""

import csv
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from geoapp.config import resource
from geoapp.export.recipes import RECIPES
from tests.serving import served

pytestmark = pytest.mark.tools

OF_TOOL = {recipe.tool: recipe for recipe in RECIPES}
SYSTEM_PYTHON = "/usr/bin/python3"
# The project's own packages must not reach programs that bring theirs.
PLAIN = {"PATH": "/usr/bin:/bin", "QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"}


def _has_qgis():
    asked = [SYSTEM_PYTHON, "-c", "import qgis.core"]
    return Path(SYSTEM_PYTHON).exists() and subprocess.run(asked, capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def site(shipped_instance):
    with served(shipped_instance) as address:
        yield address


def _run(*command, folder, **options):
    environment = PLAIN | {"HOME": str(folder)}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, **options)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="needs gdal-bin")
class TestGdal:
    def test_the_recipe_makes_a_geopackage(self, site, tmp_path):
        _run("bash", "-euc", OF_TOOL["GDAL"].of(site), folder=tmp_path)
        told = _run("ogrinfo", "-so", "incidents.gpkg", "incidents", folder=tmp_path)
        assert "Feature Count: 252" in told

    @pytest.mark.parametrize("extension", ["geojson", "geojsonl", "gpkg", "fgb"])
    def test_every_form_that_it_knows_holds_every_incident(self, site, tmp_path, extension):
        _run("curl", "-sSO", f"{site}/exports/incidents.{extension}", folder=tmp_path)
        told = _run("ogrinfo", "-ro", "-so", "-al", f"incidents.{extension}", folder=tmp_path)
        assert "Feature Count: 252" in told
        assert "Geometry: Point" in told

    def test_a_filter_by_box_and_days_is_taken_in_the_address(self, site, tmp_path):
        address = f"{site}/exports/incidents.geojson?bbox=43.5,42,44.2,42.4&datetime=2019-08-24/2019-10-31"
        told = _run("ogrinfo", "-ro", "-so", "-al", address, folder=tmp_path)
        (line,) = (line for line in told.splitlines() if line.startswith("Feature Count"))
        assert 0 < int(line.split(": ")[1]) < 63


@pytest.mark.skipif(not _has_qgis(), reason="needs python3-qgis")
@pytest.mark.parametrize("extension", ["fgb", "geojson"])
def test_qgis_opens_the_address_and_saves_a_geopackage(site, tmp_path, extension):
    script = Path(__file__).with_name("qgis_saves.py")
    address = OF_TOOL["QGIS"].of(site).replace(".fgb", f".{extension}")
    told = _run(SYSTEM_PYTHON, str(script), address, "saved.gpkg", folder=tmp_path)
    assert json.loads(told.splitlines()[-1]) == {"features": 252, "crs": "EPSG:4326"}
    assert "Feature Count: 252" in _run("ogrinfo", "-so", "-al", "saved.gpkg", folder=tmp_path)


@pytest.mark.skipif(not _has_qgis(), reason="needs python3-qgis")
def test_qgis_draws_a_geopackage_in_the_colours_of_the_map(site, tmp_path):
    _run("curl", "-sSO", f"{site}/exports/incidents.gpkg", folder=tmp_path)
    script = Path(__file__).with_name("qgis_styled.py")
    told = json.loads(_run(SYSTEM_PYTHON, str(script), "incidents.gpkg", folder=tmp_path).splitlines()[-1])
    with (resource("data") / "categories.csv").open(encoding="utf-8", newline="") as file:
        known = {row["code"]: row for row in csv.DictReader(file)}
    assert told["type"] == "RuleRenderer"
    assert told["labels"] == [*dict.fromkeys(row["group_label"] for row in known.values()), "Of no group"]
    assert told["colors"] == {code: [known[code]["group_color"].lower()] for code in told["colors"]}
    assert len(told["colors"]) > 5


def _has_sf():
    if shutil.which("Rscript") is None:
        return False
    asked = ["Rscript", "-e", "stopifnot(requireNamespace('sf'))"]
    return subprocess.run(asked, capture_output=True).returncode == 0


@pytest.mark.skipif(not _has_sf(), reason="needs R with sf")
def test_r_reads_the_address(site, tmp_path):
    counted = "cat('', nrow(incidents), sum(sf::st_is_empty(incidents)), class(incidents$date))"
    told = _run("Rscript", "-e", f"{OF_TOOL['R, sf'].of(site)}; {counted}", folder=tmp_path)
    address = f"{site}/api/collections/incidents/items?located=false&f=json"
    page = json.loads(_run("curl", "-sS", address, folder=tmp_path))
    assert told.splitlines()[-1].split() == ["252", str(page["numberMatched"]), "Date"]


@pytest.mark.skipif(shutil.which("npx") is None, reason="needs Node.js")
def test_check_geojson_finds_no_fault(site, tmp_path):
    shutil.copy(Path(__file__).with_name("check_geojson.mjs"), tmp_path)
    environment = {"cwd": tmp_path, "capture_output": True, "text": True}
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "@placemarkio/check-geojson@0.1"]
    installed = subprocess.run(install, **environment)
    assert installed.returncode == 0, installed.stderr
    _run("curl", "-sSO", f"{site}/exports/incidents.geojson", folder=tmp_path)
    ran = subprocess.run(["node", "check_geojson.mjs", "incidents.geojson"], **environment)
    assert (ran.returncode, ran.stdout.strip()) == (0, "252"), ran.stderr
