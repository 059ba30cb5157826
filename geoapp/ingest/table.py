"""Bytes of a CSV file -> rows of text with the physical line on which each row starts."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from rapidfuzz import process

from geoapp.errors import DataRefused, Problem
from geoapp.incident import COLUMNS, FIELD_BY_COLUMN

_OTHER_FORMATS = {
    b"PK\x03\x04": "a CSV file; this is a zip archive or an Excel workbook (save the sheet as “CSV UTF-8”)",
    b"\xff\xfe": "UTF-8; this is UTF-16 (save the sheet as “CSV UTF-8”)",
    b"\xfe\xff": "UTF-8; this is UTF-16 (save the sheet as “CSV UTF-8”)",
}
_LETTERS_AT_ONCE = 1_000_000
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file read: names of its columns, its rows of text, and the line on which each row starts.

    `source` is the file's name as it is shown in messages, `sha256` the hash of its bytes. `faults` are those
    of its form that leave the rest readable: columns that are not known, rows that are too long or short;
    `warnings` say what was assumed when it was read.
    """

    source: str
    sha256: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    faults: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)


def read_table(data: bytes, source: str = "upload.csv") -> Table:
    """Read UTF-8 CSV (RFC 4180, with or without a byte order mark).

    Raises DataRefused where nothing more can be read: encoding, quoting, no header, no `id` in it.
    """
    text = _decode(data, source)
    reader = numbered(text, source)
    _, header = next(reader, (1, []))
    names = _names(header, source)
    problems = list(_header_problems(names, source))
    kept = [at for at, name in enumerate(names) if name in FIELD_BY_COLUMN and name not in names[:at]]
    columns = tuple(names[at] for at in kept)
    if problems and "id" not in columns:
        raise DataRefused(problems)
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    for line, cells in reader:
        if not any(cells):
            continue  # spreadsheets leave rows of nothing but commas behind
        problems.extend(_row_problems(cells, len(header), len(names), source, line))
        cells += [""] * (len(names) - len(cells))
        rows.append(tuple(cells[at] for at in kept) if problems else tuple(cells[: len(names)]))
        lines.append(line)
    digest = hashlib.sha256(data).hexdigest()
    return Table(source, digest, columns, tuple(rows), tuple(lines), tuple(problems))


def _row_problems(cells: list[str], width: int, named: int, source: str, line: int) -> Iterator[Problem]:
    if len(cells) != width:
        yield _wrong_width(source, line, len(cells), width)
    elif any(cells[named:]):
        yield Problem("error", source, "a name in the header for every column with text", line)


def _decode(data: bytes, source: str) -> str:
    for mark, expected in _OTHER_FORMATS.items():
        if data.startswith(mark):
            raise DataRefused([Problem("error", source, expected, line=1)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # utf-8-sig counts from behind the mark; count in the file that the editor has.
        start = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        line = data.count(b"\n", 0, start) + 1
        expected = (
            f"UTF-8; byte {start + 1} of the file, 0x{data[start]:02x}, is not (save it as “CSV UTF-8”)"
        )
        raise DataRefused([Problem("error", source, expected, line=line)]) from error
    if "\0" in text:
        lines = (number for number, line in enumerate(text.split("\n"), start=1) if "\0" in line)
        raise DataRefused(Problem("error", source, "text without NUL bytes", line=line) for line in lines)
    return text


def numbered(text: str, source: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Yield (line on which the row starts, cells), line 1 being the first of the file; raises DataRefused."""
    return numbered_lines(chain.from_iterable(_pieces(text)), source, delimiter)


def _pieces(text: str) -> Iterator[io.StringIO]:
    """Its lines with their ends, a piece at a time: a StringIO takes four bytes for each letter."""
    begin = 0
    while begin < len(text):
        end = text.find("\n", begin + _LETTERS_AT_ONCE) + 1 or len(text)
        yield io.StringIO(text[begin:end], newline="")
        begin = end


def numbered_lines(lines: Iterable[str], source: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The same from lines with their ends."""
    reader = csv.reader(lines, strict=True, delimiter=delimiter)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DataRefused([Problem("error", source, _quoting(str(error)), line=start)]) from error
        if cells:
            yield start, cells


def _quoting(message: str) -> str:
    if "unexpected end of data" in message:
        return "a closing quote: the quote that opens in this row never closes"
    if "field limit" in message:
        return f"cells of at most {csv.field_size_limit():,} characters (is a quote missing?)"
    return 'a comma or a line end after a closing quote (write "" for a quote inside of quotes)'


def _wrong_width(source: str, line: int, found: int, width: int) -> Problem:
    more = "more" if found > width else "fewer"
    expected = f"{width} cells as in the header, found {found} ({more}; is a comma outside of quotes?)"
    return Problem("error", source, expected, line=line)


def _names(header: Iterable[str], source: str) -> list[str]:
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()  # trailing commas of a spreadsheet
    if not names:
        expected = "a header row with the names of the columns; the file is empty"
        raise DataRefused([Problem("error", source, expected, line=1)])
    return names


def _header_problems(names: list[str], source: str) -> Iterator[Problem]:
    if len(names) == 1:
        for separator, word in _OTHER_SEPARATORS.items():
            if separator in names[0]:
                yield Problem("error", source, f"columns separated by commas, not by {word}", 1)
                return
    seen: set[str] = set()
    for name in names:
        if not name:
            yield Problem("error", source, "a name for every column; one is blank", 1)
        elif name not in FIELD_BY_COLUMN:
            near = process.extractOne(name.lower().replace(" ", "_"), COLUMNS, score_cutoff=75)
            yield Problem("error", source, "the name of a column", 1, name, name, near[0] if near else None)
        elif name in seen:
            yield Problem("error", source, "each column once; this name is there twice", 1, name)
        seen.add(name)
