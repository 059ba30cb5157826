"""What editors take with them: the template, the codebook, and their file with its errors beside the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from csv import writer
from io import StringIO

from flask import Response, render_template

from geoapp.drafts.work import check as hold_against
from geoapp.formulas import protect
from geoapp.incident import COLUMN_FIELDS, COLUMNS, INCIDENT_FIELDS, REPORT_FIELDS, Field, Record
from geoapp.ingest.error_file import error_file as make_error_file
from geoapp.ingest.reading.recognise import ERRORS
from geoapp.ingest.template_book import MEDIA_TYPE, template_book
from geoapp.kinds import LOCATION_PRECISIONS
from geoapp.query import Filters
from geoapp.web import context
from geoapp.web.editing.shared import go, own, step_of, turn_for
from geoapp.web.editing.uploads import Answer, blueprint


@blueprint.get("/template.csv")
def template() -> Response:
    """A CSV with every heading and one stored incident, to see how a row is filled in."""
    return attached(lines([COLUMNS, *_worked()]), "template.csv")


@blueprint.get("/template.xlsx")
def template_workbook() -> Response:
    """The same as a workbook, with notes on the headings and lists to choose from."""
    book = template_book(_worked(), context.reference())
    return attached(book, "template.xlsx", MEDIA_TYPE)


@blueprint.get("/codebook")
def codebook() -> str:
    """Every column with its meaning, and the codes that may stand in it."""
    return render_template(
        "editors/codebook.html",
        fields=COLUMN_FIELDS,
        reference=context.reference(),
        precisions=LOCATION_PRECISIONS,
    )


@blueprint.get("/uploads/<draft_id>/errors.csv")
def error_file(draft_id: str) -> Answer:
    """All rows in their order, corrections in place, with a column that says what is wrong.

    Raises NotFound, Gone, and DataRefused for a file that has no rows to show.
    """
    draft = own(draft_id)
    if not draft.is_open:
        return go(step_of(draft), draft_id=draft.id)
    with turn_for(draft):
        checked = hold_against(context.store(), draft)
    return attached(make_error_file(checked.table, checked.problems, ERRORS), "errors.csv")


def _worked() -> list[list[str]]:
    return [_row(each) for each in context.store().find(Filters(status=("single_source",), limit=1))]


def _row(record: Record) -> list[str]:
    report = record.incident.reports[0]
    return _cells(record.incident, INCIDENT_FIELDS) + _cells(report, REPORT_FIELDS)


def _cells(item: object, fields: Iterable[Field]) -> list[str]:
    found = []
    for each in fields:
        value = getattr(item, each.name)
        text = "" if value is None else each.kind.format(value)
        found.append(text if each.kind.numeric else protect(text))
    return found


def lines(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV for spreadsheets: UTF-8 with its mark, CRLF."""
    file = StringIO(newline="")
    writer(file, lineterminator="\r\n").writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def attached(content: bytes, name: str, content_type: str = "text/csv; charset=utf-8") -> Response:
    """A file to be kept under this name."""
    response = Response(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
