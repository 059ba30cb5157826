"""The rules of an upload, one incident at a time."""

from datetime import date

import pytest

from tests.unit.ingest.conftest import INCIDENT, REPORT, ROW

ID = ROW["id"]


def places(problems):
    return [(problem.line, problem.column) for problem in problems]


def test_a_new_incident_is_stored_as_written(editor):
    batch = editor.upload(ROW)
    assert [change.before for change in batch.changes] == [None]
    incident = editor.stored()
    assert incident.date == date(2019, 8, 24)
    assert incident.actors == ("GE_GOV", "SO_GOV")
    assert incident.status == "single_source"
    assert [report.report_id for report in incident.reports] == [f"{ID}/1"]


def test_the_same_file_again_is_an_empty_batch(busy):
    batch = busy.preview(ROW)
    assert (batch.changes, batch.unchanged, batch.warnings) == ((), 1, ())


def test_all_faults_of_a_file_are_told_at_once_in_order(editor):
    problems = editor.refused(
        ROW | {"date": "24.08.2019", "category": "detentoin"},
        ROW | {"id": "other", "latitude": "91", "longitude": "43.1", "source_url": "javascript:alert(1)"},
    )
    assert places(problems) == [(2, "date"), (2, "category"), (3, "latitude"), (3, "source_url")]
    assert problems[1].suggestion == "detention"
    assert problems[2].value == "91"


@pytest.mark.parametrize("column", [*INCIDENT, *REPORT])
def test_a_required_cell_that_is_blank_is_an_error(editor, column):
    assert (2, column) in places(editor.refused(ROW | {column: "  "}))


@pytest.mark.parametrize("column", [*INCIDENT, *REPORT])
def test_a_required_column_may_be_missing_only_while_nothing_is_new(editor, column):
    short = {name: value for name, value in ROW.items() if name != column}
    assert (2, column) in places(editor.refused(short))
    editor.upload(ROW)
    if column != "source_url":
        assert editor.preview(short).changes == ()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "/news/1",
        "//example.org/x",
        "ftp://example.org",
        "example.org",
    ],
)
@pytest.mark.parametrize("column", ["source_url", "source_archive_url"])
def test_only_web_addresses_are_links(editor, column, url):
    assert places(editor.refused(ROW | {column: url})) == [(2, column)]


@pytest.mark.parametrize("latitude", ["NaN", "inf", "-inf", "1e1", "91", "-90.5", "42,3", "42°", "0x2A"])
def test_numbers_that_are_no_latitude_are_refused(editor, latitude):
    assert places(editor.refused(ROW | {"latitude": latitude, "longitude": "43"})) == [(2, "latitude")]


@pytest.mark.parametrize(("given", "missing"), [("latitude", "longitude"), ("longitude", "latitude")])
@pytest.mark.parametrize("prefix", ["", "claimed_"])
def test_half_a_coordinate_is_an_error(editor, given, missing, prefix):
    assert places(editor.refused(ROW | {prefix + given: "42"})) == [(2, prefix + missing)]


@pytest.mark.parametrize(
    ("cells", "column", "suggestion"),
    [
        ({"date_precision": "month"}, "date", "2019-08-01"),
        ({"date_precision": "year"}, "date", "2019-01-01"),
        ({"end_date": "2019-08-23"}, "end_date", None),
        ({"date": "2019-02-29"}, "date", None),
    ],
)
def test_dates_must_fit_their_precision_and_each_other(editor, cells, column, suggestion):
    (problem,) = editor.refused(ROW | cells)
    assert (problem.column, problem.suggestion) == (column, suggestion)


@pytest.mark.parametrize(
    ("column", "text", "suggestion"),
    [
        ("category", "Crossing closed", "crossing_closed"),
        ("category", "Detention", "detention"),
        ("attributed_to", "EUMN", "EUMM"),
        ("attributed_to", "Government of Georgia", "GE_GOV"),
        ("actors", "GE_GOV;SO_GVO", "GE_GOV;SO_GOV"),
        ("actors", "GE_GOV;GE_GOV", "GE_GOV"),
        ("status", "Disputed", "disputed"),
    ],
)
def test_unknown_codes_get_the_nearest_one(editor, column, text, suggestion):
    (problem,) = editor.refused(ROW | {column: text})
    assert (problem.column, problem.suggestion) == (column, suggestion)


def test_a_synonym_of_a_category_is_taken_as_its_code(editor):
    editor.upload(ROW | {"category": "Borderization"})
    assert editor.stored().category == "barrier_works"


def test_intervals_and_single_values_of_claims(editor):
    editor.upload(ROW | {"claimed_date": "2019-08-20/2019-08-24", "claimed_people": "12/15"})
    report = editor.stored().reports[0]
    assert report.claimed_date == (date(2019, 8, 20), date(2019, 8, 24))
    assert report.claimed_people == (12, 15)
    problems = editor.refused(ROW | {"claimed_date": "2019-08-24/2019-08-20", "claimed_people": "15/12"})
    assert [problem.column for problem in problems] == ["claimed_date", "claimed_people"]


def test_rows_of_one_id_are_one_incident_wherever_they_stand(editor):
    more = {"id": ID, **REPORT, "source_url": "https://example.org/2", "source_publisher": "Other"}
    editor.upload(ROW, ROW | {"id": "between"}, more)
    assert [report.source_url[-1] for report in editor.stored().reports] == ["1", "2"]
    assert editor.stored().status == "uncontested"
    assert set(editor.store.records) == {ID, "between"}


def test_values_of_one_id_that_differ_are_an_error_with_the_first_line(editor):
    (problem,) = editor.refused(ROW, ROW | {"title": "Another", "source_url": "https://example.org/2"})
    assert (problem.line, problem.column, problem.value) == (3, "title", "Another")
    assert "line 2" in problem.expected


def test_a_missing_column_is_unchanged(busy):
    busy.upload({"id": ID, "title": "Better title"})
    assert busy.stored().title == "Better title"
    assert busy.stored().summary == INCIDENT["summary"]
    assert len(busy.stored().reports) == 1


def test_a_first_row_of_blanks_leaves_the_incident_and_appends_a_report(busy):
    blank = dict.fromkeys(INCIDENT, "") | {"latitude": "", "status": ""}
    batch = busy.upload({"id": ID, **blank, **REPORT, "source_url": "https://example.org/2"})
    assert len(batch.updated) == 1
    assert busy.stored().title == INCIDENT["title"]
    assert [report.report_id for report in busy.stored().reports] == [f"{ID}/1", f"{ID}/2"]


def test_otherwise_blank_means_empty(editor):
    editor.upload(ROW | {"end_date": "2019-08-30"})
    editor.upload(ROW | {"end_date": ""})
    assert editor.stored().end_date is None


def test_an_upload_never_deletes(busy):
    busy.upload({"id": ID, **REPORT, "source_url": "https://example.org/2"})
    assert busy.preview(ROW).changes == ()
    assert len(busy.stored().reports) == 2


def test_a_status_that_the_reports_contradict_is_a_warning(editor):
    (warning,) = editor.upload(ROW | {"status": "uncontested"}).warnings
    assert (warning.line, warning.column, warning.level) == (2, "status", "warning")
    assert editor.stored().status == "uncontested"


def test_a_derived_status_follows_new_reports_and_disputed_stays(editor):
    editor.upload(ROW, ROW | {"id": "argued", "status": "disputed"})
    second = REPORT | {"source_url": "https://example.org/2", "source_publisher": "Other"}
    editor.upload({"id": ID, **second}, {"id": "argued", **second})
    assert editor.stored().status == "uncontested"
    assert editor.stored("argued").status == "disputed"


def test_removal_is_by_status(busy):
    busy.upload({"id": ID, "status": "retracted"})
    assert busy.stored().status == "retracted"


def test_the_last_report_cannot_be_retracted_alone(busy):
    (problem,) = busy.refused({"id": ID, "report_id": f"{ID}/1", "report_status": "retracted"})
    assert (problem.column, problem.value) == ("status", None)


def test_an_incident_without_any_report_is_refused(editor):
    problems = editor.refused({"id": ID, **INCIDENT})
    assert {problem.column for problem in problems} == {"source_url"}


def test_a_place_without_a_point_is_accepted_with_a_warning(editor):
    batch = editor.upload(ROW | {"place": "Nowhere-by-the-Sea"})
    assert [(warning.line, warning.column) for warning in batch.warnings] == [(2, "place")]
    assert editor.store.records[ID].joined.longitude is None


HOSTILE = [
    "{{7*191}}",
    "{% if",
    "<script>alert(1)</script>",
    "=1+1",
    "+1",
    "-1",
    "@x",
    "'quoted",
    "\u202eabc",
    "𝒳‮",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "column", ["title", "summary", "statement", "notes", "source_publisher", "claimed_place"]
)
def test_free_text_of_any_kind_is_kept_unchanged(editor, column, text):
    editor.upload(ROW | {column: text})
    incident = editor.stored()
    assert getattr(incident if column in INCIDENT else incident.reports[0], column) == text


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "column",
    ["id", "date", "category", "actors", "status", "source_url", "claimed_people", "report_id", "time"],
)
def test_in_any_other_column_it_is_an_error(editor, column, text):
    assert (2, column) in places(editor.refused(ROW | {column: text}))


def test_one_apostrophe_before_a_formula_is_taken_away(editor):
    editor.upload(ROW | {"title": "'=1+1", "summary": "''=1+1", "notes": "'plain"})
    assert editor.stored().title == "=1+1"
    assert editor.stored().summary == "'=1+1"
    assert editor.stored().reports[0].notes == "'plain"


@pytest.mark.parametrize("column", ["title", "place", "source_publisher", "claimed_place"])
@pytest.mark.parametrize("char", ["\x01", "\x1b", "\x7f", "\n", "\t", "\r"])
def test_control_characters_are_refused_in_columns_of_one_line(editor, column, char):
    assert places(editor.refused(ROW | {column: f"a{char}b"})) == [(2, column)]


def test_line_breaks_in_text_are_kept(editor):
    editor.upload(ROW | {"summary": "one\ntwo\r\nthree"})
    assert editor.stored().summary == "one\ntwo\r\nthree"


def test_a_few_letters_in_common_suggest_no_actor(editor):
    (problem,) = editor.refused(ROW | {"actors": "Militia"})
    assert problem.suggestion is None
    (problem,) = editor.refused(ROW | {"actors": "Goverment of Georgia"})
    assert problem.suggestion == "GE_GOV"
    (problem,) = editor.refused(ROW | {"actors": "Residents"})
    assert problem.suggestion is None  # of both sides
