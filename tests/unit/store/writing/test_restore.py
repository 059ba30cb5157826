"""Bringing one record back to an earlier version of it."""

from dataclasses import replace

import pytest

from geoapp.errors import Conflict, DataRefused, Gone, NotFound
from geoapp.incident import Joined
from geoapp.query import Filters
from tests.unit.store.building import a_record, changed, put


@pytest.fixture
def twice(store):
    """A record whose title was first, then second."""
    put(store, a_record("post-1", title="first"))
    put(store, changed(store.get("post-1"), title="second"))
    return store


def test_a_record_reads_again_as_in_the_version_asked_for(twice):
    before = twice.version("post-1", 1).record
    version = twice.restore("post-1", 1, "A. Editor", "The first title was right", private_note="by phone")
    record = twice.get("post-1")
    assert record.incident == before.incident
    assert record.version == 3
    assert twice.ids(Filters(q="first")) == ["post-1"]
    batch = twice.batches()[0]
    assert (batch.kind, batch.author, batch.public_note, batch.private_note, batch.updated_count) == (
        "restore",
        "A. Editor",
        "The first title was right",
        "by phone",
        1,
    )
    assert version.number == twice.current().number == 4


def test_a_record_that_is_gone_comes_back_with_its_history(store):
    put(store, a_record("post-1"))
    store.undo(store.batches()[0].id)
    with pytest.raises(Gone):
        store.get("post-1")
    store.restore("post-1", 1)
    assert store.get("post-1").version == 3
    assert [each.record is None for each in store.history("post-1")] == [False, True, False]
    assert store.batches()[0].created_count == 1


def test_the_history_of_a_record_that_is_gone_is_there_for_who_asks_for_it(store):
    put(store, a_record("post-1"))
    store.undo(store.batches()[0].id)
    with pytest.raises(Gone):
        store.history("post-1")
    assert [each.number for each in store.history("post-1", removed=True)] == [1, 2]
    assert store.version("post-1", 1, removed=True).record.incident.id == "post-1"


def test_joined_fields_are_computed_anew_when_the_caller_can(twice):
    joined = Joined(longitude=44.0, latitude=42.0, layers_hash="new")
    twice.restore("post-1", 1, join=lambda incidents: [joined for _ in incidents])
    assert twice.get("post-1").joined == joined
    assert twice.ids(Filters(bbox=(43.9, 41.9, 44.1, 42.1))) == ["post-1"]


def test_what_already_reads_like_that_is_told(twice):
    with pytest.raises(Conflict, match="already"):
        twice.restore("post-1", 2)
    assert twice.current().number == 3


def test_a_version_that_removed_the_record_cannot_be_brought_back(store):
    put(store, a_record("post-1"))
    store.undo(store.batches()[0].id)
    with pytest.raises(Conflict, match="holds no record"):
        store.restore("post-1", 2)


def test_unknown_records_and_versions_are_told(twice):
    with pytest.raises(NotFound):
        twice.restore("other", 1)
    with pytest.raises(NotFound, match="version"):
        twice.restore("post-1", 9)


def test_a_code_that_went_since_is_refused(twice, shipped):
    put(twice, changed(twice.get("post-1"), category="detention"))
    categories = {code: each for code, each in shipped.categories.items() if code != "post_established"}
    twice.save_reference(replace(shipped, categories=categories))
    with pytest.raises(DataRefused, match="post_established"):
        twice.restore("post-1", 1)
    assert twice.get("post-1").incident.category == "detention"


def test_a_restore_can_be_undone(twice):
    twice.restore("post-1", 1)
    twice.undo(twice.batches()[0].id)
    assert twice.get("post-1").incident.title == "second"
