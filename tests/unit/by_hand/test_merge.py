from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp import by_hand
from geoapp.by_hand.merge import combined, marked, merged, three_way

from .conftest import a_sheet, with_cells, with_report


def a_stored_sheet():
    return with_report(a_sheet(), 0, report_id="x-y-z/1")


OPENED = a_stored_sheet()


def verdicts(theirs, mine):
    return {piece.key: piece.verdict for piece in three_way(OPENED, theirs, mine)}


def test_nothing_differs_where_nobody_changed_anything():
    assert three_way(OPENED, OPENED, OPENED) == []


def test_a_change_of_one_side_is_taken_and_one_of_both_asks():
    theirs = with_cells(OPENED, status="disputed", summary="Theirs.", place="Tsnelisi")
    mine = with_cells(OPENED, actors="GE_GOV;GE_MIA", summary="Mine.", place="Tsnelisi")
    assert verdicts(theirs, mine) == {
        "status": "theirs",
        "actors": "mine",
        "summary": "both",
        "place": "theirs",
    }
    pieces = three_way(OPENED, theirs, mine)
    made = merged(theirs, mine, pieces, {"summary": "Both."}).incident
    assert (made["status"], made["actors"], made["summary"]) == ("disputed", "GE_GOV;GE_MIA", "Both.")


def test_cells_of_a_report_are_compared_on_their_own():
    theirs = with_report(OPENED, 0, statement="Theirs.")
    mine = with_report(OPENED, 0, notes="Mine.")
    assert verdicts(theirs, mine) == {"x-y-z/1.statement": "theirs", "x-y-z/1.notes": "mine"}
    report = merged(theirs, mine, three_way(OPENED, theirs, mine), {}).reports[0]
    assert (report["statement"], report["notes"]) == ("Theirs.", "Mine.")


def test_reports_that_either_side_added_are_both_kept():
    theirs = with_report(OPENED, 1, report_id="x-y-z/2", source_url="https://example.org/theirs")
    mine = with_report(OPENED, 1, source_url="https://example.org/mine")
    assert verdicts(theirs, mine) == {"x-y-z/2": "theirs", "new-1": "mine"}
    urls = [each["source_url"] for each in merged(theirs, mine, three_way(OPENED, theirs, mine), {}).reports]
    assert urls == ["https://example.org/1", "https://example.org/theirs", "https://example.org/mine"]


def test_a_piece_that_both_changed_cannot_be_merged_without_an_answer():
    theirs, mine = with_cells(OPENED, title="A"), with_cells(OPENED, title="B")
    with pytest.raises(KeyError):
        merged(theirs, mine, three_way(OPENED, theirs, mine), {})


def test_changes_of_different_words_are_combined():
    opened = "Guards occupied a height west of Tsnelisi."
    theirs = "Guards took up a position on a height west of Tsnelisi."
    mine = "Guards occupied a height west of Tsnelisi, and began a road."
    assert combined(opened, theirs, mine) == (
        "Guards took up a position on a height west of Tsnelisi, and began a road."
    )


def test_changes_of_the_same_words_are_left_to_the_editor():
    assert combined("a b c", "a x c", "a y c") == "a y c"


texts = st.text(alphabet="ab ,.\nა", max_size=12)


@given(texts, texts)
def test_where_one_side_changed_nothing_the_other_is_the_combination(opened, changed):
    assert combined(opened, changed, opened) == changed
    assert combined(opened, opened, changed) == changed


@given(texts, texts)
def test_what_is_marked_holds_the_old_and_the_new_text(old, new):
    parts = marked(old, new)
    assert "".join(text for kind, text in parts if kind != "out") == new
    assert "".join(text for kind, text in parts if kind != "in") == old


@given(st.dictionaries(st.sampled_from(sorted(OPENED.incident)), texts))
def test_two_who_did_the_same_need_no_answer(cells):
    both = replace(OPENED, incident={**OPENED.incident, **cells})
    assert "both" not in verdicts(both, both).values()
    assert by_hand.merged(both, both, three_way(OPENED, both, both), {}) == both
