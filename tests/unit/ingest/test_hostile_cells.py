"""What stands in a cell of text comes in as it was written; in any other cell it is an error."""

import re

import pytest

from geoapp.errors import DataRefused
from geoapp.ingest import prepare, read_table
from tests.hostile import CONTROLS, EVERY, FREE, KEEPS_LINES, LED, OURS, STRICT, csv_of, row, rows
from tests.unit.ingest.conftest import MemoryStore

# What the naughty strings hold that is a value after all: numbers, a language, codes, addresses.
VALUES = {
    "id": r"[a-z0-9][a-z0-9-]{2,99}",
    "latitude": r"[+-]?\d+(\.\d+)?",
    "longitude": r"[+-]?\d+(\.\d+)?",
    "claimed_latitude": r"[+-]?\d+(\.\d+)?",
    "claimed_longitude": r"[+-]?\d+(\.\d+)?",
    "claimed_distance_m": r"\d+(/\d+)?",
    "claimed_people": r"\d+(/\d+)?",
    "source_url": r"https?://[!#-;=?-\[\]_a-z~\u0080-\U0010ffff]+",
    "source_archive_url": r"https?://[!#-;=?-\[\]_a-z~\u0080-\U0010ffff]+",
    "source_language": r"[a-z]{2}",
}
REFUSED_LINKS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    " javascript:alert(1)",
    "javascript://example.org/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "ftp://example.org/",
    "blob:https://example.org/1",
    "//example.org/relative-to-the-scheme",
    "/relative",
    "relative.html",
    "../up",
    "?query",
    "#fragment",
    "example.org",
    "http:/example.org",
    "https:///path",
    "https://user:word@example.org/",
    "https://example.org/{{7*191}}",
    'https://example.org/"><script>',
    "https://example.org/ space",
    "https://example.org/\nline",
    "https://[example.org/",
    "https://example.org:port/",
)


def _problems(store: MemoryStore, *listed):
    with pytest.raises(DataRefused) as caught:
        prepare(store, read_table(csv_of(listed), "hostile.csv"))
    return caught.value.problems


def _as_read(text):
    """The apostrophe that hides a formula from a spreadsheet is not part of the text."""
    return text[1:] if re.match(r"'+[=+\-@\t\r]", text) else text


@pytest.fixture
def memory(shipped):
    return MemoryStore(shipped)


def test_every_text_comes_in_as_it_was_written(memory):
    given = list(rows())
    batch = prepare(memory, read_table(csv_of(given), "hostile.csv"))
    found = {change.id: change.after.incident for change in batch.changes}
    assert len(found) == len(given) == len(EVERY) + len(LED)
    for each in given:
        incident = found[each["id"]]
        for name in FREE:
            holder = incident if hasattr(incident, name) else incident.reports[0]
            written = _as_read(each[name])
            kept = written if name in KEEPS_LINES else written.strip()
            assert getattr(holder, name) == kept, (each["id"], name)


@pytest.mark.parametrize("column", STRICT)
def test_in_any_other_column_it_is_an_error_with_line_and_column(memory, column):
    texts = [text for text in EVERY if not re.fullmatch(VALUES.get(column, "(?!)"), text.strip())]
    listed = [row(f"text-{number:03}", **{column: text}) for number, text in enumerate(texts)]
    problems = [each for each in _problems(memory, *listed) if each.level == "error"]
    assert {(each.line, each.column) for each in problems} >= {
        (line, column) for line in range(2, len(texts) + 2)
    }
    assert {each.column for each in problems} <= {column, "report_id"}
    assert all(each.source == "hostile.csv" and each.expected for each in problems)
    assert len(texts) > len(OURS)


@pytest.mark.parametrize("column", ["source_url", "source_archive_url"])
def test_only_http_addresses_are_links(memory, column):
    listed = [row(f"link-{number:03}", **{column: text}) for number, text in enumerate(REFUSED_LINKS)]
    found = {each.value for each in _problems(memory, *listed) if each.column == column}
    assert found == set(REFUSED_LINKS)


@pytest.mark.parametrize("column", FREE)
def test_control_characters_are_refused_by_name(memory, column):
    listed = [row(f"control-{ord(char):03}", **{column: f"a{char}b"}) for char in CONTROLS]
    problems = _problems(memory, *listed)
    assert [each.line for each in problems] == list(range(2, len(CONTROLS) + 2))
    assert {each.column for each in problems} == {column}
    assert all("control character" in each.expected for each in problems)
    if column in KEEPS_LINES:
        named = [re.findall(r"U\+[0-9A-F]{4}", each.expected) for each in problems]
        assert named == [[f"U+{ord(char):04X}"] for char in CONTROLS]


def test_nul_is_refused_with_its_line():
    with pytest.raises(DataRefused) as caught:
        read_table(csv_of([row("one-1"), row("two-2", "a\0b")]), "hostile.csv")
    assert [each.line for each in caught.value.problems] == [3]


@pytest.mark.parametrize("text", LED)
@pytest.mark.parametrize("column", sorted(set(FREE) - set(KEEPS_LINES)))
def test_a_text_of_one_line_takes_no_line_breaks_and_tabs(memory, column, text):
    problems = _problems(memory, row("led-1", **{column: text}))
    assert [(each.line, each.column) for each in problems] == [(2, column)]


@pytest.mark.parametrize("text", OURS)
def test_a_column_of_that_name_is_unknown(text):
    name = text.replace('"', '""')
    table = read_table(csv_of([row("one-1")]).replace(b'"title"', f'"{name}"'.encode(), 1))
    assert [each.line for each in table.faults] == [1]
