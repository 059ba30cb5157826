"""XLSX -> rows of text, with bounds on what a small file may unpack to."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from geoapp.errors import DataRefused, Problem

MOST_UNPACKED = 300_000_000
MOST_PARTS = 2_000
# A sheet is read as a full rectangle: two cells far apart would fill the memory.
MOST_CELLS = 20_000_000
_PIECE = 1 << 20
_CELL = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')
_OVERLAP = 64


def rows(data: bytes, source: str, sheet: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Rows of the named sheet, else of the first that has any, numbered from 1; raises DataRefused."""
    try:
        _check_size(data, source)
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        if sheet is not None and sheet not in book.sheet_names:
            expected = f"a sheet of the workbook: {', '.join(book.sheet_names)}"
            raise DataRefused([Problem("error", source, expected, value=sheet)])
        for name in book.sheet_names if sheet is None else [sheet]:
            found = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if any(cell != "" for row in found for cell in row):
                return ((number, [_text(cell) for cell in row]) for number, row in enumerate(found, start=1))
    except (CalamineError, zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError) as error:
        raise DataRefused([Problem("error", source, "a workbook (XLSX) that can be opened")]) from error
    return iter(())


def _check_size(data: bytes, source: str) -> None:
    """Unpack everything once without keeping it: what an archive says of its own sizes can be untrue."""
    total = 0
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS:
            raise _too_large(source)
        for part in parts:
            is_sheet = part.filename.startswith("xl/worksheets/")
            right, down, tail = 1, 1, b""
            with archive.open(part) as opened:
                while piece := opened.read(_PIECE):
                    total += len(piece)
                    if is_sheet:
                        for letters, digits in _CELL.findall(tail + piece):
                            right, down = max(right, _column(letters)), max(down, int(digits))
                        tail = piece[-_OVERLAP:]
                    if total > MOST_UNPACKED or right * down > MOST_CELLS:
                        raise _too_large(source)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_large(source: str) -> DataRefused:
    expected = (
        f"a workbook that unpacks to at most {MOST_UNPACKED // 1_000_000} MB and {MOST_CELLS:,} cells; "
        "save the sheet as CSV"
    )
    return DataRefused([Problem("error", source, expected)])


def _text(cell: Any) -> str:
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
