"""Read one CSV file of reference data: columns by name, every fault with line and column, none raised."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoapp.errors import Problem
from geoapp.kinds import Invalid
from geoapp.layers.describe import near


@dataclass(frozen=True, slots=True)
class Column:
    """How the cells of one column are read; `parse` raises Invalid; a blank cell is None."""

    parse: Callable[[str], Any]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row that could be read: the line on which it ends, and its values by column."""

    line: int
    values: Mapping[str, Any]


def one_of(known: Collection[str]) -> Callable[[str], str]:
    """A parser that takes the words of `known` and nothing else."""

    def parse(text: str) -> str:
        if text not in known:
            raise Invalid(f"one of {', '.join(known)}", near(text, known))
        return text

    return parse


def read_table(path: Path, columns: Mapping[str, Column], problems: list[Problem]) -> list[Row]:
    """The rows of a UTF-8 CSV file without fault; every fault is appended to `problems`."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problems.append(Problem("error", path.name, f"a file that can be read ({error.strerror})"))
        return []
    except UnicodeDecodeError as error:
        problems.append(Problem("error", path.name, f"text in UTF-8 ({error.reason} at byte {error.start})"))
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return _read_rows(path.name, reader, columns, problems)
    except csv.Error as error:
        expected = f"CSV with quotes as in RFC 4180 ({error})"
        problems.append(Problem("error", path.name, expected, reader.line_num))
        return []


def _read_rows(source: str, reader: Any, columns: Mapping[str, Column], problems: list[Problem]) -> list[Row]:
    header = [cell.strip() for cell in next(reader, [])]
    faults = list(_check_header(source, header, columns))
    problems.extend(faults)
    if faults:
        return []
    rows = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            expected = f"{len(header)} cells as in the header"
            problems.append(Problem("error", source, expected, reader.line_num, None, f"{len(cells)} cells"))
            continue
        row, found = _read_row(source, reader.line_num, dict(zip(header, cells, strict=True)), columns)
        problems.extend(found)
        rows += [] if found else [row]
    return rows


def _check_header(source: str, header: list[str], columns: Mapping[str, Column]) -> Iterator[Problem]:
    if not header:
        yield Problem("error", source, f"a header with the columns {', '.join(columns)}")
        return
    for name in header:
        if name not in columns:
            expected = "only columns of this file" if name else "a name for every column"
            yield Problem("error", source, expected, 1, None, name, near(name, columns))
        elif header.count(name) > 1:
            yield Problem("error", source, "every column once", 1, name)
    for name in columns:
        if name not in header:
            yield Problem("error", source, "this column, which is missing", 1, name)


def _read_row(
    source: str, line: int, cells: Mapping[str, str], columns: Mapping[str, Column]
) -> tuple[Row, list[Problem]]:
    values: dict[str, Any] = {}
    problems = []
    for name, text in cells.items():
        text = text.strip()
        try:
            values[name] = columns[name].parse(text) if text else None
        except Invalid as error:
            problems.append(Problem("error", source, error.expected, line, name, text, error.suggestion))
        if not text and columns[name].required:
            problems.append(Problem("error", source, "a value, this cell is blank", line, name))
    return Row(line, values), problems
