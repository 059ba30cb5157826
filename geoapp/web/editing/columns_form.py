"""The form of the columns page, read to a mapping."""

from __future__ import annotations

from flask import request

from geoapp.drafts.saved import MOST_NAME
from geoapp.incident import COLUMNS
from geoapp.ingest.reading.files import Sheet
from geoapp.ingest.reading.mapping import ColumnMap, DateOrder
from geoapp.kinds import CONTROL, MAX_TEXT

# Stands for "nothing chosen": the text stays as it is, and the check will tell what is wrong with it.
AS_IT_IS = "?"


def plan(sheet: Sheet) -> ColumnMap:
    """The mapping that the form says; what names no column of ours is passed over."""
    columns = {}
    for number, heading in enumerate(sheet.columns):
        column = request.form.get(f"column-{number}", "")
        columns[heading] = column if column in COLUMNS else ""
    return ColumnMap(
        columns=columns,
        constants=_texts("constant-"),
        templates=_texts("template-"),
        values=_values(),
        date_order=_order(),
    )


def name() -> str:
    """The name under which the mapping is to be kept; blank: it is not."""
    return " ".join(_plain(request.form.get("name", "")).split())[:MOST_NAME]


def wants_to_stay() -> bool:
    """Whether the editor only wants to see what the changed columns ask."""
    return request.form.get("go") == "stay"


def _order() -> DateOrder | None:
    order = request.form.get("order", "")
    return "day" if order == "day" else "month" if order == "month" else None


def _texts(prefix: str) -> dict[str, str]:
    return {
        column: text
        for column in COLUMNS
        if (text := _plain(request.form.get(prefix + column, "")).strip()[:MAX_TEXT])
    }


def _values() -> dict[str, dict[str, str]]:
    """What texts become; a field's name is `value:` with our column and the text of the file."""
    found: dict[str, dict[str, str]] = {}
    for field, chosen in request.form.items():
        mark, _, rest = field.partition(":")
        column, _, text = rest.partition(":")
        if mark == "value" and column in COLUMNS and chosen != AS_IT_IS:
            found.setdefault(column, {})[text] = _plain(chosen)[:MAX_TEXT]
    return found


def _plain(text: str) -> str:
    return CONTROL.sub("", text)
