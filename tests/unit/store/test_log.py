"""The log of the data set: versions, the batches that made them, and what each did to which record."""

from dataclasses import replace

import pytest

from geoapp.errors import NotFound
from tests.unit.store.building import a_record, changed, put


@pytest.fixture
def busy(store):
    """A store in which a record came, another came, the first changed, and that was undone."""
    put(store, a_record("post-1"), public_note="one", author="someone")
    put(store, a_record("post-2"), public_note="two")
    put(store, changed(store.get("post-1"), title="Two posts seen"))
    store.undo(store.batches()[0].id)
    return store


def test_versions_come_newest_first_and_page_by_page(busy):
    every = busy.log(limit=100)
    assert [each.version.number for each in every] == list(range(busy.current().number, 0, -1))
    assert busy.log_length() == len(every)
    assert busy.log(limit=2, offset=1) == every[1:3]
    assert every[0].version == busy.current()
    assert [each.batch for each in every] == busy.batches()


def test_an_undo_names_the_version_that_it_takes_back(busy):
    undo, change, *_ = busy.log(limit=100)
    assert undo.batch.kind == "undo" and undo.undoes == change.version.number
    assert change.undoes is None


def test_one_version_is_found_by_its_number(busy):
    for each in busy.log(limit=100):
        assert busy.logged(each.version.number) == each
    with pytest.raises(NotFound):
        busy.logged(busy.current().number + 1)


def test_records_are_told_before_and_after(busy):
    undo, change, second, *_ = busy.log(limit=100)
    [told] = busy.record_changes(change.batch.id, limit=10)
    assert (told.id, told.number, told.gone) == ("post-1", 2, None)
    assert (told.before.incident.title, told.after.incident.title) == ("Post seen", "Two posts seen")
    [back] = busy.record_changes(undo.batch.id, limit=10)
    assert (back.before.incident, back.after.incident) == (told.after.incident, told.before.incident)
    [new] = busy.record_changes(second.batch.id, limit=10)
    assert new.before is None and new.after.incident.id == "post-2"


def test_a_removed_record_has_no_after_and_a_reason(store):
    put(store, a_record("post-1"))
    store.undo(store.batches()[0].id)
    undo, first = store.log(limit=2)
    [removed] = store.record_changes(undo.batch.id, limit=10)
    assert removed.after is None and removed.before is not None and removed.gone
    [new] = store.record_changes(first.batch.id, limit=10)
    assert new.gone == removed.gone


def test_records_are_paged_by_id(store):
    put(store, *(a_record(f"post-{number}") for number in range(5)))
    batch = store.batches()[0].id
    assert [each.id for each in store.record_changes(batch, limit=2, offset=2)] == ["post-2", "post-3"]
    assert store.record_changes(batch, limit=2, offset=5) == []


def test_new_reference_data_are_told_in_lines(store, shipped):
    actors = dict(shipped.actors)
    code = next(iter(actors))
    actors[code] = replace(actors[code], name="Another name")
    store.save_reference(replace(shipped, actors=actors))
    [line] = store.reference_changes(store.current().number)
    assert code in line and "Another name" in line
    assert store.reference_changes(1) == []
    assert store.reference_changes(99) == []
