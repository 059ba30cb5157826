"""Which stored report a row is about, and which number a new one gets."""

from geoapp.ingest.checking import reports
from tests.unit.ingest.conftest import REPORT, ROW

ID = ROW["id"]


def row(number: int = 1, **cells: str) -> dict[str, str]:
    return {"id": ID, **REPORT, "source_url": f"https://example.org/{number}", **cells}


def numbers(editor):
    return [report.report_id for report in editor.stored().reports]


def test_a_report_is_known_by_its_source_and_speaker(busy):
    busy.upload(row(statement="Says it otherwise."))
    assert numbers(busy) == [f"{ID}/1"]
    assert busy.stored().reports[0].statement == "Says it otherwise."


def test_another_speaker_in_the_same_source_is_another_report(busy):
    busy.upload(row(attributed_to="EUMM"))
    assert numbers(busy) == [f"{ID}/1", f"{ID}/2"]


def test_report_id_goes_before_the_source(busy):
    busy.upload(row(9, report_id=f"{ID}/1"))
    assert [report.source_url for report in busy.stored().reports] == ["https://example.org/9"]


def test_a_report_is_retracted_by_its_id_alone(busy):
    busy.upload(row(2))
    busy.upload({"id": ID, "report_id": f"{ID}/2", "report_status": "retracted"})
    assert [report.report_status for report in busy.stored().reports] == [None, "retracted"]


def test_two_stored_reports_of_one_source_and_speaker_need_a_report_id(busy):
    twins = [row(statement="One."), row(statement="Two.")]
    busy.upload(*(twin | {"report_id": f"{ID}/{n}"} for n, twin in enumerate(twins, start=1)))
    assert busy.preview(*twins).changes == ()
    (problem,) = busy.refused(row(statement="Three."))
    assert problem.column == "report_id"
    assert f"{ID}/1 and {ID}/2" in problem.expected


def test_two_rows_about_one_report_are_refused_with_the_next_number(busy):
    (problem,) = busy.refused(row(), row(statement="Other."))
    assert (problem.line, problem.column, problem.suggestion) == (3, "report_id", f"{ID}/2")


def test_a_row_that_stands_twice_is_a_warning(editor):
    (warning,) = editor.upload(ROW, row()).warnings
    assert (warning.line, warning.column) == (3, "source_url")
    assert editor.preview(ROW, row()).changes == ()


def test_of_many_equal_rows_each_is_told_once(editor):
    warnings = editor.upload(ROW, *[row() for _ in range(40)]).warnings
    assert [(warning.line, warning.column) for warning in warnings] == [
        (line, "source_url") for line in range(3, 43)
    ]


def test_an_incident_of_too_many_reports_is_refused(editor, monkeypatch):
    monkeypatch.setattr(reports, "MOST_REPORTS", 3)
    (problem,) = editor.refused(ROW, *[row(number) for number in range(2, 5)])
    assert (problem.line, problem.column) == (5, "id")
    assert "3 reports" in problem.expected
    editor.upload(ROW, row(2), row(3))
    assert editor.preview(ROW, row(2), row(3)).changes == ()
    (problem,) = editor.refused(row(4))
    assert "3 reports" in problem.expected


def test_given_numbers_are_kept_and_new_ones_follow(editor):
    editor.upload(ROW | {"report_id": f"{ID}/4"}, row(2), row(3, report_id=f"{ID}/2"))
    assert numbers(editor) == [f"{ID}/2", f"{ID}/4", f"{ID}/5"]


def test_a_number_is_of_its_incident_and_written_once(editor):
    problems = editor.refused(ROW | {"report_id": "other-one/1"}, ROW | {"id": "b-b", "report_id": f"{ID}/1"})
    assert [(problem.line, problem.column) for problem in problems] == [(2, "report_id"), (3, "report_id")]
    (problem,) = editor.refused(ROW | {"report_id": f"{ID}/1"}, row(2, report_id=f"{ID}/1"))
    assert problem.line == 3


def test_a_number_of_a_removed_report_goes_to_its_own_source_only(busy):
    busy.store.forget(ID)
    (problem,) = busy.refused(ROW | {"source_url": "https://example.org/9", "report_id": f"{ID}/1"})
    assert problem.column == "report_id"
    busy.upload(ROW | {"source_url": "https://example.org/9"})
    assert numbers(busy) == [f"{ID}/2"]


def test_the_file_that_was_undone_can_come_again(busy):
    busy.store.forget(ID)
    busy.upload(ROW | {"report_id": f"{ID}/1"})
    assert numbers(busy) == [f"{ID}/1"]


def test_a_row_that_speaks_of_no_known_report_says_so(busy):
    (problem,) = busy.refused({"id": ID, "notes": "Remark on what?"})
    assert problem.column == "source_url"
