"""What readers and editors get from a running program when the server beneath it fails, and after that."""

import shutil
import subprocess
import threading
from functools import partial

import orjson
import psycopg
import pytest
from sqlalchemy import update

from geoapp import reference
from geoapp.batch import Batch, Change
from geoapp.cli.opening import fill_if_empty, open_store
from geoapp.config import Settings, resource
from geoapp.errors import StoreFailed
from geoapp.query import Filters
from geoapp.store import Store
from geoapp.store.schema import chunks
from geoapp.web.app import create_app
from tests import engines
from tests.fleet import until
from tests.postgres import server
from tests.unit.store.building import a_record, put
from tests.unit.store.test_faults import MANY

pytestmark = pytest.mark.postgres
ASKED = ("/", "/incidents", "/map/manifest.json", "/api/collections/incidents/items", "/places")


@pytest.fixture
def own():
    """A server of the test's own, which may be stopped."""
    with server.running() as own:
        yield own


class Load:
    """Asks the application by several threads; keeps every (path, status, answer)."""

    def __init__(self, app):
        self._app, self._is_over, self.answers = app, threading.Event(), []
        self._threads = [threading.Thread(target=self._work, args=(path,)) for path in ASKED]

    def _work(self, path):
        while not self._is_over.wait(0.02):
            self.answers.append((path, self._app.test_client().get(path)))

    def __enter__(self):
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_):
        self._is_over.set()
        for each in self._threads:
            each.join()

    def until(self, status):
        """Wait until every path was answered with this status, from now on."""
        begun = len(self.answers)
        until(
            lambda: {path for path, each in self.answers[begun:] if each.status_code == status} == set(ASKED)
        )


def test_a_server_that_stops_and_starts_under_load_is_told_and_nothing_has_to_be_restarted(own, tmp_path):
    settings = Settings(database_url=own.address(server.READY), instance_dir=tmp_path)
    with open_store(settings, create=True) as store:
        fill_if_empty(store, settings)
    app = create_app(settings)
    with Load(app) as load:
        load.until(200)
        own.stop()
        load.until(503)
        client = app.test_client()
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        own.start()
        load.until(200)
    assert {each.status_code for _, each in load.answers} == {200, 503}
    refused = [each for _, each in load.answers if each.status_code == 503]
    assert all(each.headers["Retry-After"] for each in refused)
    assert not any("no-such" in each.text or "psycopg" in each.text for each in refused)
    app.extensions["geoapp.store"].close()


def test_a_server_that_stops_in_the_middle_of_a_commit_loses_nothing_and_takes_it_afterwards(own):
    with Store.open(own.address(server.READY)) as store:
        store.save_reference(reference.read(resource("data")))
        put(store, a_record("post-1"))
        before, manifest = store.current(), store.manifest()
        # This server says "committed" before its log is written, which an operator's does not.
        with psycopg.connect(own.address(server.READY).replace("+psycopg", ""), autocommit=True) as direct:
            direct.execute("CHECKPOINT")
        # More than are written at once, so that it stops between two portions.
        listed = [*MANY, *(a_record(f"more-{number}") for number in range(500))]
        batch = Batch(
            changes=tuple(Change(None, each) for each in listed),
            base_version=before.number,
            author="",
            public_note="",
        )
        told = []

        def stop(done, total):
            told.append((done, total))
            if len(told) == 1:
                own.stop("immediate")

        with pytest.raises(StoreFailed, match="server cannot be reached, or it closed .*nothing was changed"):
            store.commit(batch, progress=stop)
        assert told[0][0] < told[0][1]
        own.start()
        assert (store.current(), store.manifest()) == (before, manifest)
        assert store.ids(Filters()) == store.ids(Filters(q="post")) == ["post-1"]
        assert store.commit(batch).incidents == len(listed) + 1


def _mount(folder, size, *options):
    command = ["mount", "-t", "tmpfs", "-o", ",".join([*options, f"size={size}"]), "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _resize(folder, size):
    assert _mount(folder, size, "remount")


@pytest.fixture
def small_disk(own):
    """A database on a disk of its own; what tells the bytes used, and what gives it another size."""
    folder = own.folder / "small"
    folder.mkdir()
    if not _mount(folder, "512m"):
        pytest.skip("only root can mount a small disk")
    try:
        subprocess.run(["chown", "postgres:", str(folder)], check=True)
        for each in (
            f"CREATE TABLESPACE small LOCATION '{folder}'",
            f"CREATE DATABASE tight TEMPLATE {server.READY} TABLESPACE small",
        ):
            server.say(own, "postgres", each)
        yield own.address("tight"), lambda: shutil.disk_usage(folder).used, partial(_resize, folder)
    finally:
        own.stop("immediate")
        subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_full_while_a_version_is_built_keeps_the_last_one(small_disk):
    address, used, resize = small_disk
    with Store.open(address) as store:
        store.save_reference(reference.read(resource("data")))
        put(store, a_record("post-1"))
        before = store.current()
        manifest = store.manifest()
        resize(used() + 1_000_000)
        with pytest.raises(StoreFailed, match="disk that holds the database is full .*nothing was changed"):
            put(store, *MANY)
        assert (store.current(), store.manifest()) == (before, manifest)
        assert store.ids(Filters()) == store.ids(Filters(q="post")) == ["post-1"]
        resize(512_000_000)
        assert put(store, *MANY).incidents == len(MANY) + 1
        assert store.count(Filters(q="post")) == len(MANY) + 1


def test_a_damaged_chunk_is_an_error_of_its_own_and_the_list_works(tmp_path):
    settings = Settings(database_url=engines.address(tmp_path), instance_dir=tmp_path)
    with open_store(settings, create=True) as store:
        fill_if_empty(store, settings)
        with store.writing() as connection:
            connection.execute(update(chunks).values(content=b"\x00\xff\x00\xff"))
    client = create_app(settings).test_client()
    chunk = orjson.loads(client.get("/map/manifest.json").data)["chunks"][0][0]
    answer = client.get(f"/map/chunks/{chunk}.bin")
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert client.get("/incidents").status_code == 200
