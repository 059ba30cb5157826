"""Headings of a foreign file -> our columns: forgiving about case, spaces and synonyms, and saying so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import process

from geoapp.folding import fold
from geoapp.incident import COLUMNS
from geoapp.ingest.files import Sheet
from geoapp.ingest.mapping import ColumnMap
from geoapp.ingest.ready import Preset, ready_mappings

# The column that our own file of errors adds; it comes back with the corrected file and says nothing.
ERRORS = "errors"
_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "id": ("incident id", "incident", "identifier"),
    "date": ("event date", "incident date", "start date", "day", "when", "from date"),
    "end_date": ("date end", "until", "to date"),
    "title": ("headline", "name", "event title"),
    "summary": ("description", "details", "event description"),
    "category": ("type", "event type", "incident type", "kind"),
    "place": ("location", "place name", "village", "settlement", "where"),
    "latitude": ("lat", "y"),
    "longitude": ("lon", "lng", "long", "x"),
    "actors": ("actor", "involved"),
    "source_url": ("url", "link", "links", "source link", "web address", "source address"),
    "source_publisher": ("publisher", "source", "source name", "outlet", "media"),
    "source_title": ("source headline", "article", "article title"),
    "source_date": ("published", "publication date", "date published", "source day"),
    "source_language": ("language", "lang"),
    "source_archive_url": ("archive", "archived copy", "archive url"),
    "attributed_to": ("speaker", "according to", "attribution"),
    "statement": ("what is said", "claim", "quote", "text"),
    "claimed_people": ("people", "number of people"),
    "notes": ("note", "remarks", "comment", "comments"),
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file's headings were taken for; `unknown` ones are left out unless the editor says otherwise.

    `preset` is the title of the ready mapping that fits, blank for none; `exact` says that every heading is
    ours, so that there is nothing to ask.
    """

    plan: ColumnMap
    unknown: tuple[str, ...]
    preset: str
    exact: bool


def recognise(sheet: Sheet) -> Recognised:
    """What the headings of a file are taken for, before anybody was asked."""
    headings = [each for each in sheet.columns if fold(each) != ERRORS]
    for preset in ready_mappings().values():
        if preset.signs <= set(headings):
            return _with_preset(headings, preset)
    plan: dict[str, str] = {}
    unknown: list[str] = []
    for heading in headings:
        column = column_of(heading)
        if column is None or column in plan.values():
            unknown.append(heading)
        else:
            plan[heading] = column
    exact = not unknown and all(_is_spelling(heading, column) for heading, column in plan.items())
    return Recognised(ColumnMap(columns=plan), tuple(unknown), "", exact)


def _with_preset(headings: list[str], preset: Preset) -> Recognised:
    columns = {heading: preset.plan.columns.get(heading, "") for heading in headings}
    plan = ColumnMap.from_dict({**preset.plan.to_dict(), "columns": columns})
    unknown = tuple(heading for heading, column in columns.items() if not column)
    return Recognised(plan, unknown, preset.title, False)


def column_of(heading: str) -> str | None:
    """Our column for a heading, or None."""
    return _BY_NAME.get(fold(heading))


def nearest(heading: str) -> str | None:
    """The column whose name looks most like a heading that nobody knows, or None."""
    near = process.extractOne(heading.lower().replace(" ", "_"), COLUMNS, score_cutoff=75)
    return near[0] if near else None


def _is_spelling(heading: str, column: str) -> bool:
    return fold(heading) == fold(column.replace("_", " "))


_BY_NAME = {fold(name): column for column, names in _SYNONYMS.items() for name in names} | {
    fold(column.replace("_", " ")): column for column in COLUMNS
}
