"""The recipes that need no more than what is installed for the tests; the others: tests/tools."""

import shutil
import subprocess
from urllib.request import urlopen

import duckdb
import pandas
import pytest

from geoapp.export.recipes import RECIPES, page
from tests.serving import served

OF_TOOL = {recipe.tool: recipe for recipe in RECIPES}


@pytest.fixture(scope="module")
def site(shipped_instance):
    with served(shipped_instance) as address:
        yield address


def _run_python(tool, site):
    names = {}
    exec(OF_TOOL[tool].of(site), names)
    return names


def _run_shell(tool, site, folder):
    text = OF_TOOL[tool].of(site)
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text], cwd=folder, capture_output=True, text=True
    )


def test_geopandas_reads_incidents_and_reports(site):
    names = _run_python("Python, geopandas", site)
    assert (len(names["incidents"]), len(names["reports"])) == (252, 675)


def test_pyogrio_reads_only_what_is_asked_for(site):
    frame = _run_python("Python, pyogrio", site)["disputed"]
    assert set(frame["status"]) == {"disputed"}
    assert 0 < len(frame) < 252


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl_saves_what_a_filter_leaves(site, tmp_path):
    ran = _run_shell("curl", site, tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert pandas.read_csv(tmp_path / "crisis.csv")["id"].nunique() == 63


@pytest.mark.skipif(shutil.which("sha256sum") is None or shutil.which("curl") is None, reason="needs curl")
def test_the_checksums_hold(site, tmp_path):
    ran = _run_shell("sha256sum", site, tmp_path)
    assert (ran.returncode, ran.stdout) == (0, "incidents.geojson: OK\n"), ran.stderr


def test_duckdb_counts_by_category(site, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with urlopen(f"{site}/exports/incidents.parquet") as answer:
        (tmp_path / "incidents.parquet").write_bytes(answer.read())
    rows = duckdb.sql(OF_TOOL["DuckDB"].of(site)).fetchall()
    assert sum(count for _, count in rows) == 252
    assert rows[0][1] >= rows[-1][1]


def test_what_excel_is_given_begins_with_the_mark(site):
    with urlopen(OF_TOOL["Excel"].of(site)) as answer:
        assert answer.read(3) == b"\xef\xbb\xbf"


def test_every_recipe_names_the_site_or_a_file_from_it():
    assert all("{site}" in each.text or "incidents." in each.text for each in RECIPES)
    assert "".join(page("https://map.example.org")).count("```") == 2 * len(RECIPES)
