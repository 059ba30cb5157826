"""Files as they come: CSV in any usual encoding and delimiter, TSV, XLSX, pasted cells -> rows of text."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from geoapp.errors import DataRefused, Problem
from geoapp.incident import FIELD_BY_COLUMN
from geoapp.ingest import workbook
from geoapp.ingest.decoding import decode
from geoapp.ingest.table import numbered

# Of two that give as many cells the one that is rarer in text comes first.
# More are no table that a person made; a line of nothing but delimiters would otherwise be millions of them.
MOST_COLUMNS, MOST_ROWS = 500, 2_000_000
DELIMITERS = {"\t": "tabs", "|": "vertical bars", ";": "semicolons", ",": "commas"}
_LOOKED_AT, _ROWS_COMPARED = 100_000, 30


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file read: its own headings, its rows of text, and the line on which each row starts.

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

    def __len__(self) -> int:
        return len(self.rows)

    def texts(self, heading: str) -> list[str]:
        """The cells under a heading."""
        at = self.columns.index(heading)
        return [row[at] for row in self.rows]


def read_file(data: bytes, source: str, sheet: str | None = None) -> Sheet:
    """Read a file of any known form; raises DataRefused where nothing can be made of it.

    `sheet` names that of a workbook; without it the first with text is read.
    """
    warnings: tuple[Problem, ...] = ()
    if data.startswith(b"PK\x03\x04"):
        form = "XLSX, its first sheet with text" if sheet is None else f"XLSX, its sheet {sheet}"
        read = workbook.rows(data, source, sheet)
    else:
        text, encoding, warnings = decode(data, source)
        delimiter = delimiter_of(text)
        form = f"{encoding}, separated by {DELIMITERS[delimiter]}"
        read = numbered(_without_hint(text), source, delimiter)
    return replace(_sheet(read, source, hashlib.sha256(data).hexdigest(), form), warnings=warnings)


def _sheet(read: Iterator[tuple[int, list[str]]], source: str, digest: str, form: str) -> Sheet:
    return next(sheets(read, source, digest, form))


def sheets(
    read: Iterator[tuple[int, list[str]]],
    source: str,
    digest: str,
    form: str,
    at_once: int | None = None,
) -> Iterator[Sheet]:
    """The rows in slices of `at_once` (None: all), at least one; faults of headings are in the first."""
    given = ((line, cells) for line, cells in read if any(map(str.strip, cells)))
    _, header = next(given, (1, []))
    names = _headings(header, source)
    faults: list[Problem] = list(_heading_faults(names, source))
    first = True
    while True:
        rows, lines = _cut(islice(given, at_once), len(names), source, faults)
        if rows or first:
            yield Sheet(source, digest, form, tuple(names), tuple(rows), tuple(lines), tuple(faults))
        if at_once is None or len(rows) < at_once:
            return
        first, faults = False, []


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
    given: Iterable[tuple[int, list[str]]], width: int, source: str, faults: list[Problem]
) -> tuple[list[tuple[str, ...]], list[int]]:
    """Rows as wide as the header, and their lines; wider ones are noted."""
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    for line, cells in given:
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) > width:
            expected = (
                f"{width} cells as in the header, found {len(cells)} (is a delimiter outside of quotes?)"
            )
            faults.append(Problem("error", source, expected, line=line))
        rows.append(tuple(cells) if len(cells) == width else tuple((cells + [""] * width)[:width]))
        lines.append(line)
        if len(rows) > MOST_ROWS:
            raise DataRefused([Problem("error", source, f"at most {MOST_ROWS:,} rows", line=line)])
    return rows, lines


def _heading_faults(names: Sequence[str], source: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for name in names:
        if not name:
            yield Problem("error", source, "a name for every column; one is blank", line=1)
        elif name in seen:
            yield Problem("error", source, f"each column once; {name!r} is there twice", line=1)
        seen.add(name)


def _without_hint(text: str) -> str:
    """Without the line by which Excel tells itself the delimiter; its place stays, so that lines count on."""
    first, end, rest = text.partition("\n")
    return end + rest if first.strip().lower().removeprefix("sep=") in DELIMITERS and end else text


def delimiter_of(text: str) -> str:
    """What separates the cells of the first line: the sign that gives most of them outside of quotes."""
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
    if not rows or len(rows[0]) < 2:
        return NOTHING
    known = sum(name.strip().lower().replace(" ", "_") in FIELD_BY_COLUMN for name in rows[0])
    alike = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
    return known, alike, len(rows[0])
