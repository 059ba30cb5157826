"""`/edit/uploads/<id>/check`: every error by line, and mending it in the draft."""

import csv
import io

import pytest

from tests.uploading import ROW, draft_of, send, to_csv

BAD = ROW | {"category": "detension", "date": "2031-05-32", "actors": "GE_SSG"}


@pytest.fixture
def ana(person):
    return person()


@pytest.fixture
def draft(ana):
    return draft_of(ana, BAD)


def test_the_headline_states_the_result(ana, draft):
    page = ana.get(f"{draft}/check").text
    assert "<title>3 errors in 1 row. Nothing is saved yet." in page
    assert "Preview: 3 errors left" in page


def test_each_error_names_line_column_value_and_what_is_expected(ana, draft):
    page = ana.get(f"{draft}/check").text
    for part in (
        "detension",
        "2031-05-32",
        "GE_SSG",
        "Did you mean <b>detention</b>?",
        "Uploaded for a test",
    ):
        assert part in page
    assert "A day that exists, written YYYY-MM-DD." in page


def test_a_warning_that_knows_better_is_mended_here_too(ana):
    draft = draft_of(ana, ROW | {"place": "Khurvaletti"})
    page = ana.get(f"{draft}/check").text
    assert "Did you mean <b>Khurvaleti</b>?" in page
    assert "Use Khurvaleti</button>" in page
    answer = ana.post(f"{draft}/correct", {"cell": "2:place", "text": "Khurvaleti", "anchor": "w1"})
    assert answer.location == f"{draft}/check#w1"
    assert "Did you mean" not in ana.get(f"{draft}/check").text


def test_one_row_in_order_waits_for_the_others(ana):
    draft = draft_of(ana, BAD, ROW | {"id": "2031-05-02-other", "source_url": "https://example.org/other"})
    assert "1 is in order and waits for the others." in ana.get(f"{draft}/check").text


def test_a_suggestion_is_taken_one_by_one(ana, draft):
    answer = ana.post(f"{draft}/correct", {"cell": "2:category", "text": "detention", "anchor": "e2"})
    assert answer.location == f"{draft}/check#e2"
    page = ana.get(f"{draft}/check").text
    assert "2 errors in 1 row" in page
    assert "So far: 1 cell." in page


def test_all_suggestions_are_taken_at_once(ana, draft):
    ana.post(f"{draft}/take-all")
    page = ana.get(f"{draft}/check").text
    assert "1 error in 1 row" in page
    assert "2031-05-32" in page


def test_a_cell_is_corrected_by_hand_until_the_preview_opens(ana, draft):
    ana.post(f"{draft}/take-all")
    ana.post(f"{draft}/correct", {"cell": "2:date", "text": "2031-05-30"})
    assert "No errors in 1 row" in ana.get(f"{draft}/check").text
    assert ana.get(f"{draft}/preview").status_code == 200


def test_the_preview_leads_back_while_there_are_errors(ana, draft):
    assert ana.get(f"{draft}/preview").location == f"{draft}/check"


@pytest.mark.parametrize("cell", ["", "2", "title:2", "2:no_such_column", "2:title:3", "-1:title", "9" * 20])
def test_a_cell_that_cannot_be_named_is_refused(ana, draft, cell):
    assert ana.post(f"{draft}/correct", {"cell": cell, "text": "x"}).status_code == 400


def test_a_place_outside_of_the_page_is_not_jumped_to(ana, draft):
    answer = ana.post(f"{draft}/correct", {"cell": "2:title", "text": "x", "anchor": '"><script>'})
    assert answer.location == f"{draft}/check"


def test_the_file_with_the_error_column_has_all_rows_in_their_order(ana):
    other = ROW | {"id": "2031-05-02-second", "title": "=HYPERLINK(1)", "source_url": "https://example.org/2"}
    draft = draft_of(ana, BAD, other)
    answer = ana.get(f"{draft}/errors.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert [row["id"] for row in rows] == [BAD["id"], other["id"]]
    assert "did you mean detention?" in rows[0]["errors"]
    assert rows[1]["errors"] == ""
    assert rows[1]["title"] == "'=HYPERLINK(1)"


def test_the_file_with_the_error_column_is_taken_back_once_it_is_mended(ana, draft):
    text = ana.get(f"{draft}/errors.csv").data.decode("utf-8-sig")
    mended = text.replace("detension", "detention").replace("2031-05-32", "2031-05-30")
    send(ana, mended.replace(",GE_SSG,", ",GE_SSSG,").encode(), "errors.csv", to=f"{draft}/file")
    assert "No errors in 1 row" in ana.get(f"{draft}/check").text


def test_headings_alone_are_an_error_with_its_reason_and_lead_to_no_preview(ana):
    answer = send(ana, to_csv(ROW).splitlines(keepends=True)[0])
    page = ana.get(answer.location).text
    assert "1 error. Nothing is saved yet." in page and "No errors" not in page
    assert "at least one row below the headings" in page.lower()
    assert "Preview the changes" not in page


def test_a_file_that_is_no_table_is_told_with_its_reason(ana):
    answer = send(ana, b"\x00\x01\x02 nothing", "strange.csv")
    page = ana.get(answer.location)
    assert page.status_code == 200
    assert "could not be read as a table" in page.text
    assert ana.get(answer.location.replace("/check", "/preview")).status_code == 303


def test_warnings_stand_apart_and_stop_nothing(ana):
    draft = draft_of(ana, ROW | {"place": "Nowhere in particular"})
    page = ana.get(f"{draft}/check").text
    assert "1 warning" in page
    assert "Preview the changes" in page


def test_a_saved_draft_leads_to_what_it_came_to(ana):
    from tests.uploading import save

    draft = draft_of(ana, ROW)
    save(ana, draft)
    for step in ("check", "preview", "columns", "errors.csv"):
        assert ana.get(f"{draft}/{step}").location == f"{draft}/saved"
    assert ana.post(f"{draft}/take-all").location == f"{draft}/saved"
    for action in ("correct", "discard", "decisions"):
        sent = {"cell": "2:title", "text": "x", "version": "1", "digest": "0" * 64}
        assert ana.post(f"{draft}/{action}", sent).status_code in (303, 409)


def test_a_column_that_is_missing_is_told_once_and_leads_to_one_value_for_all(ana):
    rows = [
        {name: text for name, text in ROW.items() if name != "date_precision"} | {"id": f"2031-{n}"}
        for n in (1, 2)
    ]
    draft = draft_of(ana, *rows)
    page = ana.get(f"{draft}/check").text
    assert "1 error in 2 rows" in page
    assert "0 are in order" in page
    assert "no such column" in page
    assert f'href="{draft}/columns">One value for all rows' in page
    columns = ana.get(f"{draft}/columns").text
    assert "each new row needs one" in columns


def test_a_title_above_the_table_is_shown_with_what_became_of_it(ana):
    page = ana.get(send(ana, b"What <b>we</b> found,,\n" + to_csv(ROW)).location).text
    assert "1 warning" in page
    assert "What &lt;b&gt;we&lt;/b&gt; found" in page
    assert "this line is left out" in page
