from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from geoapp.batch import Batch, Change
from geoapp.errors import Conflict, DataRefused, Gone, NotFound
from geoapp.query import Filters
from geoapp.store import Store
from tests import engines
from tests.unit.store.building import a_record, a_report, changed, put


def test_what_is_committed_is_read_again(store):
    record = a_record("post-1")
    version = put(store, record)
    stored = store.get("post-1")
    assert stored == replace(record, key=stored.key, version=1, batch=stored.batch)
    assert store.by_key(stored.key) == stored
    assert (version.incidents, version.reports) == (1, 1)
    assert store.current() == version


def test_keys_are_unsigned_32_bits_and_the_same_in_every_copy(store, tmp_path, shipped):
    put(store, a_record("post-1"), a_record("post-2"))
    with Store.open(engines.address(tmp_path, "copy.sqlite3")) as copy:
        copy.save_reference(shipped)
        put(copy, a_record("post-2"))
        assert copy.get("post-2").key == store.get("post-2").key
    assert all(0 <= key < 2**32 for key in store.keys(Filters()))


def test_ids_whose_hashes_collide_get_different_keys(store, monkeypatch):
    monkeypatch.setattr("geoapp.store.writing.keys.first_key", lambda identifier: 2**32 - 1)
    put(store, a_record("post-1"), a_record("post-2"))
    put(store, a_record("post-3"))
    assert sorted(store.keys(Filters())) == [0, 1, 2**32 - 1]
    assert store.by_key(2**32 - 1).incident.id == "post-1"


def test_an_empty_batch_makes_no_version(store):
    before = store.current()
    assert store.commit(Batch(changes=(), base_version=before.number)) == before
    assert store.current() == before
    assert len(store.batches()) == 1


def test_a_batch_against_an_older_version_is_a_conflict(store):
    base = store.current().number
    put(store, a_record("post-1"))
    with pytest.raises(Conflict, match=f"version {base + 1}"):
        store.commit(Batch(changes=(Change(None, a_record("post-2")),), base_version=base))
    assert store.ids(Filters()) == ["post-1"]


def test_of_two_commits_at_once_on_one_base_one_wins(store):
    base = store.current().number

    def commit(name: str) -> str:
        changes = tuple(Change(None, a_record(f"{name}-{number}")) for number in range(300))
        try:
            store.commit(Batch(changes=changes, base_version=base))
        except Conflict:
            return "conflict"
        return name

    with ThreadPoolExecutor(2) as pool:
        outcomes = set(pool.map(commit, ["first", "second"]))
    winner = (outcomes - {"conflict"}).pop()
    assert len(outcomes) == 2
    assert {identifier.partition("-")[0] for identifier in store.ids(Filters())} == {winner}
    assert store.current().number == base + 1


def test_a_change_that_speaks_of_another_record_is_a_conflict(store):
    put(store, a_record("post-1"))
    old = store.get("post-1")
    put(store, changed(old, title="Newer"))
    number = store.current().number
    for before in (None, old):
        with pytest.raises(Conflict, match="post-1"):
            store.commit(Batch(changes=(Change(before, changed(old, title="Mine")),), base_version=number))


def test_unknown_codes_are_refused_by_name(store):
    record = a_record("post-1", category="no_such", actors=("NOBODY",))
    with pytest.raises(DataRefused) as caught:
        put(store, record)
    assert {problem.value for problem in caught.value.problems} == {"no_such", "NOBODY"}
    assert store.current().incidents == 0


def test_a_failure_half_way_leaves_nothing(store, monkeypatch):
    put(store, a_record("post-1"))
    before, manifest = store.current(), store.manifest()
    monkeypatch.setattr("geoapp.store.writing.commit.WRITTEN_AT_ONCE", 1)

    def fail(done: int, total: int) -> None:
        if done == 2:
            raise InterruptedError

    changes = tuple(Change(None, a_record(f"new-{number}")) for number in range(4))
    with pytest.raises(InterruptedError):
        store.commit(Batch(changes=changes, base_version=before.number), progress=fail)
    assert store.current() == before
    assert store.manifest() == manifest
    assert store.ids(Filters()) == ["post-1"]
    assert store.count(Filters(q="post")) == 1
    put(store, a_record("new-0"))
    assert store.get("new-0").version == 1


def test_progress_tells_how_far_it_is(store, monkeypatch):
    monkeypatch.setattr("geoapp.store.writing.commit.WRITTEN_AT_ONCE", 2)
    told: list[tuple[int, int]] = []
    changes = tuple(Change(None, a_record(f"new-{number}")) for number in range(5))
    store.commit(
        Batch(changes=changes, base_version=store.current().number),
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_every_version_is_kept_with_its_batch(store):
    put(store, a_record("post-1"), author="editor-a", public_note="First", private_note="Secret")
    put(
        store,
        changed(store.get("post-1"), title="Post moved"),
        author="editor-b",
        file_name="x.csv",
        file_hash="ab",
    )
    first, second = store.history("post-1")
    assert (first.record.incident.title, second.record.incident.title) == ("Post seen", "Post moved")
    assert (first.batch.author, first.batch.public_note, first.batch.private_note) == (
        "editor-a",
        "First",
        "Secret",
    )
    assert (second.batch.author, second.batch.file_name, second.batch.file_hash) == (
        "editor-b",
        "x.csv",
        "ab",
    )
    assert (second.batch.created_count, second.batch.updated_count) == (0, 1)
    assert second.batch.created.utcoffset().total_seconds() == 0
    assert store.version("post-1", 1) == first
    assert second.record == store.get("post-1")


def test_unknown_records_and_versions_are_not_found(store):
    put(store, a_record("post-1"))
    for ask in (
        lambda: store.get("post-2"),
        lambda: store.by_key(12),
        lambda: store.history("post-2"),
        lambda: store.version("post-1", 2),
        lambda: store.undo(99),
        lambda: store.chunk("0" * 32),
    ):
        with pytest.raises(NotFound):
            ask()


def test_reports_without_an_id_get_numbers_that_were_never_used(store):
    put(store, a_record("post-1", reports=(a_report(), a_report(source_url="https://example.org/2"))))
    record = store.get("post-1")
    assert [report.report_id for report in record.incident.reports] == ["post-1/1", "post-1/2"]
    version = put(store, changed(record, reports=(*record.incident.reports, a_report())))
    store.undo(store.batches()[0].id)
    assert version.reports == 3
    record = store.get("post-1")
    put(store, changed(record, reports=(*record.incident.reports, a_report())))
    assert [report.report_id for report in store.get("post-1").incident.reports] == [
        "post-1/1",
        "post-1/2",
        "post-1/4",
    ]
    assert store.used_reports(["post-1", "other"]) == {
        "post-1": {
            "post-1/1": "https://example.org/1",
            "post-1/2": "https://example.org/2",
            "post-1/3": "https://example.org/1",
            "post-1/4": "https://example.org/1",
        }
    }


def test_undo_brings_back_what_stood_before(store):
    put(store, a_record("post-1"))
    before, record = store.current(), store.get("post-1")
    put(store, changed(record, title="Wrong", category="drone"), a_record("post-2"))
    undone = store.undo(store.batches()[0].id, author="editor", note="Wrong file")
    restored = store.get("post-1")
    assert restored == replace(record, version=3, batch=restored.batch)
    assert undone.content_hash == before.content_hash
    assert undone.number == before.number + 2
    assert store.ids(Filters()) == ["post-1"]
    assert store.ids(Filters(q="wrong")) == []
    batch = store.batches()[0]
    assert (batch.kind, batch.author, batch.public_note) == ("undo", "editor", "Wrong file")
    assert (batch.undoes, batch.updated_count, batch.removed_count) == (batch.id - 1, 1, 1)


def test_a_record_whose_creation_was_undone_is_gone_and_can_come_back(store):
    put(store, a_record("post-1"))
    key = store.get("post-1").key
    store.undo(store.batches()[0].id)
    for ask in (lambda: store.get("post-1"), lambda: store.by_key(key), lambda: store.history("post-1")):
        with pytest.raises(Gone) as caught:
            ask()
        assert caught.value.reason
    put(store, a_record("post-1", title="Right"))
    assert store.get("post-1").key == key
    assert [version.record is None for version in store.history("post-1")] == [False, True, False]


def test_an_undo_can_be_undone(store):
    put(store, a_record("post-1"))
    after = store.current()
    store.undo(store.batches()[0].id)
    assert store.undo(store.batches()[0].id).content_hash == after.content_hash
    assert store.get("post-1").incident.title == "Post seen"


def test_undo_is_refused_when_a_later_batch_touched_its_records(store):
    put(store, a_record("post-1"), a_record("post-2"))
    batch = store.batches()[0].id
    put(store, changed(store.get("post-2"), title="Better"))
    with pytest.raises(Conflict, match="post-2") as caught:
        store.undo(batch)
    assert "post-1" not in str(caught.value)
    assert store.get("post-1").version == 1


def test_reference_data_cannot_be_undone(store):
    with pytest.raises(Conflict, match="no records"):
        store.undo(store.batches()[0].id)
