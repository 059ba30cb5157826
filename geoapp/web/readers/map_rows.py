"""Rows of the list beside the map and of the list of a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from geoapp.incident import Record
from geoapp.query import Filters
from geoapp.reference import Reference
from geoapp.web import context, names, wording

ROWS = 25


@dataclass(frozen=True)
class Row:
    """One incident in a list: what is said of it in two lines."""

    key: int
    link: str
    title: str
    group: str
    letter: str
    date: str
    place: str | None
    located: bool
    status: str
    status_label: str
    badge: str


@dataclass(frozen=True)
class More:
    """Where the list goes on."""

    offset: int
    left: int
    link: str


def row_of(record: Record, reference: Reference) -> Row:
    """The row of one record."""
    incident, joined = record.incident, record.joined
    category = reference.categories[incident.category]
    return Row(
        key=record.key,
        link=url_for("readers.incident", incident_id=incident.id),
        title=incident.title,
        group=category.group,
        letter=category.group_letter,
        date=wording.incident_days(incident),
        place=names.of_incident(incident, joined, reference.gazetteer)[0],
        located=joined.longitude is not None,
        status=incident.status or "",
        status_label=wording.status_label(incident.status) if incident.status else "",
        badge=wording.badge(len(joined.parties), joined.publishers),
    )


def rows(filters: Filters, count: int) -> dict[str, Any]:
    """One page of rows with its records, and where the rest is."""
    limit = min(filters.limit or ROWS, 100)
    records = context.view().find(filters.with_values(limit=limit))
    end = filters.offset + len(records)
    rest = filters.with_values(limit=None, offset=end)
    more = More(end, count - end, context.page_address("readers.incidents", rest)) if end < count else None
    reference = context.reference()
    return {"rows": [row_of(record, reference) for record in records], "records": records, "more": more}
