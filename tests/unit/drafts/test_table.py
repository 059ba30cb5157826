"""The editor's answers carried out on the rows."""

from geoapp.drafts import AS_REPORTS, LEAVE_OUT, Cell
from geoapp.drafts.table import Rows, corrected, decided, titles
from geoapp.ingest import Table


def table(*rows, columns=("id", "title", "source_url", "report_id")):
    return Table("x.csv", "", columns, rows, tuple(range(2, 2 + len(rows))))


def test_corrections_stand_for_their_cells_alone():
    given = table(("a-1", "One", "u", ""), ("a-2", "Two", "u", ""))
    found = corrected(given, {Cell(3, "title"): "Second", Cell(9, "title"): "nowhere", Cell(2, "nope"): "x"})
    assert found.rows == (("a-1", "One", "u", ""), ("a-2", "Second", "u", ""))


def test_a_record_that_is_left_out_is_gone_and_lines_stay_with_their_rows():
    given = table(("a-1", "One", "u", ""), ("a-2", "Two", "u", ""))
    found = decided(given, [Rows((0,), LEAVE_OUT, "old")])
    assert (found.rows, found.lines) == ((("a-2", "Two", "u", ""),), (3,))


def test_a_record_becomes_reports_of_the_stored_one_and_says_nothing_of_the_incident():
    given = table(("a-1", "One", "u", "a-1/1"), ("a-2", "Two", "u", ""))
    found = decided(given, [Rows((0,), AS_REPORTS, "old-one")])
    assert found.rows == (("a-2", "Two", "u", ""), ("old-one", "", "u", ""))
    assert found.lines == (3, 2)


def test_a_file_without_ids_gets_them_where_they_are_needed():
    given = table(("One", "u"), ("Two", "v"), columns=("title", "source_url"))
    found = decided(given, [Rows((1,), AS_REPORTS, "old-one")])
    assert found.columns == ("id", "title", "source_url")
    assert found.rows == (("", "One", "u"), ("old-one", "", "v"))


def test_without_decisions_the_table_stays_itself():
    given = table(("a-1", "One", "u", ""))
    assert decided(given, []) is given
    assert corrected(given, {}) is given


def test_a_line_is_known_by_the_title_of_its_record():
    given = table(("a-1", "One", "u", ""), ("a-1", "", "v", ""), ("", "", "w", ""))
    assert titles(given) == {2: "One", 3: "One"}
