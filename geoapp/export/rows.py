"""CSV (RFC 4180, UTF-8): the columns of an import, one row per report, safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from csv import writer
from io import StringIO
from typing import Any

import orjson

from geoapp.export.pieces import in_pieces
from geoapp.formulas import protect as protect
from geoapp.incident import COLUMNS, INCIDENT_FIELDS, REPORT_FIELDS, Field

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def csv(features: Iterable[bytes], bom: bool = False) -> Iterator[bytes]:
    """The Features (JSON) as CSV; an incident's fields stand on the row of its first report.

    `bom` puts a byte order mark in front, which Excel needs to read UTF-8.
    """
    return in_pieces(_parts(features, bom))


def _parts(features: Iterable[bytes], bom: bool) -> Iterator[bytes]:
    # CRLF also makes Python's writer quote a lone carriage return inside a cell.
    lines = StringIO(newline="")
    rows = writer(lines, lineterminator="\r\n")
    if bom:
        yield BYTE_ORDER_MARK
    rows.writerow(COLUMNS)
    for feature in features:
        rows.writerows(_rows(orjson.loads(feature)["properties"]))
        yield _taken(lines)
    # Without any record the header alone is left.
    yield _taken(lines)


def _rows(properties: dict[str, Any]) -> Iterator[list[str]]:
    own = _cells(properties, _OF_INCIDENT)
    for report in properties["reports"]:
        yield own + _cells(report, _OF_REPORT)
        own = [properties["id"]] + [""] * (len(own) - 1)


def _writer_of(each: Field) -> Callable[[Any], str]:
    """How a JSON value of the field becomes a cell; text and days are the cell already."""
    if each.kind.json_schema.get("type") == "array":
        return lambda codes: protect(";".join(codes))
    if each.kind.numeric:
        return lambda value: value if isinstance(value, str) else each.kind.format(value)
    return protect


_Writers = Sequence[tuple[str, Callable[[Any], str]]]
_OF_INCIDENT: _Writers = [(each.name, _writer_of(each)) for each in INCIDENT_FIELDS]
_OF_REPORT: _Writers = [(each.name, _writer_of(each)) for each in REPORT_FIELDS]


def _cells(values: dict[str, Any], listed: _Writers) -> list[str]:
    return ["" if (value := values[name]) is None else write(value) for name, write in listed]


def _taken(lines: StringIO) -> bytes:
    content = lines.getvalue().encode()
    lines.seek(0)
    lines.truncate()
    return content
