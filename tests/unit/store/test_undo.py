"""Undoing one batch after another, and what counts as a later change."""

import pytest

from geoapp.errors import Conflict, Gone
from geoapp.query import Filters
from tests.unit.store.building import a_record, changed, put


def _title(store, title):
    """Change the title of post-1; gives the batch."""
    put(store, changed(store.get("post-1"), title=title))
    return store.batches()[0].id


@pytest.fixture
def three(store):
    """Three batches in a row that say first, second, third; gives their numbers and the hashes after each."""
    put(store, a_record("post-1", title="first"))
    numbers, hashes = [store.batches()[0].id], [store.current().content_hash]
    for title in ("second", "third"):
        numbers.append(_title(store, title))
        hashes.append(store.current().content_hash)
    return numbers, hashes


def test_batches_can_be_undone_one_after_another_back_to_nothing(store, three):
    (first, second, third), hashes = three
    assert store.undo(third).content_hash == hashes[1]
    assert store.undo(second).content_hash == hashes[0]
    store.undo(first)
    with pytest.raises(Gone):
        store.get("post-1")
    assert store.ids(Filters()) == []


def test_undoing_the_undoes_brings_everything_forth_again(store, three):
    (_, second, third), hashes = three
    store.undo(third)
    store.undo(second)
    numbers = [batch.id for batch in store.batches()[:2]]
    assert [store.undo(number).content_hash for number in numbers] == hashes[1:]
    assert store.get("post-1").incident.title == "third"


def test_an_undo_that_was_undone_lets_its_batch_be_undone_again(store, three):
    (_, second, third), hashes = three
    store.undo(third)
    store.undo(store.batches()[0].id)
    with pytest.raises(Conflict, match="post-1"):
        store.undo(second)
    assert store.undo(third).content_hash == hashes[1]
    assert store.undo(second).content_hash == hashes[0]


def test_a_batch_is_not_undone_twice(store, three):
    (_, _, third), _ = three
    store.undo(third)
    before = store.current()
    with pytest.raises(Conflict, match="undone already"):
        store.undo(third)
    assert store.current() == before


def test_a_change_that_was_not_undone_still_stands_in_the_way(store, three):
    (_, second, third), _ = three
    store.undo(third)
    _title(store, "fourth")
    with pytest.raises(Conflict, match="post-1"):
        store.undo(second)
    assert store.get("post-1").incident.title == "fourth"


def test_the_same_words_written_again_are_a_later_change(store, three):
    (_, second, _), _ = three
    _title(store, "second")
    with pytest.raises(Conflict, match="post-1"):
        store.undo(second)


def test_a_removal_can_be_undone_after_what_came_later_was_undone(store, three):
    (first, second, third), hashes = three
    for number in (third, second, first):
        store.undo(number)
    removal = store.batches()[0].id
    put(store, a_record("post-1", title="again"))
    store.undo(store.batches()[0].id)
    assert store.undo(removal).content_hash == hashes[0]
    assert store.get("post-1").incident.title == "first"


def test_one_record_in_the_way_keeps_the_whole_batch(store):
    put(store, a_record("post-1"), a_record("post-2"))
    batch = store.batches()[0].id
    _title(store, "other")
    store.undo(store.batches()[0].id)
    put(store, changed(store.get("post-2"), title="Better"))
    with pytest.raises(Conflict, match="post-2") as caught:
        store.undo(batch)
    assert "post-1" not in str(caught.value)


@pytest.fixture
def overtaken(store):
    """Two records of one batch, the second of them changed by a later one; gives the first batch."""
    put(store, a_record("post-1", title="first"), a_record("post-2", title="first"))
    put(store, *(changed(store.get(each), title="second") for each in ("post-1", "post-2")))
    batch = store.batches()[0].id
    put(store, changed(store.get("post-2"), title="third"))
    return batch


def _titles(store):
    return [store.get(each).incident.title for each in ("post-1", "post-2")]


def test_the_preview_shows_what_goes_back_and_all_states_of_what_is_in_the_way(store, overtaken):
    plan = store.undo_preview(overtaken)
    assert (plan.batch.id, plan.ready, plan.undone) == (overtaken, ("post-1",), ())
    (conflict,) = plan.conflicts
    states = (conflict.before, conflict.after, conflict.now)
    assert [state.incident.title for state in states] == ["first", "second", "third"]
    assert conflict.id == "post-2"


def test_a_record_that_is_kept_stays_and_the_others_go_back(store, overtaken):
    store.undo(overtaken, decisions={"post-2": "keep"})
    assert _titles(store) == ["first", "third"]
    plan = store.undo_preview(overtaken)
    assert (plan.ready, plan.undone) == ((), ("post-1",))
    assert [each.id for each in plan.conflicts] == ["post-2"]


def test_a_record_can_go_back_although_later_batches_changed_it(store, overtaken):
    store.undo(overtaken, decisions={"post-2": "undo"})
    assert _titles(store) == ["first", "first"]
    assert store.undo_preview(overtaken).conflicts == ()
    store.undo(store.batches()[0].id)
    assert _titles(store) == ["second", "third"]


def test_a_conflict_without_a_decision_stops_all(store, overtaken):
    with pytest.raises(Conflict, match="post-2"):
        store.undo(overtaken, decisions={"post-1": "undo"})
    assert _titles(store) == ["second", "third"]


def test_keeping_everything_that_is_left_is_no_undo(store, overtaken):
    store.undo(overtaken, decisions={"post-2": "keep"})
    with pytest.raises(Conflict, match="nothing"):
        store.undo(overtaken, decisions={"post-2": "keep"})
