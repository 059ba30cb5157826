"""Files as they come: CSV in any usual encoding and delimiter, TSV, XLSX, pasted cells -> rows of text."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from geoapp.errors import DataRefused, Problem
from geoapp.incident import FIELD_BY_COLUMN
from geoapp.ingest.reading import workbook
from geoapp.ingest.reading.decoding import decode
from geoapp.ingest.table import numbered

# Of two that give as many cells the one that is rarer in text comes first.
# More are no table that a person made; a line of nothing but delimiters would otherwise be millions of them.
MOST_COLUMNS, MOST_ROWS = 500, 2_000_000
DELIMITERS = {"\t": "tabs", "|": "vertical bars", ";": "semicolons", ",": "commas"}
_LOOKED_AT, _ROWS_COMPARED = 100_000, 30
# Of a heading over a table: as many lines at most, and what stands below is one from so many cells on.
MOST_TITLES, FEWEST_HEADINGS = 10, 3
Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file read: its own headings (on line `top`), its rows of text, and the line on which each row starts.

    `form` says how it was read, for people; `source` and `sha256` are those of `Table`.
    """

    source: str
    sha256: str
    form: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    faults: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    top: int = 1

    def __len__(self) -> int:
        return len(self.rows)

    def texts(self, heading: str) -> list[str]:
        """The cells under a heading."""
        at = self.columns.index(heading)
        return [row[at] for row in self.rows]


def read_file(data: bytes, source: str, sheet: str | None = None) -> Sheet:
    """Read a file of any known form; raises DataRefused where nothing can be made of it.

    `sheet` names that of a workbook; without it the first with a table is read, and the others are told.
    """
    warnings: tuple[Problem, ...] = ()
    if data.startswith(b"PK\x03\x04"):
        name, read, warnings = workbook.rows(data, source, sheet)
        form = f"XLSX, its sheet {name}"
    else:
        text, encoding, warnings = decode(data, source)
        delimiter = delimiter_of(text)
        form = f"{encoding}, separated by {DELIMITERS[delimiter]}"
        read = numbered(_without_hint(text), source, delimiter)
    whole = next(sheets(read, source, hashlib.sha256(data).hexdigest(), form))
    return replace(whole, warnings=(*warnings, *whole.warnings))


def sheets(
    read: Iterator[Row], source: str, digest: str, form: str, at_once: int | None = None
) -> Iterator[Sheet]:
    """The rows in slices of `at_once` (None: all), at least one; what is said of headings is in the first.

    Lines above the header that hold one cell each are left out with a warning.
    """
    above, given = _without_titles((line, cells) for line, cells in read if any(map(str.strip, cells)))
    top, header = next(given, (1, []))
    names = _headings(header, source)
    faults: list[Problem] = list(_heading_faults(names, source, top))
    warnings = tuple(_left_out(line, cells, top, source) for line, cells in above)
    first = True
    while True:
        rows, lines = _cut(islice(given, at_once), names, source, faults)
        if rows or first:
            table = tuple(filter(None, names)), tuple(rows), tuple(lines)
            yield Sheet(source, digest, form, *table, tuple(faults), warnings, top)
        if at_once is None or len(rows) < at_once:
            return
        first, faults, warnings = False, [], ()


def _without_titles(given: Iterator[Row]) -> tuple[list[Row], Iterator[Row]]:
    """The rows of one cell each that people write above a table, and the rows from its header on."""
    first = list(islice(given, MOST_TITLES + 1))
    count = titles_above([cells for _, cells in first])
    return first[:count], chain(first[count:], given)


def titles_above(rows: Sequence[Sequence[str]]) -> int:
    """How many of the first rows are no header: one cell each, and then one of at least three."""
    filled = (sum(map(bool, map(str.strip, cells))) for cells in rows)
    for number, cells in enumerate(filled):
        if cells > 1:
            return number if cells >= FEWEST_HEADINGS else 0
    return 0


def _left_out(line: int, cells: Sequence[str], top: int, source: str) -> Problem:
    text = next(filter(None, map(str.strip, cells)))
    expected = f"nothing above the names of the columns, which are on line {top}; this line is left out"
    return Problem("warning", source, expected, line=line, value=text)


def _headings(header: list[str], source: str) -> list[str]:
    names = [" ".join(name.split()) for name in header]
    while names and not names[-1]:
        names.pop()  # trailing delimiters of a spreadsheet
    if not names:
        expected = "a header row with the names of the columns; the file is empty"
        raise DataRefused([Problem("error", source, expected, line=1)])
    if len(names) > MOST_COLUMNS:
        expected = f"at most {MOST_COLUMNS} columns, found {len(names):,}"
        raise DataRefused([Problem("error", source, expected, line=1)])
    return names


def _cut(
    given: Iterable[Row], names: Sequence[str], source: str, faults: list[Problem]
) -> tuple[list[tuple[str, ...]], list[int]]:
    """Rows as wide as the header, and their lines; wider ones are noted, and text that has no heading."""
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    width, nameless = len(names), [at for at, name in enumerate(names) if not name]
    for line, cells in given:
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) > width:
            expected = (
                f"{width} cells as in the header, found {len(cells)} (is a delimiter outside of quotes?)"
            )
            faults.append(Problem("error", source, expected, line=line))
        row = tuple(cells) if len(cells) == width else tuple((cells + [""] * width)[:width])
        if nameless:
            if text := next((row[at] for at in nameless if row[at].strip()), None):
                expected = "a name in the header for every column with text"
                faults.append(Problem("error", source, expected, line=line, value=text))
            row = tuple(cell for cell, name in zip(row, names, strict=True) if name)
        rows.append(row)
        lines.append(line)
        if len(rows) > MOST_ROWS:
            raise DataRefused([Problem("error", source, f"at most {MOST_ROWS:,} rows", line=line)])
    return rows, lines


def _heading_faults(names: Sequence[str], source: str, line: int) -> Iterator[Problem]:
    seen: set[str] = set()
    for name in filter(None, names):
        if name in seen:
            yield Problem("error", source, f"each column once; {name!r} is there twice", line)
        seen.add(name)


def _without_hint(text: str) -> str:
    """Without the line by which Excel tells itself the delimiter; its place stays, so that lines count on."""
    first, end, rest = text.partition("\n")
    return end + rest if first.strip().lower().removeprefix("sep=") in DELIMITERS and end else text


def delimiter_of(text: str) -> str:
    """What separates the cells of the header: the sign that gives most of them outside of quotes."""
    first = text.lstrip("\r\n").partition("\n")[0]
    hint = first.strip("\r\n").lower()
    if hint.startswith("sep=") and hint[4:5] in DELIMITERS:
        return hint[4]
    scores = {sign: _score(text[:_LOOKED_AT], sign) for sign in DELIMITERS}
    best = max(DELIMITERS, key=lambda sign: scores[sign])
    return best if scores[best] > NOTHING else ","


NOTHING = (0, 0.0, 1)


def _score(text: str, sign: str) -> tuple[int, float, int]:
    """How well a sign separates cells: headings of ours, share of rows as wide as the first, width."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            if any(row):
                rows.append(row)
            if len(rows) == _ROWS_COMPARED:
                break
    except csv.Error:
        pass  # what was read before it can be compared; where this sign is right, it is told later
    rows = rows[titles_above(rows) :]
    if not rows or len(rows[0]) < 2:
        return NOTHING
    known = sum(name.strip().lower().replace(" ", "_") in FIELD_BY_COLUMN for name in rows[0])
    alike = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
    return known, alike, len(rows[0])
