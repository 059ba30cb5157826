"""CSV (RFC 4180, UTF-8): the columns of an import, one row per report, safe to open in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from csv import writer
from io import StringIO
from typing import Any

from geoapp.export.pieces import in_pieces
from geoapp.incident import COLUMNS, INCIDENT_FIELDS, REPORT_FIELDS, Field, Record

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# What a spreadsheet would run as a formula, and what would be mistaken for our own protection of it.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def csv(records: Iterable[Record], bom: bool = False) -> Iterator[bytes]:
    """The records as CSV; an incident's fields stand on the row of its first report.

    `bom` puts a byte order mark in front, which Excel needs to read UTF-8.
    """
    return in_pieces(_parts(records, bom))


def protect(text: str) -> str:
    """The text with one more apostrophe in front where a spreadsheet could run it; import takes it away."""
    return f"'{text}" if _FORMULA.match(text) else text


def _parts(records: Iterable[Record], bom: bool) -> Iterator[bytes]:
    # CRLF also makes Python's writer quote a lone carriage return inside a cell.
    lines = StringIO(newline="")
    rows = writer(lines, lineterminator="\r\n")
    if bom:
        yield BYTE_ORDER_MARK
    rows.writerow(COLUMNS)
    for record in records:
        rows.writerows(_rows(record))
        yield _taken(lines)
    # Without any record the header alone is left.
    yield _taken(lines)


def _rows(record: Record) -> Iterator[list[str]]:
    incident = record.incident
    own = _cells(incident, INCIDENT_FIELDS)
    for report in incident.reports:
        yield own + _cells(report, REPORT_FIELDS)
        own = [incident.id] + [""] * (len(own) - 1)


def _cells(item: object, listed: Sequence[Field]) -> list[str]:
    return [_cell(each, getattr(item, each.name)) for each in listed]


def _cell(each: Field, value: Any) -> str:
    if value is None:
        return ""
    text = each.kind.format(value)
    return text if each.kind.numeric else protect(text)


def _taken(lines: StringIO) -> bytes:
    content = lines.getvalue().encode()
    lines.seek(0)
    lines.truncate()
    return content
