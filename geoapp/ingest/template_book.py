"""The template as a workbook (XLSX): headings with notes, a worked row, and lists of what may be chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from geoapp.incident import COLUMN_FIELDS, COLUMNS, Field
from geoapp.reference import Reference

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS, CODES = "Incidents", "Codes"
# So many rows below the headings offer their lists.
LISTED_ROWS = 20_000
_TEXT = "@"  # days and numbers stay as they are typed
_NOTE_WIDTH, _NOTE_HEIGHT = 320, 140
_COLUMN_WIDTH = 18


def template_book(rows: Sequence[Sequence[str]], reference: Reference) -> bytes:
    """A workbook whose first sheet has every heading and these rows, as cells of a CSV."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = ROWS
    _write(sheet, [COLUMNS, *rows])
    _note(sheet)
    _offer(sheet, book.create_sheet(CODES), choices(reference))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def choices(reference: Reference) -> dict[str, list[str]]:
    """What may stand in the columns that take one of a list."""
    found = {
        each.name: list(map(str, each.kind.json_schema["enum"]))
        for each in COLUMN_FIELDS
        if "enum" in each.kind.json_schema
    }
    return {"category": list(reference.categories), "attributed_to": list(reference.actors)} | found


def _write(sheet: Worksheet, rows: Sequence[Sequence[str]]) -> None:
    for number, row in enumerate(rows, start=1):
        for at, text in enumerate(row, start=1):
            cell = sheet.cell(number, at)
            cell.number_format = _TEXT
            if text:
                cell.value = text
                cell.data_type = "s"  # whatever it begins with


def _note(sheet: Worksheet) -> None:
    """Stay with the headings, and say above each column what belongs into it."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Font

    sheet.freeze_panes = "B2"
    for at, field in enumerate(COLUMN_FIELDS, start=1):
        cell = sheet.cell(1, at)
        cell.font = Font(bold=True)
        cell.comment = Comment(_about(field), "", height=_NOTE_HEIGHT, width=_NOTE_WIDTH)
        column = sheet.column_dimensions[cell.column_letter]
        column.width, column.number_format = _COLUMN_WIDTH, _TEXT


def _about(field: Field) -> str:
    need = "Needed." if field.required else "May be blank."
    return f"{field.meaning}\n{need} {field.kind.description}"


def _offer(sheet: Worksheet, codes: Worksheet, listed: Mapping[str, Sequence[str]]) -> None:
    """Offer the lists of one sheet in the columns of the other; another text is asked about, not refused."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for at, (name, values) in enumerate(listed.items(), start=1):
        _write_column(codes, at, [name, *values])
        letter = get_column_letter(at)
        formula = f"{CODES}!${letter}$2:${letter}${len(values) + 1}"
        offered = DataValidation("list", formula1=formula, allow_blank=True, errorStyle="warning")
        offered.error = f"{name} takes one of the list on the sheet {CODES}"
        offered.showErrorMessage = True
        sheet.add_data_validation(offered)
        column = get_column_letter(COLUMNS.index(name) + 1)
        offered.add(f"{column}2:{column}{LISTED_ROWS + 1}")


def _write_column(sheet: Worksheet, at: int, texts: Sequence[str]) -> None:
    for row, text in enumerate(texts, start=1):
        sheet.cell(row, at).value = text
