"""How the columns of a foreign file become ours: which is which, constants, dates, values, several links."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from geoapp.incident import COLUMNS, end_of
from geoapp.ingest.reading.files import Sheet
from geoapp.ingest.table import Table
from geoapp.kinds import Invalid, parse_url

DateOrder = Literal["day", "month"]
DATE_COLUMNS = ("date", "end_date", "source_date", "claimed_date")
# What stands between the parts when several columns make one.
_JOINED_BY = {"actors": ";", "summary": "\n", "statement": "\n", "notes": "\n"}
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_NUMBERS = re.compile(r"([0-9]{1,2})[./\- ]([0-9]{1,2})[./\- ]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[./\- ]([0-9]{1,2})[./\- ]([0-9]{1,2})(?:[T ][0-9:.+Z]*)?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_DAY_MONTH = re.compile(r"([0-9]{1,2})\.?[ \-]([A-Za-z]{3,9})\.?,?[ \-]([0-9]{4})")
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.? ([0-9]{1,2}),? ([0-9]{4})")
_DAY_LENGTH = 32
_LINK = re.compile(r"https?://[^\s;|,<>\"]+", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """How a file's columns become ours.

    `columns` gives each heading our column, or blank where it is left out; several headings of one column
    are joined. `constants` stand wherever the file says nothing. `templates` make a column out of several
    headings in braces (`{year}-{month}-{day}`). `values` replace texts of a column of ours. `date_order`
    says what comes first in 06/11/2023; None: nobody said, and such dates stay as they are.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    date_order: DateOrder | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form, lossless."""
        return {
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "templates": dict(self.templates),
            "values": {column: dict(texts) for column, texts in self.values.items()},
            "date_order": self.date_order,
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> ColumnMap:
        """The inverse of `to_dict`; columns that are no longer ours are left out."""
        known = frozenset(COLUMNS)

        def ours(texts: Mapping[str, Any]) -> dict[str, Any]:
            return {column: value for column, value in texts.items() if column in known}

        order = told["date_order"]
        return cls(
            columns={heading: to for heading, to in told["columns"].items() if to in known or not to},
            constants=ours(told["constants"]),
            templates=ours(told["templates"]),
            values=ours(told["values"]),
            date_order=order if order in ("day", "month") else None,
        )

    @property
    def targets(self) -> tuple[str, ...]:
        """Our columns that the file fills in this way, in our order."""
        filled = {*self.columns.values(), *self.constants, *self.templates}
        return tuple(column for column in COLUMNS if column in filled)

    def uses(self, heading: str) -> bool:
        """Whether anything is taken from under a heading."""
        if self.columns.get(heading):
            return True
        return any(f"{{{heading}}}" in template for template in self.templates.values())


def apply(sheet: Sheet, plan: ColumnMap) -> Table:
    """The rows in our columns; a row with several links becomes as many rows."""
    targets = plan.targets
    given: list[Sequence[str]] = list(zip(*sheet.rows, strict=True)) or [()] * len(sheet.columns)
    columns = {column: _Column(sheet, plan, column).texts(sheet.rows, given) for column in targets}
    # Where precisions are taken from foreign codes, the days stand as that code has them.
    if "date_precision" in plan.values and {"date", "date_precision"} <= set(targets):
        _at_precision(columns)
    if not targets:
        return Table(sheet.source, sheet.sha256, targets, (), (), sheet.faults, sheet.warnings)
    rows: Sequence[tuple[str, ...]] = sheet.rows
    if len(given) != len(columns) or any(a is not b for a, b in zip(given, columns.values(), strict=True)):
        rows = list(zip(*columns.values(), strict=True))
    lines: Sequence[int] = sheet.lines
    if any("http" in text[1:] for text in set(columns.get("source_url", ()))):
        rows, lines = _one_link_each(targets, rows, lines)
    read = tuple(rows), tuple(lines), sheet.faults, sheet.warnings
    return Table(sheet.source, sheet.sha256, targets, *read)


class _Column:
    """One column of ours, made from a row of the file."""

    def __init__(self, sheet: Sheet, plan: ColumnMap, column: str) -> None:
        at = {heading: number for number, heading in enumerate(sheet.columns)}
        self._from = [at[heading] for heading, to in plan.columns.items() if to == column and heading in at]
        self._at = at
        self._template = plan.templates.get(column, "")
        self._constant = plan.constants.get(column, "")
        self._values = plan.values.get(column, {})
        self._sign = _JOINED_BY.get(column, " ")
        self._split = column == "actors"
        self._order = plan.date_order if column in DATE_COLUMNS else None
        self._is_date = column in DATE_COLUMNS

    def texts(self, rows: Sequence[Sequence[str]], given: Sequence[Sequence[str]]) -> Sequence[str]:
        """Its cells, from rows and columns of the file; each distinct text is worked out once."""
        texts: Sequence[str]
        if self._template:
            texts = [self._filled(row) for row in rows]
        elif len(self._from) == 1:
            texts = given[self._from[0]]
        else:
            texts = [self._joined(row) for row in rows]
        if not (self._constant or self._values or self._is_date):
            return texts
        meant = {text: self._meant(text or self._constant) for text in set(texts)}
        if all(text == said for text, said in meant.items()):
            return texts
        return [meant[text] for text in texts]

    def _meant(self, text: str) -> str:
        if self._values:
            text = self._replaced(text)
        return _iso_days(text, self._order) if self._is_date else text

    def _joined(self, row: Sequence[str]) -> str:
        return self._sign.join(text for at in self._from if (text := row[at].strip()))

    def _filled(self, row: Sequence[str]) -> str:
        told = False

        def put(found: re.Match[str]) -> str:
            nonlocal told
            at = self._at.get(found[1])
            text = "" if at is None else row[at].strip()
            told = told or bool(text)
            return text

        filled = _PLACEHOLDER.sub(put, self._template).strip()
        # Where none of the parts says anything, what stands between them does not either.
        return filled if told or not self._at.keys() & set(_PLACEHOLDER.findall(self._template)) else ""

    def _replaced(self, text: str) -> str:
        whole = text.strip()
        if whole in self._values or not self._split:
            return self._values.get(whole, text)
        parts = [part.strip() for part in text.split(";")]
        told = dict.fromkeys(self._values.get(part, part) for part in parts)
        return ";".join(each for each in told if each)


def _one_link_each(
    targets: Sequence[str], rows: Sequence[tuple[str, ...]], lines: Sequence[int]
) -> tuple[list[tuple[str, ...]], list[int]]:
    """The rows with one link in each; those with several become several, on the same line."""
    at = targets.index("source_url")
    key = targets.index("report_id") if "report_id" in targets else None
    found: list[tuple[str, ...]] = []
    places: list[int] = []
    for row, line in zip(rows, lines, strict=True):
        links = list(dict.fromkeys(_LINK.findall(row[at])))
        # A row with a key is one report: its address may hold another one behind a comma.
        if len(links) < 2 or (key is not None and row[key] and _is_url(row[at])):
            links = [row[at]]
        for number, link in enumerate(links):
            cells = list(row)
            cells[at] = link
            if key is not None and number:
                cells[key] = ""
            found.append(tuple(cells))
            places.append(line)
    return found, places


def _is_url(text: str) -> bool:
    try:
        parse_url(text)
    except Invalid:
        return False
    return True


def _iso_days(text: str, order: DateOrder | None) -> str:
    """A day, or two of them with a slash between."""
    first, slash, last = text.partition("/")
    if not slash or "/" in last:
        return iso_date(text, order)
    return f"{iso_date(first, order)}/{iso_date(last, order)}"


def _at_precision(columns: dict[str, Sequence[str]]) -> None:
    """Put days on the first of the month or year that is known, and drop ends that say no more."""
    days, ends = list(columns["date"]), list(columns.get("end_date", ()))
    for row, precision in enumerate(columns["date_precision"]):
        try:
            day = date.fromisoformat(days[row])
            end = date.fromisoformat((ends and ends[row]) or day.isoformat())
        except ValueError:
            continue  # told when the cell is checked
        first = {"month": day.replace(day=1), "year": day.replace(month=1, day=1)}.get(precision, day)
        days[row] = first.isoformat()
        if ends and day <= end <= end_of(day, precision) and (precision != "day" or end == day):
            ends[row] = ""
    columns["date"] = days
    if ends:
        columns["end_date"] = ends


def iso_date(text: str, order: DateOrder | None) -> str:
    """A day of any usual spelling as YYYY-MM-DD; what cannot be read for sure stays as it is."""
    text = text.strip()
    return _known_day(text, order) if len(text) <= _DAY_LENGTH else _read_day(text, order)


def _read_day(text: str, order: DateOrder | None) -> str:
    for pattern, read in (
        (_YEAR_FIRST, _ymd),
        (_COMPACT, _ymd),
        (_DAY_MONTH, _dmy_word),
        (_MONTH_DAY, _mdy_word),
    ):
        if found := pattern.fullmatch(text):
            return read(*found.groups()) or text
    if found := _NUMBERS.fullmatch(text):
        first, second, year = map(int, found.groups())
        if order is not None:
            day, month = (first, second) if order == "day" else (second, first)
            return _day(year, month, day) or text
    return text


# Days of forty years: of a large file the same ones come in every slice.
_known_day = lru_cache(maxsize=16_384)(_read_day)


def readings(text: str) -> tuple[str, str] | None:
    """A day written in numbers, year last, read day first and month first; a blank reading is no day."""
    found = _NUMBERS.fullmatch(text.strip())
    if found is None:
        return None
    first, second, year = map(int, found.groups())
    return _day(year, second, first), _day(year, first, second)


def _ymd(year: str, month: str, day: str) -> str:
    return _day(int(year), int(month), int(day))


def _dmy_word(day: str, month: str, year: str) -> str:
    return _day(int(year), _MONTHS.get(month[:3].lower(), 0), int(day))


def _mdy_word(month: str, day: str, year: str) -> str:
    return _dmy_word(day, month, year)


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
