"""Rows -> groups that share an id; a blank id is made from the date and the title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from geoapp.folding import latin
from geoapp.incident import Record
from geoapp.ingest.checking.cells import BAD, Cells

_SLUG_LENGTH = 64
_DATE_LENGTH = {"day": 10, "month": 7, "year": 4}


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one incident, in the order of the file, and what is stored under its id."""

    id: str
    rows: tuple[int, ...]
    before: Record | None


class Records(Protocol):
    """Where stored records come from."""

    def get_many(self, ids: Sequence[str]) -> Iterable[Record]:
        """The records of these ids; ids that are not stored are left out."""


def make_id(day: date, precision: str, title: str) -> str:
    """An id from the date at its precision and the words of the title in Latin letters."""
    words = re.findall(r"[a-z0-9]+", latin(title))
    slug = "-".join(words)
    if len(slug) > _SLUG_LENGTH:
        slug = slug[: _SLUG_LENGTH + 1].rpartition("-")[0] or slug[:_SLUG_LENGTH]
    return f"{day.isoformat()[: _DATE_LENGTH[precision]]}-{slug or 'incident'}"


def group_rows(cells: Cells, records: Records) -> list[Group]:
    """The rows by id, in order of first appearance; rows whose id cannot be known are noted and left out."""
    ids = cells.columns.get("id") or [None] * len(cells.table)
    bases = {row: base for row, given in enumerate(ids) if given is None and (base := base_of(cells, row))}
    wanted = {given for given in ids if given is not None and given is not BAD} | set(bases.values())
    known = {record.incident.id: record for record in records.get_many(sorted(wanted))}
    titles: dict[str, str | None] = {name: record.incident.title for name, record in known.items()}
    for row, given in enumerate(ids):
        if given is not None:
            titles.setdefault(given, cells.value("title", row))
    namer = Namer(titles, known, records)
    names = [namer.name(cells, row, bases[row]) if row in bases else given for row, given in enumerate(ids)]
    return grouped(names, known)


def grouped(names: Iterable[Any], known: Mapping[str, Record]) -> list[Group]:
    """Rows by the names that they have, in order of first appearance; None and BAD are left out."""
    rows_of: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        if name is not None and name is not BAD:
            rows_of.setdefault(name, []).append(row)
    return [Group(name, tuple(rows), known.get(name)) for name, rows in rows_of.items()]


def base_of(cells: Cells, row: int) -> str | None:
    """The id that date and title of a row make; None, and noted, where one of them is missing."""
    day, title = cells.value("date", row), cells.value("title", row)
    precision = cells.value("date_precision", row) or "day"
    if BAD in (day, title, precision):
        return None  # told already
    if day is None or title is None:
        # Told at the one that is missing: an id in its place would leave the incident without it.
        missing = "title" if day is not None else "date" if title is not None else "id"
        cells.refuse(row, missing, "an id, or date and title on the same row to make one from")
        return None
    return make_id(day, precision, title)


class Namer:
    """Gives rows without an id the id that their date and title had before, or the next free one.

    `titles` has the title of every id of the file and of the stored ones among them, `known` the stored
    records; both are filled with what is looked up.
    """

    def __init__(self, titles: dict[str, str | None], known: dict[str, Record], records: Records) -> None:
        self._titles, self._known, self._records = titles, known, records
        self._made: dict[tuple[str, str], str] = {}
        # Of every base: the ids under it by title, and the number up to which they are known.
        self._named: dict[str, dict[str | None, str]] = {}
        self._reached: dict[str, int] = {}

    def name(self, cells: Cells, row: int, base: str) -> str:
        """The id of a row whose date and title make `base`; equal titles share it, others get a number."""
        title = cells.value("title", row)
        if (base, title) not in self._made:
            self._made[base, title] = self._told(cells, row, base, self._free(base, title))
        return self._made[base, title]

    def _free(self, base: str, title: str) -> str:
        """The first of base, base-2, base-3, ... that has this title or is free; each is looked at once."""
        named = self._named.setdefault(base, {})
        while title not in named:
            number = self._reached[base] = self._reached.get(base, 0) + 1
            if number > 1 and number & (number - 1) == 0:
                self._look_up([f"{base}-{each}" for each in range(number, 2 * number)])
            name = base if number == 1 else f"{base}-{number}"
            named.setdefault(self._titles.setdefault(name, title), name)
        return named[title]

    def _told(self, cells: Cells, row: int, base: str, name: str) -> str:
        if name != base:
            cells.warn(row, "id", f"{base} has another title, so the id made for this row is {name}")
        elif name in self._known:
            cells.warn(row, "id", f"no id, but date and title of {name}: taken as that incident")
        return name

    def _look_up(self, names: Sequence[str]) -> None:
        for record in self._records.get_many([name for name in names if name not in self._titles]):
            self._known[record.incident.id] = record
            self._titles[record.incident.id] = record.incident.title
