"""The whole set as files: made once, by one, complete or not at all."""

import errno
import multiprocessing
import os
import signal
import threading

import pytest

from geoapp.errors import NoRoom
from geoapp.export import bulk
from geoapp.export.bulk import Bulk
from geoapp.query import Filters
from geoapp.store import Store
from tests import engines


@pytest.fixture
def store(shipped_instance, tmp_path):
    engines.copy(shipped_instance, tmp_path / "instance")
    with Store.open(engines.address(tmp_path / "instance")) as opened:
        yield opened


def _undo(store):
    (imported,) = (batch.id for batch in store.batches() if batch.kind == "import")
    return store.undo(imported)


def test_a_file_is_described_by_size_checksum_and_rows(store, tmp_path):
    built = Bulk(tmp_path).file(store, "csv")
    assert built.path.stat().st_size == built.size
    assert bulk.digest_of(built.path) == built.sha256
    assert (built.incidents, built.reports, built.version) == (252, 675, store.current().number)


def test_what_was_made_is_known_and_not_made_again(store, tmp_path):
    kept = Bulk(tmp_path)
    assert kept.known(store.current(), "geojson") is None
    built = kept.file(store, "geojson")
    made = built.path.stat().st_ino
    assert kept.known(store.current(), "geojson") == kept.file(store, "geojson") == built
    assert built.path.stat().st_ino == made


def test_many_at_once_make_one_file(store, tmp_path, monkeypatch):
    writes = []
    write = bulk._write

    def counted(target, save):
        writes.append(target.name)
        write(target, save)

    monkeypatch.setattr(bulk, "_write", counted)
    threads = [threading.Thread(target=Bulk(tmp_path).file, args=(store, "csv")) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(writes) == [
        "incidents.csv", "incidents.csv.json", "incidents.geojsonl", "incidents.geojsonl.json",
    ]  # fmt: skip


def test_a_new_version_is_a_new_file(store, tmp_path):
    before = Bulk(tmp_path).file(store, "geojson")
    _undo(store)
    after = Bulk(tmp_path).file(store, "geojson")
    assert after.sha256 != before.sha256
    assert (after.incidents, after.reports) == (0, 0)


def test_another_program_or_address_makes_its_own_files(store, tmp_path):
    paths = {
        Bulk(tmp_path, key=key, licences=licences).file(store, "csv").path
        for key in ("one", "two")
        for licences in ("/a", "/b")
    }
    assert len(paths) == 4


def test_the_last_three_versions_stay(store, tmp_path):
    kept, numbers = Bulk(tmp_path), []
    for _ in range(5):
        numbers.append(kept.file(store, "csv").version)
        newest = store.batches()[0]
        store.undo(newest.id if newest.kind == "undo" else _imported(store))
    kept.prune(store)
    now = store.current().number
    assert {path.name.split("-")[0] for path in tmp_path.glob("v*")} == {f"v{now - 1}", f"v{now - 2}"}
    assert len(numbers) == 5


def _imported(store):
    (imported,) = (batch.id for batch in store.batches() if batch.kind == "import")
    return imported


def test_files_from_before_a_redaction_go(store, tmp_path):
    kept = Bulk(tmp_path)
    old = kept.file(store, "csv")
    identifier = store.ids(_no_filters())[0]
    store.redact(identifier, reason="By mistake")
    kept.prune(store)
    assert not old.path.exists()
    assert identifier not in kept.file(store, "csv").path.read_text(encoding="utf-8").split(",")


def _no_filters():
    from geoapp.query import Filters

    return Filters()


def test_a_content_coding_is_kept_beside_the_file(store, tmp_path):
    kept = Bulk(tmp_path)
    built = kept.file(store, "csv")
    packed = kept.coded(built, "gzip")
    assert packed.stat().st_size < built.size
    made = packed.stat().st_ino
    assert kept.coded(built, "gzip").stat().st_ino == made


def _die_in_the_middle(url, folder):
    def save(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    bulk.FORMATS = {"csv": type("Deadly", (), {"save": staticmethod(save)})}
    with Store.open(url) as store:
        Bulk(folder).file(store, "csv")


def test_a_kill_in_the_middle_leaves_nothing_half_and_no_lock(store, tmp_path):
    folder = tmp_path / "exports"
    url = engines.address(tmp_path / "instance")
    process = multiprocessing.get_context("spawn").Process(target=_die_in_the_middle, args=(url, folder))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    kept = Bulk(folder)
    assert kept.known(store.current(), "csv") is None
    assert list(folder.glob("v*/.begun-*"))
    built = kept.file(store, "csv")
    assert bulk.digest_of(built.path) == built.sha256
    assert not list(folder.glob("v*/.begun-*"))


def test_a_full_disk_is_told_leaves_nothing_half_and_is_forgotten_when_there_is_room(
    store, tmp_path, monkeypatch
):
    folder, wrote = tmp_path / "exports", bulk.write_lines
    kept = Bulk(folder)

    def write(features, target):
        target.write_bytes(b"begun")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(bulk, "write_lines", write)
    with pytest.raises(NoRoom, match=f"the disk that holds {folder} is full"):
        kept.file(store, "csv")
    assert kept.known(store.current(), "csv") is None
    assert not [each for each in folder.rglob("*") if each.is_file() and not each.name.endswith(".lock")]
    monkeypatch.setattr(bulk, "write_lines", wrote)
    assert kept.file(store, "csv").incidents == 252


def test_a_writer_that_fails_without_a_word_on_a_full_disk_is_told_as_that(store, tmp_path, monkeypatch):
    kept = Bulk(tmp_path)
    built = kept.file(store, "geojsonl")

    def fail(*_):
        raise RuntimeError("unknown")

    monkeypatch.setattr(bulk, "_encode", fail)
    with pytest.raises(RuntimeError, match="unknown"):
        kept.coded(built, "br")
    monkeypatch.setattr(bulk, "LEAST_FREE_BYTES", 2**62)
    with pytest.raises(NoRoom):
        kept.coded(built, "br")


def test_the_last_file_that_was_made_is_known_unless_a_redaction_came_after(store, tmp_path):
    kept = Bulk(tmp_path)
    assert kept.last(store, "csv") is None
    built = kept.file(store, "csv")
    _undo(store)
    assert kept.last(store, "csv") == built
    store.undo(store.batches()[0].id)
    store.redact(store.ids(Filters(limit=1))[0], reason="asked for by a person at risk")
    assert kept.last(store, "csv") is None
