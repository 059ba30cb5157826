"""Headings of a foreign file -> our columns: forgiving about case, spaces and synonyms, and saying so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process

from geoapp.folding import fold
from geoapp.incident import COLUMNS
from geoapp.ingest.reading.files import Sheet
from geoapp.ingest.reading.mapping import ColumnMap
from geoapp.ingest.reading.ready import Preset, ready_mappings

# The column that our own file of errors adds; it comes back with the corrected file and says nothing.
ERRORS = "errors"
_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "id": ("incident id", "incident", "identifier"),
    "date": ("event date", "incident date", "start date", "day", "when", "from date", "дата", "თარიღი"),
    "end_date": ("date end", "until", "to date", "дата окончания", "დასრულების თარიღი"),
    "time": ("время", "დრო"),
    "title": ("headline", "name", "event title", "заголовок", "название", "სათაური"),
    "summary": ("what happened", "description", "details", "event description", "описание", "აღწერა"),
    "category": ("type", "event type", "incident type", "kind", "категория", "тип", "კატეგორია"),
    "place": (
        "location",
        "place name",
        "village",
        "settlement",
        "where",
        "место",
        "село",
        "ადგილი",
        "სოფელი",
    ),
    "latitude": ("lat", "y", "широта", "განედი"),
    "longitude": ("lon", "lng", "long", "x", "долгота", "გრძედი"),
    "actors": ("actor", "involved", "who", "who was involved", "участники", "стороны", "მონაწილეები"),
    "source_url": (
        *("url", "link", "links", "source link", "web address", "source address"),
        *("ссылка", "ссылки", "ბმული", "ბმულები"),
    ),
    "source_publisher": (
        *("publisher", "source", "source name", "outlet", "media"),
        *("издание", "источник", "გამომცემელი", "წყარო"),
    ),
    "source_title": ("source headline", "article", "article title", "заголовок статьи", "სტატიის სათაური"),
    "source_date": ("published", "publication date", "date published", "source day", "дата публикации"),
    "source_language": ("language", "lang", "язык", "ენა"),
    "source_archive_url": ("archive", "archived copy", "archive url", "архив", "არქივი"),
    "attributed_to": ("speaker", "according to", "attribution", "чьи слова"),
    "statement": (
        "what is said",
        "what they say",
        "claim",
        "quote",
        "text",
        "заявление",
        "цитата",
        "განცხადება",
        "ციტატა",
    ),
    "claimed_people": ("people", "number of people", "число людей"),
    "notes": ("note", "remarks", "comment", "comments", "примечание", "примечания", "შენიშვნა"),
}
# What a date is put together from: year, month and day, each under a heading of its own.
_DAY_PARTS = (("year", "год", "წელი"), ("month", "месяц", "თვე"), ("day", "день", "დღე"))


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
    templates = _day_in_parts(headings)
    plan: dict[str, str] = {}
    unknown: list[str] = []
    for heading in headings:
        if templates and f"{{{heading}}}" in templates["date"]:
            plan[heading] = ""
            continue
        column = column_of(heading)
        if column is None or column in plan.values() or column in templates:
            unknown.append(heading)
        else:
            plan[heading] = column
    exact = not unknown and all(_is_spelling(heading, column) for heading, column in plan.items())
    return Recognised(ColumnMap(columns=plan, templates=templates), tuple(unknown), "", exact)


def _day_in_parts(headings: Sequence[str]) -> dict[str, str]:
    """The date put together from a column each for year, month and day, where there are all three."""
    parts = [next((each for each in headings if fold(each) in names), None) for names in _DAY_PARTS]
    whole = any(column_of(each) == "date" for each in headings if each not in parts)
    return {} if whole or None in parts else {"date": "-".join(f"{{{each}}}" for each in parts)}


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
