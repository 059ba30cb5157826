"""history and undo."""

import pytest

ID = "2019-08-24-post"


@pytest.fixture
def edited(run, csv_file):
    run("import", csv_file, "--author", "A. Editor", "--note", "First")
    csv_file.write_text(f"id,title\n{ID},Another title\n")
    run("import", csv_file, "--note", "Second")
    return run


def numbers(run):
    return [line.split(" | ")[0] for line in run("history").stdout.splitlines()]


def test_history_lists_the_batches_newest_first(edited):
    lines = edited("history").stdout.splitlines()
    assert "Second" in lines[0]
    assert "1 new, 0 changed, 0 removed | A. Editor | new.csv | First" in lines[1]


def test_history_of_an_incident_tells_what_every_version_changed(edited):
    text = edited("history", ID).stdout
    assert "new: Post seen" in text
    assert "title: Post seen -> Another title" in text


def test_undo_brings_back_what_stood_before(edited):
    edited("undo", numbers(edited)[0].removeprefix("batch "), "--note", "Wrong file")
    assert "title: Another title -> Post seen" in edited("history", ID).stdout
    assert "Wrong file" in edited("history").stdout


def test_undo_of_an_addition_removes_it_and_its_file_can_come_again(run, csv_file):
    run("import", csv_file)
    run("undo", numbers(run)[0].removeprefix("batch "), "--note", "Too early")
    assert run("import", csv_file).stdout.startswith("1 new")


def test_undo_needs_a_note_and_a_batch_that_exists(edited):
    edited("undo", "1", code=2)
    assert "99" in edited("undo", "99", "--note", "x", code=1).stderr
    assert "no incident" in edited("history", "not-there", code=1).stderr


def test_the_history_of_an_incident_that_was_taken_back_is_told(run, csv_file):
    run("import", csv_file)
    run("undo", "2", "--note", "Too early")
    lines = run("history", ID).stdout.splitlines()
    assert "Too early" in lines[-2]
    assert lines[-1] == "  removed"


def test_undo_names_what_later_batches_changed_and_does_as_told(edited):
    assert ID in edited("undo", "2", "--note", "x", code=1).stderr
    edited("undo", "2", "--note", "x", "--conflicts", "keep", code=1)
    assert ID in edited("undo", "2", "--note", "x", "--conflicts", "sources", code=1).stderr
    edited("undo", "2", "--note", "x", "--conflicts", "undo")
    assert "removed" in edited("history", ID).stdout


def test_undo_decides_for_one_incident_by_its_id(edited):
    told = ("undo", "2", "--note", "x", "--conflicts", "sources")
    assert "not-there" in edited(*told, "--record", "not-there", "undo", code=1).stderr
    edited(*told, "--record", ID, "whatever", code=2)
    edited(*told, "--record", ID, "undo")
    assert "removed" in edited("history", ID).stdout


def test_redact_takes_a_value_out_of_every_version(edited):
    text = edited("redact", ID, "--field", "title", "--reason", "A private person", stdin="y\n").stdout
    assert f"Redacted: title of {ID}" in text
    assert "Another title" not in edited("history", ID).stdout
    assert "A value was redacted: A private person" in edited("history").stdout


def test_redact_asks_first_and_needs_a_reason(edited):
    edited("redact", ID, "--field", "title", "--reason", "x", code=1, stdin="n\n")
    edited("redact", ID, code=2)
    assert "Another title" in edited("history", ID).stdout


def test_redact_refuses_a_field_that_must_have_its_value(edited):
    assert "date" in edited("redact", ID, "--field", "date", "--reason", "x", "--yes", code=2).stderr
