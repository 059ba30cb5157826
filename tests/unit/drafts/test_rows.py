"""Drafts in the database: kept, answered, replaced, forgotten, and saved once."""

import hashlib

import pytest

from geoapp.drafts import AS_REPORTS, Answers, Cell, Drafts, Reviews
from geoapp.drafts.rows import MOST_OPEN
from geoapp.errors import Conflict, DataRefused, Gone, NotFound
from tests.unit.drafts.conftest import ROW
from tests.uploading import to_csv

ANSWERS = Answers(
    mapping={"columns": {"Ort": "place"}},
    corrections={Cell(7, "category"): "detention"},
    decisions={"2019-08-24-post": (AS_REPORTS, "2019-08-25-post")},
    notes=("For all", "For us"),
)


def test_a_draft_is_kept_as_it_came(drafts, draft):
    kept = drafts.get(draft.id, "ana")
    assert kept.content == to_csv(ROW)
    assert kept.file_hash == hashlib.sha256(to_csv(ROW)).hexdigest()
    assert (kept.file_name, kept.state, kept.revision) == ("posts.csv", "open", 1)


def test_another_process_goes_on_with_it(store, draft):
    assert Drafts(store, 7).get(draft.id, "ana").content == draft.content


def test_nobody_else_sees_it(drafts, draft):
    with pytest.raises(NotFound):
        drafts.get(draft.id, "mk")
    assert drafts.of("mk", 10) == []


def test_answers_survive_unchanged(drafts, draft):
    drafts.change(draft, ANSWERS)
    assert drafts.get(draft.id, "ana").answers == ANSWERS


def test_a_second_window_does_not_overwrite_the_first(drafts, draft):
    drafts.change(draft, ANSWERS)
    with pytest.raises(Conflict):
        drafts.change(draft, Answers())
    assert drafts.get(draft.id, "ana").answers == ANSWERS


def test_a_corrected_file_takes_the_place_of_the_first_and_keeps_the_mapping_alone(drafts, draft):
    changed = drafts.replace(drafts.change(draft, ANSWERS), "again.csv", b"id\n")
    assert (changed.file_name, changed.content) == ("again.csv", b"id\n")
    assert changed.answers.mapping == ANSWERS.mapping
    assert changed.answers.notes == ANSWERS.notes
    assert changed.answers.corrections == {}
    assert changed.answers.decisions == {}


def test_a_discarded_draft_keeps_nothing_of_the_file(drafts, draft, store):
    drafts.discard(draft)
    with pytest.raises(Gone):
        drafts.get(draft.id, "ana")
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT content FROM drafts").scalar_one() is None


def test_a_draft_goes_after_its_days(drafts, draft, clock):
    clock.pass_days(8)
    with pytest.raises(Gone):
        drafts.get(draft.id, "ana")
    assert drafts.of("ana", 10) == []
    drafts.add("mk", "other.csv", b"id\n")
    with pytest.raises(NotFound):
        drafts.get(draft.id, "ana")


def test_a_change_keeps_it_for_longer(drafts, draft, clock):
    clock.pass_days(6)
    drafts.change(draft, ANSWERS)
    clock.pass_days(6)
    assert drafts.get(draft.id, "ana").is_open


def test_there_is_an_end_to_how_many_are_kept(drafts):
    for number in range(MOST_OPEN):
        drafts.add("ana", f"{number}.csv", b"id\n")
    with pytest.raises(DataRefused):
        drafts.add("ana", "one more.csv", b"id\n")
    drafts.add("mk", "of somebody else.csv", b"id\n")


def test_what_waits_for_a_reviewer_takes_room_too(drafts, store):
    reviews = Reviews(store, 7)
    for number in range(MOST_OPEN):
        reviews.hand_over(drafts.add("ana", f"{number}.csv", b"id\n"))
    with pytest.raises(DataRefused, match="wait for a reviewer"):
        drafts.add("ana", "one more.csv", b"id\n")


def test_where_it_stands_is_noted_without_a_new_revision(drafts, draft):
    drafts.reached(draft, "check", 3)
    kept = drafts.get(draft.id, "ana")
    assert (kept.step, kept.errors, kept.revision) == ("check", 3, 1)
    assert [each.errors for each in drafts.of("ana", 10)] == [3]


def test_the_list_does_not_load_the_files(drafts, draft):
    assert [each.content for each in drafts.of("ana", 10)] == [b""]
