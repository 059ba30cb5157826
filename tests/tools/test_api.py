"""The API read by GDAL: every collection, ten thousand features by pages, boxes (make test-tools)."""

import json
import shutil
import subprocess

import pytest

from benchmarks import synthetic
from geoapp.config import Settings
from tests.serving import served

pytestmark = [
    pytest.mark.tools,
    pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="needs gdal-bin"),
]
COUNT = 10_000


@pytest.fixture(scope="module")
def site(shipped_instance):
    with served(shipped_instance) as address:
        yield address


@pytest.fixture(scope="module")
def large_site(tmp_path_factory):
    settings = Settings(instance_dir=tmp_path_factory.mktemp("large"))
    synthetic.fill(settings.store_url, COUNT, report=False).close()
    with served(settings.instance_dir) as address:
        yield address


def run(*command):
    # The project's own GDAL data must not reach the system's programs.
    ran = subprocess.run(
        command, env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def count_of(told):
    (line,) = (line for line in told.splitlines() if line.startswith("Feature Count"))
    return int(line.split(": ")[1])


@pytest.mark.parametrize(
    ("name", "geometry", "count"),
    [
        ("incidents", "Point", 252),
        ("abl", "Line String", 1),
        ("abl_segments", "Line String", 8),
        ("abl_band", "Polygon", 1),
        ("abl_alternative", "Line String", 1),
        ("areas", "Polygon", 2),
        ("checkpoints", "Point", 17),
        ("places", "Point", 115),
    ],
)
def test_every_collection_is_a_layer(site, name, geometry, count):
    told = run("ogrinfo", "-ro", "-so", f"OAPIF:{site}/api", name)
    assert f"Geometry: {geometry}" in told and count_of(told) == count


def test_ten_thousand_features_come_by_pages_into_a_geopackage(large_site, tmp_path):
    target = tmp_path / "incidents.gpkg"
    run("ogr2ogr", "-f", "GPKG", "-oo", "PAGE_SIZE=1000", str(target), f"OAPIF:{large_site}/api", "incidents")
    told = run("ogrinfo", "-ro", "-sql", "SELECT COUNT(DISTINCT id) AS n FROM incidents", str(target))
    assert f"n (Integer) = {COUNT}" in told


def test_a_box_and_an_attribute_narrow_what_is_read(site):
    box = ("-spat", "43.6", "42.09", "43.9", "42.19")
    boxed = count_of(run("ogrinfo", "-ro", "-so", *box, f"OAPIF:{site}/api", "incidents"))
    both = run(
        "ogrinfo", "-ro", "-so", *box, "-where", "category = 'drone'", f"OAPIF:{site}/api", "incidents"
    )
    assert 0 < count_of(both) < boxed < 252


def test_the_address_of_items_opens_as_geojson(site):
    told = run("ogrinfo", "-ro", "-so", "-al", f"{site}/api/collections/incidents/items?limit=1000")
    assert count_of(told) == 252


def test_no_column_is_lost_on_the_way(site, tmp_path):
    target = tmp_path / "incidents.geojson"
    run("ogr2ogr", "-f", "GeoJSON", str(target), f"OAPIF:{site}/api", "incidents")
    written = json.loads(target.read_text())["features"]
    told = run("curl", "-s", f"{site}/api/collections/incidents/schema")
    columns = set(json.loads(told)["properties"]) - {"geometry"}
    assert columns <= {name for feature in written for name in feature["properties"]}
