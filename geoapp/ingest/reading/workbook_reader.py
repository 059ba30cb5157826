"""Reads a workbook in a process of its own: what a file makes of the memory harms nobody else.

Run as a script (`python -P workbook_reader.py [SHEET]`) it takes the file on standard input and gives JSON on
standard output: `sheet`, its `rows` and `others` with text, or `sheets` when the named one is not there, or
`cells` when there are too many, or `fault`. It imports nothing of ours.
"""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import orjson
from python_calamine import CalamineError, CalamineWorkbook

# A sheet is read as a full rectangle: two cells far apart would fill the memory.
MOST_CELLS = 5_000_000
# A table has a row of so many cells; a sheet of notes seldom has.
FEWEST_CELLS = 3
MOST_MEMORY = 1_500_000_000
MOST_SECONDS = 60


def text_of(cell: Any) -> str:
    """A cell as a person would have typed it into our template."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat(timespec="minutes")
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds()) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(cell)


def read(data: bytes, sheet: str | None) -> dict[str, Any]:
    """The rows of the named sheet, else of the first with a table, else of the first with any text."""
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        if sheet is not None and sheet not in book.sheet_names:
            return {"sheets": book.sheet_names}
        return _chosen(book, book.sheet_names if sheet is None else [sheet])
    except (CalamineError, OSError, ValueError) as error:
        return {"fault": str(error)}


def _chosen(book: CalamineWorkbook, names: list[str]) -> dict[str, Any]:
    name, rows, most, others = names[0], [], 0, []
    for each in names:
        found = book.get_sheet_by_name(each).to_python(skip_empty_area=False)
        if (cells := sum(map(len, found))) > MOST_CELLS:
            return {"cells": cells}
        width = max((sum(cell != "" for cell in row) for row in found), default=0)
        if not most < FEWEST_CELLS <= width and (most or not width):
            others += [each] if width else []
            continue
        others += [name] if most else []
        name, rows, most = each, found, width
    return {"sheet": name, "rows": [[text_of(cell) for cell in row] for row in rows], "others": others}


def bound() -> None:
    """Let this process take MOST_MEMORY bytes and MOST_SECONDS of computing at most."""
    try:
        import resource
    except ImportError:  # not on Windows; the sizes that the archive states are checked there too
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    bound()
    found = read(sys.stdin.buffer.read(), sys.argv[1] if len(sys.argv) > 1 else None)
    sys.stdout.buffer.write(orjson.dumps(found))
