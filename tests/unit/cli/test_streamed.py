"""A file too large for memory: the same words and the same data as one that is held whole."""

import csv
import io

import pytest

from geoapp.cli import streamed
from geoapp.config import resource
from geoapp.ingest.by_parts import large, streaming
from geoapp.store import Store
from tests import engines

WHOLE = 10**12


@pytest.fixture(autouse=True)
def small_slices(monkeypatch):
    """So that a small file has many slices and parts."""
    monkeypatch.setattr(large, "SLICE_ROWS", 40)
    monkeypatch.setattr(streaming, "SLICE_ROWS", 40)
    monkeypatch.setattr(streaming, "PART_BYTES", 20_000)


@pytest.fixture
def both(run, tmp_path, monkeypatch):
    """Runs an import whole and by slices, each on a store of its own, and gives what each said and stored."""

    def both(*steps, code=0):
        found = []
        for size in (WHOLE, 1):
            monkeypatch.setattr(streamed, "LARGE_BYTES", size)
            address = engines.address(tmp_path, f"{size}.sqlite3")
            monkeypatch.setenv("GEOAPP_DATABASE_URL", address)
            told = [run("import", *step, code=code if step is steps[-1] else 0) for step in steps]
            with Store.open(address) as store:
                now, batches = (
                    store.current(),
                    [
                        (each.kind, each.file_hash, each.created_count, each.updated_count)
                        for each in store.batches()
                    ],
                )
            said = [(each.stdout, _but_progress(each.stderr)) for each in told]
            found.append((said, now.number, now.content_hash, now.incidents, now.reports, batches))
        return found

    return both


def _but_progress(text):
    return [line for line in text.splitlines() if not line.endswith(" %")]


@pytest.fixture
def shipped():
    """The rows of the shipped file."""
    text = (resource("data") / "incidents.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def write(tmp_path):
    """Writes rows to a file."""

    def write(rows, name="rows.csv"):
        file = tmp_path / name
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return file

    return write


def apart(rows):
    """The same rows, those of one incident far from each other."""
    return rows[::3] + rows[1::3] + rows[2::3]


def in_first_rows_order(rows):
    """The rows apart, an incident's own row still before its others."""
    first = {}
    for number, row in enumerate(rows):
        first.setdefault(row["id"], number)
    begins = [row for number, row in enumerate(rows) if first[row["id"]] == number]
    others = [row for number, row in enumerate(rows) if first[row["id"]] != number]
    return begins + others[::-1]


def test_slices_store_and_say_what_the_whole_file_does(both, shipped, write):
    whole, by_slices = both([write(in_first_rows_order(shipped))])
    assert by_slices == whole
    assert whole[3] > 50


def test_rows_without_an_id_get_the_same_ones(both, shipped, write):
    rows = []
    for number in range(300):
        # Titles that make one id: equal ones share it, others get the next number.
        title = f"Post {number % 5}{'!' * (number * 7 % 4)}"
        address = f"https://example.org/{number}"
        rows.append(dict(shipped[0], id="", report_id="", title=title, source_url=address))
    day = rows[0]["date"] if rows[0]["date_precision"] == "day" else rows[0]["date"][:7]
    rows[200] |= {"id": f"{day}-post-1-2", "title": "Taken by another"}
    rows[10] |= {"id": f"{day}-post-1-2", "title": "Taken by another"}
    whole, by_slices = both([write(rows[:150], "first.csv")], [write(rows)])
    assert by_slices == whole
    assert whole[3] > 20
    assert sum("has another title" in line for line in whole[0][1][1]) == 15


def test_every_fault_is_told_and_nothing_is_stored(both, shipped, write):
    rows = [dict(row) for row in apart(shipped)]
    rows[3]["category"] = "no_such_thing"
    rows[100]["source_url"] = "javascript:1"
    rows[-1]["latitude"] = "42.1"
    whole, by_slices = both([write(rows)], code=1)
    assert by_slices == whole
    assert whole[3] == 0
    assert any("no_such_thing" in line for line in whole[0][0][1])


def test_a_title_above_and_a_column_that_is_missing_are_told_once(both, shipped, write):
    file = write([{name: text for name, text in row.items() if name != "category"} for row in shipped])
    text = file.read_text(encoding="utf-8")
    file.write_text("What the desk compiled\n" + text, encoding="utf-8")
    whole, by_slices = both([file], code=1)
    assert by_slices == whole
    told = [line for line in whole[0][0][1] if "category" in line or "left out" in line]
    assert len(told) == 2
    assert "rows.csv:3:category: error: this column" in told[1]


def test_changes_are_counted_and_shown_as_such(both, shipped, write):
    file, rows = write(shipped), [dict(row) for row in shipped]
    rows[0]["title"] = "Another title"
    whole, by_slices = both([file], [write(rows, "changed.csv"), "--dry-run"], [file])
    assert by_slices[1:] == whole[1:]
    shown = [sorted(said[1][0].splitlines()) for said in (whole[0], by_slices[0])]
    assert shown[0] == shown[1]
    assert any("Another title" in line for line in shown[0])


def test_days_that_only_the_whole_file_can_tell_are_read_whole(both, shipped, write):
    rows = [dict(row, source_date="13/02/2020" if row["source_date"] else "") for row in shipped]
    whole, by_slices = both([write(rows)])
    assert by_slices == whole
    assert whole[3] > 50


@pytest.mark.parametrize("data", [b"sep=;\nid;title\n", b"id,title\n\xff\xfe\n", b"PK\x03\x04", b"id\n\0\n"])
def test_files_that_need_more_than_utf_8_are_not_sliced(tmp_path, data):
    file = tmp_path / "file.csv"
    file.write_bytes(data)
    assert large.large_file(file, "file.csv") is None


def test_the_id_of_a_redacted_record_is_refused(both, run, shipped, write, monkeypatch, tmp_path):
    file = write(shipped)
    both([file])
    for size in (WHOLE, 1):
        monkeypatch.setenv("GEOAPP_DATABASE_URL", engines.address(tmp_path, f"{size}.sqlite3"))
        run("redact", shipped[0]["id"], "--reason", "A person asked for it", stdin="y\n")
    whole, by_slices = both([file], code=1)
    assert by_slices[1:] == whole[1:]
    assert by_slices[0][0][1] == whole[0][0][1]
    assert any("was redacted, and its id stays gone" in line for line in by_slices[0][0][1])
