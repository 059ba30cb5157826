"""`/edit/uploads`: who may send a file, what is kept of it, and what is refused before it is read."""

import hashlib
import io
import re
from dataclasses import replace
from types import SimpleNamespace

import openpyxl
import pytest

from geoapp.incident import COLUMN_FIELDS, COLUMNS
from geoapp.ingest.template_book import MEDIA_TYPE, template_book
from geoapp.kinds import STATUSES
from tests.uploading import ROW, draft_of, send, to_csv

PATHS = ("check", "columns", "preview", "saved", "errors.csv")


def test_the_first_page_offers_a_file_pasted_rows_and_the_template(person):
    page = person().get("/edit/uploads")
    assert page.status_code == 200
    for part in ('type="file"', 'name="pasted"', "/edit/template.csv", "/edit/codebook", "Has not happened"):
        assert part in page.text


def test_readers_are_sent_to_sign_in(person):
    reader = person(None)
    for path in ("/edit/uploads", "/edit/drafts", "/edit/uploads/0123/check", "/edit/codebook"):
        answer = reader.get(path)
        assert answer.status_code == 303
        assert answer.location.startswith("/edit/sign-in")


def test_a_file_of_nobody_is_not_taken(person):
    reader = person(None)
    answer = reader.post("/edit/uploads", {"file": (io.BytesIO(to_csv(ROW)), "x.csv")})
    assert answer.status_code == 303
    assert answer.location.startswith("/edit/sign-in")


def test_a_form_without_the_token_is_refused(person):
    ana = person()
    answer = ana.client.post("/edit/uploads", data={"pasted": to_csv(ROW).decode()})
    assert answer.status_code == 403
    assert "Your recent uploads" not in ana.get("/edit/uploads").text


def test_a_file_becomes_a_draft_of_its_sender(person):
    ana = person()
    draft = draft_of(ana, ROW)
    assert ana.get(f"{draft}/check").status_code == 200
    listed = ana.get("/edit/drafts").text
    assert "rows.csv" in listed
    assert "Continue" in listed


@pytest.mark.parametrize("step", PATHS)
def test_nobody_else_finds_it(person, step):
    draft = draft_of(person(), ROW)
    for name in ("rosa", "admin"):
        assert person(name).get(f"{draft}/{step}").status_code == 404


@pytest.mark.parametrize("action", ["discard", "file", "correct", "take-all", "decisions", "save"])
def test_nobody_else_changes_it(person, action):
    ana = person()
    draft = draft_of(ana, ROW)
    rosa = person("rosa")
    rosa.get("/edit/uploads")
    sent = {"version": "2", "digest": "0" * 64, "cell": "2:title", "text": "x", "public_note": "x"}
    assert rosa.post(f"{draft}/{action}", sent).status_code == 404
    assert "No errors in 1 row" in ana.get(f"{draft}/check").text


def test_pasted_rows_are_taken_like_a_file(person):
    ana = person()
    ana.get("/edit/uploads")
    answer = ana.post("/edit/uploads", {"pasted": to_csv(ROW).decode()})
    assert answer.status_code == 303
    assert "No errors in 1 row" in ana.get(answer.location).text


def test_an_empty_form_is_refused_in_words(person):
    ana = person()
    ana.get("/edit/uploads")
    answer = ana.post("/edit/uploads", {})
    assert answer.status_code == 422
    assert "nothing was sent" in answer.text


@pytest.fixture
def small(editing_app):
    """An application that takes files of one megabyte at most."""
    extensions = editing_app.extensions
    extensions["geoapp.settings"] = replace(extensions["geoapp.settings"], max_upload_mb=1)
    return editing_app


def test_a_file_beyond_the_limit_is_refused(small, person):
    ana = person()
    ana.get("/edit/uploads")
    # Written out: the test client would keep so large a form in a file of its own.
    start = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
    sent = {
        "data": start + b"x" * 1_200_000 + b"\r\n--b--\r\n",
        "content_type": "multipart/form-data; boundary=b",
    }
    answer = ana.client.post("/edit/uploads", **sent)
    assert answer.status_code == 413
    assert "at most 1 MB" in answer.text
    assert "Your recent uploads" not in ana.get("/edit/uploads").text


def test_pasted_rows_beyond_the_limit_are_refused(small, person):
    ana = person()
    ana.get("/edit/uploads")
    assert ana.post("/edit/uploads", {"pasted": "x" * 1_200_000}).status_code == 413


def test_a_body_without_an_announced_length_is_read_to_the_limit_alone(small, person):
    class Endless:
        """Gives bytes for as long as anyone asks."""

        given = 0

        def read(self, size=-1):
            assert size >= 0
            self.given += size
            return b"x" * size

    ana, endless = person(), Endless()
    ana.get("/edit/uploads")
    answer = ana.client.post(
        "/edit/uploads",
        content_type='multipart/form-data; boundary="b"',
        environ_overrides={"wsgi.input": endless, "wsgi.input_terminated": True},
    )
    assert answer.status_code == 413
    assert endless.given < 2_000_000


def test_other_forms_take_little(person):
    ana = person()
    draft = draft_of(ana, ROW)
    answer = ana.post(f"{draft}/correct", {"cell": "2:title", "text": "x" * 3_000_000})
    assert answer.status_code == 413


def test_readers_pages_take_no_body(editing_app):
    answer = editing_app.test_client().post("/incidents", data={"x": "x" * 200_000})
    assert answer.status_code in (405, 413)


def test_a_corrected_file_replaces_the_draft(person):
    ana = person()
    draft = draft_of(ana, ROW | {"category": "detension"})
    assert "1 error in 1 row" in ana.get(f"{draft}/check").text
    answer = send(ana, to_csv(ROW), "again.csv", to=f"{draft}/file")
    assert answer.location == f"{draft}/check"
    page = ana.get(f"{draft}/check").text
    assert "No errors in 1 row" in page
    assert "again.csv" in page


def test_a_discarded_draft_answers_gone_and_leaves_the_list(person):
    ana = person()
    draft = draft_of(ana, ROW)
    assert ana.post(f"{draft}/discard").status_code == 303
    assert ana.get(f"{draft}/check").status_code == 410
    assert "rows.csv" not in ana.get("/edit/drafts").text


def test_hostile_names_and_cells_stay_text(person):
    ana = person()
    hostile = "<script>alert(1)<b>{{7*191}}"
    answer = send(ana, to_csv(ROW | {"title": hostile, "category": hostile}), f"{hostile}.csv")
    draft = answer.location.removesuffix("/check")
    for path in (f"{draft}/check", "/edit/uploads", "/edit/drafts"):
        page = ana.get(path).text
        assert "<script>alert" not in page
        assert "1337" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_name_with_folders_loses_them(person):
    ana = person()
    send(ana, to_csv(ROW), "/home/ana/secret/../rows.csv")
    page = ana.get("/edit/drafts").text
    assert "secret" not in page
    assert ">rows.csv<" in page


def test_the_template_can_be_sent_back_as_it_is(person):
    ana = person()
    template = ana.get("/edit/template.csv")
    assert template.mimetype == "text/csv"
    answer = send(ana, template.data, "template.csv")
    page = ana.get(answer.location.replace("/check", "/preview")).text
    assert "This file changes nothing" in page
    assert "Nothing to save" in page


def test_the_codebook_names_every_column_category_and_actor(person, editing_app):
    page = person().get("/edit/codebook").text
    for code in (*COLUMNS, "detention", "GE_SSSG"):
        assert f"<code>{code}</code>" in page


def test_nothing_of_an_upload_reaches_the_log(person, caplog):
    ana = person()
    send(ana, to_csv(ROW | {"title": "Somebody by name", "category": "nope"}))
    assert "Somebody" not in caplog.text


def test_the_hash_kept_is_that_of_the_file(person, editing_app):
    from tests.uploading import save

    ana = person()
    draft = draft_of(ana, ROW)
    save(ana, draft)
    batch = editing_app.extensions["geoapp.store"].batches()[0]
    assert batch.file_hash == hashlib.sha256(to_csv(ROW)).hexdigest()


def test_the_workbook_can_be_filled_in_and_sent_back_without_a_question(person):
    ana = person()
    answer = ana.get("/edit/template.xlsx")
    assert answer.mimetype == MEDIA_TYPE
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    sheet = book["Incidents"]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    for at, column in enumerate(COLUMNS, start=1):
        if column in ROW:
            sheet.cell(3, at).value = ROW[column]
    filled = io.BytesIO()
    book.save(filled)
    sent = send(ana, filled.getvalue(), "template.xlsx")
    assert sent.location.endswith("/check")
    page = ana.get(sent.location)
    assert "No errors in 2 rows" in page.text
    preview = ana.get(sent.location.replace("/check", "/preview")).text
    assert "Save 1 new" in preview
    assert "1 incident equals what is stored" in preview


def test_the_workbook_says_what_belongs_into_each_column_and_offers_the_lists(person, editing_app):
    book = openpyxl.load_workbook(io.BytesIO(person().get("/edit/template.xlsx").data))
    sheet, codes = book["Incidents"], book["Codes"]
    for field, heading in zip(COLUMN_FIELDS, sheet[1], strict=True):
        assert field.meaning in heading.comment.text
    reference = editing_app.extensions["geoapp.store"].reference()
    offered = {}
    for validation in sheet.data_validations.dataValidation:
        (cells,) = validation.sqref.ranges
        first, last = re.findall(r"\$([A-Z]+\$[0-9]+)", validation.formula1)
        listed = [cell.value for (cell,) in codes[f"{first}:{last}".replace("$", "")]]
        offered[sheet.cell(1, cells.min_col).value] = listed
        assert cells.min_row == 2
    assert offered["category"] == list(reference.categories)
    assert offered["attributed_to"] == list(reference.actors)
    assert offered["status"] == list(STATUSES)


def test_a_worked_row_that_looks_like_a_formula_stays_text():
    row = ["'=1+1" if column == "title" else "" for column in COLUMNS]
    other = ["=1+1" if column == "title" else "" for column in COLUMNS]
    reference = SimpleNamespace(categories={"detention": 1}, actors={"GE_GOV": 1})
    book = openpyxl.load_workbook(io.BytesIO(template_book([row, other], reference)))
    cells = [book["Incidents"].cell(line, COLUMNS.index("title") + 1) for line in (2, 3)]
    assert [(cell.value, cell.data_type) for cell in cells] == [("'=1+1", "s"), ("=1+1", "s")]
