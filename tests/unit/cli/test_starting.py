"""`geoapp init`: a project for another line that runs as it is."""

import re

import pytest

from geoapp.cli.opening import fill_if_empty, open_store
from geoapp.config import Settings
from geoapp.web.app import create_app

PLACES = re.compile(
    r"georgia|tbilisi|ossetia|tskhinvali|abkhaz|russia|moscow|gori\b|tsnelisi|chorchana|ergneti|caucas|eumm",
    re.I,
)
PAGES = (
    "/",
    "/incidents",
    "/incidents/2024-03-10-hilltop-post",
    "/incidents/2024-03-12-mill-bridge-shut",
    "/places",
    "/checkpoints?day=2024-03-13",
    "/stories",
    "/methodology",
    "/downloads",
    "/changes",
    "/map/manifest.json",
    "/map/rows",
    "/map/facets",
    "/api",
    "/api/openapi.json",
    "/api/collections/line/items",
    "/exports/incidents.csv",
    "/exports/incidents.geojson",
    "/exports/LICENSES.txt",
    "/datapackage.json",
    "/embed",
)


@pytest.fixture
def project(run, tmp_path, monkeypatch):
    """A new project in an empty folder, named by the settings."""
    folder = tmp_path / "line"
    run("init", folder)
    monkeypatch.setenv("GEOAPP_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def client(project):
    settings = Settings.from_env()
    with open_store(settings, create=True) as store:
        fill_if_empty(store, settings)
    return create_app(settings).test_client()


def test_a_new_project_passes_every_check_but_for_its_contact(run, project):
    settings = Settings.from_env()
    with open_store(settings, create=True) as store:
        fill_if_empty(store, settings)
    told = run("check").output.splitlines()
    assert [line for line in told if not line.startswith("ok: ")] == [
        line for line in told if "GEOAPP_CONTACT" in line
    ]
    assert any("3 incidents with 4 reports" in line for line in told)


def test_a_folder_that_holds_something_is_left_alone(run, tmp_path):
    (tmp_path / "mine.txt").write_text("kept")
    assert "not empty" in run("init", tmp_path, code=1).stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("page", PAGES)
def test_a_project_for_another_line_shows_nothing_of_the_shipped_one(client, page):
    answer = client.get(page)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    assert set(map(str.lower, PLACES.findall(answer.get_data(as_text=True)))) == set()


def test_the_accounts_stand_under_the_parties_of_the_project(client):
    shown = client.get("/incidents/2024-03-10-hilltop-post").get_data(as_text=True)
    assert "Northern administration" in shown
    assert "Southern administration" in shown


def test_a_language_without_labels_of_the_data_shows_them_as_they_are(client):
    assert "Northern administration" in client.get("/ka/incidents/2024-03-10-hilltop-post").get_data(
        as_text=True
    )
