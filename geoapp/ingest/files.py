"""Files as they come: CSV in any usual encoding and delimiter, TSV, XLSX, pasted cells -> rows of text."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from charset_normalizer import from_bytes

from geoapp.errors import DataRefused, Problem
from geoapp.ingest import workbook
from geoapp.ingest.table import numbered

# Of two that give as many cells the one that is rarer in text comes first.
DELIMITERS = {"\t": "tabs", "|": "vertical bars", ";": "semicolons", ",": "commas"}
ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "cp1251": "Windows-1251",
    "cp1252": "Windows-1252",
}
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_GUESSED_FROM = 200_000


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
    if data.startswith(b"PK\x03\x04"):
        form = "XLSX, its first sheet with text" if sheet is None else f"XLSX, its sheet {sheet}"
        read = workbook.rows(data, source, sheet)
    else:
        text, encoding = _decode(data, source)
        delimiter = _delimiter(text)
        form = f"{encoding}, separated by {DELIMITERS[delimiter]}"
        read = numbered(_without_hint(text), source, delimiter)
    return _sheet(read, source, hashlib.sha256(data).hexdigest(), form)


def _sheet(read: Iterator[tuple[int, list[str]]], source: str, digest: str, form: str) -> Sheet:
    given = ((line, cells) for line, cells in read if any(cell.strip() for cell in cells))
    _, header = next(given, (1, []))
    names = [" ".join(name.split()) for name in header]
    while names and not names[-1]:
        names.pop()  # trailing delimiters of a spreadsheet
    if not names:
        expected = "a header row with the names of the columns; the file is empty"
        raise DataRefused([Problem("error", source, expected, line=1)])
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    faults: list[Problem] = list(_heading_faults(names, source))
    for line, cells in given:
        while len(cells) > len(names) and not cells[-1].strip():
            cells.pop()
        if len(cells) > len(names):
            expected = (
                f"{len(names)} cells as in the header, found {len(cells)} (is a delimiter outside of quotes?)"
            )
            faults.append(Problem("error", source, expected, line=line))
        rows.append(tuple((cells + [""] * len(names))[: len(names)]))
        lines.append(line)
    return Sheet(source, digest, form, tuple(names), tuple(rows), tuple(lines), tuple(faults))


def _heading_faults(names: Sequence[str], source: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for name in names:
        if not name:
            yield Problem("error", source, "a name for every column; one is blank", line=1)
        elif name in seen:
            yield Problem("error", source, f"each column once; {name!r} is there twice", line=1)
        seen.add(name)


def _decode(data: bytes, source: str) -> tuple[str, str]:
    """The text and the name of its encoding."""
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "") or _guess(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        expected = f"text in {ENCODINGS[encoding]}; byte {error.start + 1} is not (save it as “CSV UTF-8”)"
        line = data.count(b"\n", 0, error.start) + 1
        raise DataRefused([Problem("error", source, expected, line=line)]) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataRefused(
            [Problem("error", source, "a text file or a workbook; this has NUL bytes", line=line)]
        )
    return text, ENCODINGS[encoding]


def _guess(data: bytes) -> str:
    """The encoding of a file without a mark: UTF-8 if it can be, else what its letters look like."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        found = from_bytes(data[:_GUESSED_FROM], cp_isolation=["cp1251", "cp1252"]).best()
        return "cp1251" if found is not None and found.encoding == "cp1251" else "cp1252"
    return "utf-8-sig"


def _without_hint(text: str) -> str:
    """Without the line by which Excel tells itself the delimiter; its place stays, so that lines count on."""
    first, end, rest = text.partition("\n")
    return end + rest if first.strip().lower().removeprefix("sep=") in DELIMITERS and end else text


def _delimiter(text: str) -> str:
    """What separates the cells of the first line: the sign that gives most of them outside of quotes."""
    first = text.lstrip("\r\n").partition("\n")[0]
    hint = first.strip("\r\n").lower()
    if hint.startswith("sep=") and hint[4:5] in DELIMITERS:
        return hint[4]
    widths = {sign: len(next(csv.reader(io.StringIO(first), delimiter=sign), [])) for sign in DELIMITERS}
    return max(widths, key=lambda sign: widths[sign])
