"""What readers still get when something beneath is broken."""

import errno
import shutil
import sqlite3

import orjson
import pytest

from geoapp.cli.opening import fill_if_empty, open_store
from geoapp.config import PACKAGE, Settings
from geoapp.errors import DataRefused
from geoapp.web import context
from geoapp.web.app import create_app
from tests import engines

pytestmark = pytest.mark.skipif(bool(engines.SERVER), reason="breaks the file of a SQLite store")


@pytest.fixture
def settings(tmp_path):
    """A small project of its own, stored and ready to be broken."""
    data_dir = tmp_path / "data"
    shutil.copytree(PACKAGE / "starter", data_dir)
    settings = Settings(data_dir=data_dir, instance_dir=tmp_path / "instance")
    with open_store(settings, create=True) as store:
        fill_if_empty(store, settings)
    return settings


def _file(settings):
    return settings.instance_dir / "geoapp.sqlite"


def test_a_missing_layer_file_refuses_a_new_store_and_is_named(settings, tmp_path):
    (settings.data_dir / "geojson" / "places.geojson").unlink()
    new = Settings(data_dir=settings.data_dir, instance_dir=tmp_path / "new")
    with pytest.raises(DataRefused, match=r"places\.file: error: a file that can be read"):
        open_store(new, create=True)


def test_a_store_that_is_filled_is_served_without_the_layer_file(settings):
    (settings.data_dir / "geojson" / "places.geojson").unlink()
    client = create_app(settings).test_client()
    assert client.get("/").status_code == 200
    assert client.get("/places").status_code == 200


def test_a_damaged_chunk_is_an_error_of_its_own_and_the_list_works(settings):
    database = sqlite3.connect(_file(settings))
    database.execute("UPDATE chunks SET content = x'00ff00ff'")
    database.commit()
    database.close()
    client = create_app(settings).test_client()
    chunk = orjson.loads(client.get("/map/manifest.json").data)["chunks"][0][0]
    answer = client.get(f"/map/chunks/{chunk}.bin")
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert client.get("/incidents").status_code == 200
    assert client.get("/map/rows").status_code == 200


def test_readers_are_answered_while_another_process_writes(settings):
    writer = sqlite3.connect(_file(settings), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        client = create_app(settings).test_client()
        assert client.get("/incidents").status_code == 200
        assert client.get("/api/collections/incidents/items").status_code == 200
    finally:
        writer.execute("ROLLBACK")
        writer.close()


@pytest.fixture
def full_disk(monkeypatch):
    """As on a disk with no room for a file."""

    def write(features, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("geoapp.export.bulk.write_lines", write)


@pytest.mark.parametrize("extension", ["csv", "geojson", "geojsonl"])
def test_on_a_full_disk_text_is_sent_without_a_file(settings, full_disk, extension):
    client = create_app(settings).test_client()
    whole = client.get(f"/exports/incidents.{extension}")
    part = client.get(f"/exports/incidents.{extension}?located=true")
    assert (whole.status_code, whole.content_type) == (200, part.content_type)
    assert len(whole.data.splitlines()) >= len(part.data.splitlines()) > 0
    assert "v2." in whole.headers["Content-Disposition"]


@pytest.mark.parametrize("extension", ["gpkg", "fgb", "parquet"])
def test_on_a_full_disk_other_forms_say_so_and_pages_work(settings, full_disk, extension):
    client = create_app(settings).test_client()
    refused = client.get(f"/exports/incidents.{extension}")
    assert (refused.status_code, refused.content_type) == (503, "application/problem+json")
    assert refused.json["title"] == "There is no room left on this server to make the file"
    assert refused.headers["Retry-After"]
    assert [client.get(path).status_code for path in ("/", "/incidents", "/downloads")] == [200] * 3


def test_on_a_full_disk_the_last_file_that_was_made_is_sent_and_says_its_version(settings, monkeypatch):
    app = create_app(settings)
    client = app.test_client()
    before = client.get("/exports/incidents.gpkg")
    with app.app_context():
        context.store().undo(context.store().batches()[0].id)

    def write(features, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("geoapp.export.bulk.write_lines", write)
    after = client.get("/exports/incidents.gpkg")
    assert (after.status_code, after.data) == (200, before.data)
    assert "incidents-v2.gpkg" in after.headers["Content-Disposition"]
