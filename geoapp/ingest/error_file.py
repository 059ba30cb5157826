"""The rows of a table with a column of what is wrong in each, to be mended in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from csv import writer
from io import StringIO

from geoapp.errors import Problem
from geoapp.formulas import protect, unprotect
from geoapp.ingest.table import Table

# Numbers are no formulas, also with a sign in front; a numeric cell with an apostrophe would be none.
_NUMBER = re.compile(r"[+-]?[0-9]+([.,/][0-9]+)?")


def error_file(table: Table, problems: Iterable[Problem], heading: str) -> bytes:
    """All rows in their order as CSV (UTF-8 with its mark, for spreadsheets), errors in a column `heading`.

    Cells are safe to open in a spreadsheet, and an import of the file reads them as it read the first.
    """
    told = errors_by_line(problems)
    file = StringIO(newline="")
    rows = writer(file, lineterminator="\r\n")
    rows.writerow([*table.columns, heading])
    for row, line in zip(table.rows, table.lines, strict=True):
        rows.writerow([*map(_safe, row), protect(told.get(line, ""))])
    return file.getvalue().encode("utf-8-sig")


def errors_by_line(problems: Iterable[Problem]) -> dict[int, str]:
    """What is wrong in each row, as one text for a cell; warnings are left out."""
    found: dict[int, list[str]] = {}
    for each in problems:
        if each.level == "error":
            hint = f" (did you mean {each.suggestion}?)" if each.suggestion else ""
            text = f"{each.column or 'row'}: expected {each.expected}{hint}"
            found.setdefault(each.line or 0, []).append(text)
    return {line: "; ".join(texts) for line, texts in found.items()}


def _safe(text: str) -> str:
    return text if _NUMBER.fullmatch(text.strip()) else protect(unprotect(text))
