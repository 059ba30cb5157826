"""`/edit/uploads/<id>/columns`: foreign headings, dates, values, constants, remembered mappings."""

import io
import re
import zipfile

import pytest

from geoapp.drafts import Mappings
from tests.uploading import ROW, draft_of, send, to_csv

FOREIGN = {
    "Tag": "06/11/2031",
    "Ort": "Khurvaleti",
    "Was": "Arrest by them",
    "Text": "Two people were held.",
    "Link": "https://example.org/a https://example.org/b",
    "Egal": "{{7*191}}<b>",
}
COLUMNS = {
    "column-0": "date",
    "column-1": "place",
    "column-2": "category",
    "column-3": "statement",
    "column-4": "source_url",
}
ANSWERS = COLUMNS | {
    "order": "day",
    "template-title": "{Was}, {Ort}",
    "template-summary": "{Text}",
    "value:category:Arrest by them": "detention",
    "constant-date_precision": "day",
    "constant-location_precision": "village",
    "constant-actors": "GE_GOV",
    "constant-source_publisher": "Example",
    "constant-source_language": "en",
}


@pytest.fixture
def ana(person):
    return person()


@pytest.fixture
def draft(ana):
    answer = send(ana, to_csv(FOREIGN), "foreign.csv")
    return answer.location.removesuffix("/check")


def test_foreign_headings_lead_to_the_columns_before_the_check(ana, draft):
    assert ana.get(f"{draft}/check").location == f"{draft}/columns"
    assert ana.get(f"{draft}/preview").location == f"{draft}/columns"
    page = ana.get(f"{draft}/columns").text
    for part in ("Which column is which?", "6 columns", "UTF-8, separated by commas", "Khurvaleti"):
        assert part in page


def test_what_needs_the_columns_leads_to_them(ana, draft):
    ana.get(f"{draft}/columns")
    assert ana.get(f"{draft}/errors.csv").location == f"{draft}/columns"
    assert ana.post(f"{draft}/take-all").location == f"{draft}/columns"


def test_our_own_headings_are_not_asked_about_but_can_be_seen(ana):
    draft = draft_of(ana, ROW)
    assert ana.get(f"{draft}/check").status_code == 200
    assert "Every heading is one of ours." in ana.get(f"{draft}/columns").text


def test_the_order_in_dates_is_asked_and_nothing_is_chosen(ana, draft):
    answer = ana.post(f"{draft}/columns", COLUMNS)
    assert answer.status_code == 422
    assert "The order in dates is not answered yet." in answer.text
    assert "Does 06/11/2031 mean 6 November 2031 or 11 June 2031?" in answer.text
    assert 'value="day" id="order-day">' in answer.text
    assert 'value="month" id="order-month">' in answer.text


@pytest.mark.parametrize(("order", "day"), [("day", "6 November 2031"), ("month", "11 June 2031")])
def test_the_answers_make_rows_that_can_be_saved(ana, draft, order, day):
    assert ana.post(f"{draft}/columns", ANSWERS | {"order": order}).location == f"{draft}/check"
    assert "No errors in 2 rows" in ana.get(f"{draft}/check").text
    page = ana.get(f"{draft}/preview").text
    assert "Arrest by them, Khurvaleti" in page
    assert day in page
    assert "2 sources, 1 publisher" in page


def test_what_is_left_out_is_nowhere(ana, draft):
    ana.post(f"{draft}/columns", ANSWERS)
    assert "7*191" not in ana.get(f"{draft}/preview").text


def test_hostile_headings_and_values_stay_text(ana):
    hostile = "<script>alert(1)</script>{{7*191}}\"'"
    answer = send(ana, to_csv({hostile: hostile, "Tag": "2031-05-01"}))
    draft = answer.location.removesuffix("/check")
    first = ana.get(f"{draft}/columns").text
    second = ana.post(f"{draft}/columns", {"column-0": "category", "go": "stay", "column-1": "date"})
    for page in (first, ana.get(second.location).text):
        assert "<script>alert" not in page
        assert "1337" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_a_value_that_nobody_mapped_is_told_by_the_check(ana, draft):
    left = {name: text for name, text in ANSWERS.items() if not name.startswith("value:")}
    ana.post(f"{draft}/columns", left)
    assert "Arrest by them" in ana.get(f"{draft}/check").text


NEWSROOM = {
    "Headline": "Two people held",
    "Type": "Detention",
    "Who": "EUMM; european union",
    "Language": "English",
    "Egal": "",
}


def test_names_of_our_codes_are_filled_in_and_shown(ana):
    page = ana.get(send(ana, to_csv(NEWSROOM), "log.csv").location.replace("/check", "/columns")).text
    filled = dict(re.findall(r'name="value:([^"]+)".*?<option value="([^"]*)" selected', page, re.DOTALL))
    assert filled == {
        "category:Detention": "detention",
        "actors:european union": "EU",
        "source_language:English": "en",
    }


def test_names_in_the_codes_of_another_data_set_are_asked(ana):
    export = {
        "event_id_cnty": "1",
        "event_date": "2031-01-01",
        "sub_event_type": "Other",
        "geo_precision": "1",
    }
    page = ana.get(send(ana, to_csv(export), "export.csv").location.replace("/check", "/columns")).text
    (asked,) = re.findall(r'name="value:category:Other".*?</select>', page, re.DOTALL)
    assert "choose, or row by row" in asked
    assert not re.search(r'<option value="[a-z_]+" selected', asked)


def test_seeing_what_the_columns_ask_stays_on_the_page(ana, draft):
    answer = ana.post(f"{draft}/columns", COLUMNS | {"order": "day", "go": "stay"})
    assert answer.location == f"{draft}/columns"
    assert "Values: category" in ana.get(f"{draft}/columns").text


def test_a_mapping_is_remembered_under_its_name_for_every_editor(ana, draft, person, editing_app):
    ana.post(f"{draft}/columns", ANSWERS | {"name": "  From  Berlin "})
    kept = Mappings(editing_app.extensions["geoapp.store"]).all()
    assert [each.name for each in kept] == ["From Berlin"]
    answer = send(person("rosa"), to_csv(FOREIGN | {"Tag": "07/11/2031"}), "next.csv")
    assert answer.location.endswith("/check")
    rosa = person("rosa")
    later = send(rosa, to_csv(FOREIGN | {"Tag": "07/11/2031"}), "next.csv").location
    assert "No errors in 2 rows" in rosa.get(later).text


def test_columns_that_are_not_ours_are_passed_over(ana, draft):
    odd = {"column-0": "__class__", "constant-nope": "x", "value:nope:x": "y", "template-nope": "{x}"}
    assert ana.post(f"{draft}/columns", ANSWERS | odd).status_code in (303, 422)
    assert ana.get(f"{draft}/columns").status_code == 200


def test_a_workbook_is_read(ana):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(list(ROW))
    book.active.append(list(ROW.values()))
    file = io.BytesIO()
    book.save(file)
    answer = send(ana, file.getvalue(), "rows.xlsx")
    assert "No errors in 1 row" in ana.get(answer.location).text


def test_a_workbook_that_unpacks_to_too_much_is_refused_in_words(ana):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", '<c r="A1"/><c r="XFD1048576"/>')
    page = ana.get(send(ana, file.getvalue(), "bomb.xlsx").location).text
    assert "could not be read as a table" in page
    assert "unpacks to at most" in page
