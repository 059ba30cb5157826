"""XLSX -> rows of text, with bounds on what a small file may unpack to."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson

from geoapp.errors import DataRefused, Problem
from geoapp.ingest.reading import workbook_reader
from geoapp.ingest.reading.workbook_reader import MOST_CELLS

MOST_UNPACKED = 300_000_000
MOST_PARTS = 2_000
# The same long text can stand in many cells, which no size of the archive tells.
MOST_TEXT = 300_000_000
MOST_WAITED_S = 120
_OPENED = "a workbook (XLSX) that can be opened"
# A damaged archive; RuntimeError is one with a password, NotImplementedError a way of packing unknown here.
_NOT_OPENED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    EOFError,
    OSError,
    ValueError,
    zlib.error,
    RuntimeError,
)
_PIECE = 1 << 20
_CELL = re.compile(rb"\sr=[\"']([A-Z]{0,3})([0-9]{1,7})[\"']")
_OVERLAP = 64


def rows(
    data: bytes, source: str, sheet: str | None = None
) -> tuple[str, Iterator[tuple[int, list[str]]], tuple[Problem, ...]]:
    """The sheet that was read (the named one, else the first with a table), its rows numbered from 1, and
    a warning where other sheets have text too; raises DataRefused.
    """
    try:
        _check_size(data, source)
    except _NOT_OPENED as error:
        raise DataRefused([Problem("error", source, _OPENED)]) from error
    found = _read_apart(data, source, sheet)
    if (sheets := found.get("sheets")) is not None:
        expected = f"a sheet of the workbook: {', '.join(sheets)}"
        raise DataRefused([Problem("error", source, expected, value=sheet)])
    if "cells" in found:
        raise _too_large(source)
    if "fault" in found:
        raise DataRefused([Problem("error", source, _OPENED)])
    name, others = found["sheet"], found["others"]
    warnings: tuple[Problem, ...] = ()
    if others:
        expected = f"one sheet with text; {name} was read, not {', '.join(others)}"
        warnings = (Problem("warning", source, expected, line=1),)
    return name, enumerate(found["rows"], start=1), warnings


def _read_apart(data: bytes, source: str, sheet: str | None) -> dict[str, Any]:
    """What the reader makes of the file, in a process whose memory and time are bounded."""
    named = [] if sheet is None else [sheet]
    reader = [sys.executable, "-P", str(Path(workbook_reader.__file__)), *named]
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as answer:
        file.write(data)
        file.seek(0)
        try:
            done = subprocess.run(
                reader,
                stdin=file,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=MOST_WAITED_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _too_large(source) from error
        if done.returncode or answer.seek(0, 2) > MOST_TEXT:
            raise _too_large(source)
        answer.seek(0)
        found: dict[str, Any] = orjson.loads(answer.read())
        return found


def _check_size(data: bytes, source: str) -> None:
    """Unpack everything once without keeping it: what an archive says of its own sizes can be untrue."""
    total = area = 0
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS:
            raise _too_large(source)
        for part in parts:
            is_sheet = part.filename.startswith("xl/worksheets/")
            right, down, tail = 0, 0, b""
            with archive.open(part) as opened:
                while piece := opened.read(_PIECE):
                    total += len(piece)
                    if is_sheet:
                        for letters, digits in _CELL.findall(tail + piece):
                            right, down = max(right, _column(letters)), max(down, int(digits))
                        tail = piece[-_OVERLAP:]
                    if total > MOST_UNPACKED or area + right * down > MOST_CELLS:
                        raise _too_large(source)
            area += right * down


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
