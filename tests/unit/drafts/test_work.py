"""A draft from its file to the data set: checked, previewed, and saved exactly as it was previewed."""

from dataclasses import replace

import pytest

from geoapp.drafts import Answers, Cell
from geoapp.drafts.work import Outdated, check, save
from geoapp.ingest import prepare, read_table
from tests.unit.drafts.conftest import ROW
from tests.uploading import to_csv

NOTES = ("For all", "For us")


@pytest.fixture
def ready(drafts, draft):
    return drafts.change(draft, Answers(notes=NOTES))


def other(number):
    return ROW | {"id": f"2019-09-0{number}-other", "date": f"2019-09-0{number}", "title": f"Other {number}"}


def test_a_checked_draft_shows_what_saving_stores(store, drafts, ready):
    checked = check(store, ready)
    made = save(store, drafts, ready, checked.shown)
    stored = store.get(ROW["id"])
    assert made.number == checked.batch.base_version + 1
    previewed = checked.batch.changes[0].after
    assert stored.joined == previewed.joined
    assert stored.incident == previewed.incident


def test_what_is_saved_carries_author_notes_and_file(store, drafts, ready):
    save(store, drafts, ready, check(store, ready).shown)
    batch = store.batches()[0]
    assert (batch.author, batch.public_note, batch.private_note) == ("ana", *NOTES)
    assert (batch.file_name, batch.file_hash) == ("posts.csv", ready.file_hash)


def test_a_draft_is_saved_once(store, drafts, ready):
    shown = check(store, ready).shown
    made = save(store, drafts, ready, shown)
    with pytest.raises(Outdated):
        save(store, drafts, ready, shown)
    assert store.current() == made
    kept = drafts.get(ready.id, "ana")
    assert (kept.state, kept.version, kept.batch) == ("saved", made.number, store.batches()[0].id)
    assert kept.content == b""


def test_nothing_is_saved_when_the_data_set_moved_on(store, drafts, ready):
    shown = check(store, ready).shown
    store.commit(prepare(store, read_table(to_csv(other(1)))))
    before = store.current()
    with pytest.raises(Outdated):
        save(store, drafts, ready, shown)
    assert store.current() == before
    assert drafts.get(ready.id, "ana").is_open
    save(store, drafts, ready, check(store, ready).shown)


def test_nothing_is_saved_when_the_draft_changed_in_another_window(store, drafts, ready):
    shown = check(store, ready).shown
    before = store.current()
    drafts.change(ready, Answers(corrections={Cell(2, "title"): "Another title"}, notes=NOTES))
    with pytest.raises(Outdated):
        save(store, drafts, ready, shown)
    assert store.current() == before


def test_nothing_is_saved_that_was_not_shown(store, drafts, ready):
    shown = check(store, ready).shown
    with pytest.raises(Outdated):
        save(store, drafts, ready, replace(shown, digest="0" * 64))
    assert store.log_length() == 1


def test_a_correction_stands_for_the_cell_and_leaves_the_file(store, drafts):
    draft = drafts.add("ana", "posts.csv", to_csv(ROW | {"category": "detension"}))
    assert [each.column for each in check(store, draft).errors] == ["category"]
    mended = drafts.change(draft, Answers(corrections={Cell(2, "category"): "detention"}))
    assert check(store, mended).errors == ()
    assert b"detension" in drafts.get(draft.id, "ana").content


def test_a_file_that_changes_nothing_makes_no_version(store, drafts, ready):
    save(store, drafts, ready, check(store, ready).shown)
    again = drafts.add("ana", "posts.csv", to_csv(ROW))
    checked = check(store, again)
    assert (checked.batch.changes, checked.batch.unchanged) == ((), 1)
    with pytest.raises(Outdated):
        save(store, drafts, again, checked.shown)
    assert store.log_length() == 2
