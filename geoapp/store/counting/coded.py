"""Incidents as arrays of codes: what filters ask of a million of them is then counted in milliseconds.

Rows stand by ascending key. A column of codes holds positions in its list of values; of a link (actor,
party ...) the rows are kept that have it, value by value. What is meant is what `search.conditions` says
in SQL: two words for one rule, which a test holds against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoapp.folding import fold
from geoapp.query import Box, Days, Filters
from geoapp.store.rows import day_number
from geoapp.store.schema import LINK_NAMES
from geoapp.store.search import RETRACTED

Array = NDArray[Any]
NUMBERS: Mapping[str, str] = {
    "key": "<u4",
    "day_from": "<i4",  # days since 1970-01-01
    "day_to": "<i4",
    "longitude": "<f8",  # WGS 84 degrees, NaN without a point
    "latitude": "<f8",
}
# Their codes have the names of the vocabulary.
PLAIN = ("category", "group", "status", "precision", "place", "differs")
FLAGS = ("false", "true")


@dataclass(frozen=True, slots=True)
class Meant:
    """Which incidents are meant: `keys` are those that hold the words; names of `places` are folded."""

    filters: Filters
    places: Collection[str] = ()
    keys: Array | None = None
    every_status: bool = False


@dataclass(frozen=True, slots=True)
class Coded:
    """The arrays by name (`NUMBERS`, `PLAIN`, of each link `<name>.rows` and `<name>.starts`), and values."""

    arrays: Mapping[str, Array]
    values: Mapping[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.arrays["key"])

    def rows_of(self, keys: Array) -> Array:
        """The rows of those keys that are here."""
        own = self.arrays["key"]
        if not len(own):
            return np.empty(0, np.intp)
        at = np.minimum(np.searchsorted(own, keys.astype(own.dtype)), len(own) - 1)
        rows: Array = at[own[at] == keys]
        return rows

    def chosen(self, meant: Meant) -> Array:
        """Whether each row is meant."""
        found = np.ones(len(self), bool)
        for part in self._parts(meant):
            found &= part
        return found

    def tally(self, name: str, rows: Array) -> dict[str, int]:
        """How many of the rows (a mask) have each code of a facet; codes without any are left out."""
        if name == "located":
            with_point = int(np.count_nonzero(rows & self._located()))
            numbers: Any = (int(np.count_nonzero(rows)) - with_point, with_point)
        elif name in LINK_NAMES:
            numbers = self._linked(name, rows)
        else:
            numbers = np.bincount(self.arrays[name][rows], minlength=len(self.values[name])).tolist()
        values = FLAGS if name == "located" else self.values[name]
        return {value: number for value, number in zip(values, numbers, strict=True) if number}

    def spans(self, name: str, rows: Array) -> Iterator[tuple[str, Array, Array]]:
        """For each value of a link, the first and last days of those of the rows (a mask) that have it."""
        linked, starts = self.arrays[f"{name}.rows"], self.arrays[f"{name}.starts"]
        for value, begin, end in zip(self.values[name], starts[:-1], starts[1:], strict=True):
            having = linked[begin:end]
            having = having[rows[having]]
            yield value, self.arrays["day_from"][having], self.arrays["day_to"][having]

    def _linked(self, name: str, rows: Array) -> list[int]:
        linked, starts = self.arrays[f"{name}.rows"], self.arrays[f"{name}.starts"]
        if not len(linked):
            return []
        numbers: list[int] = np.add.reduceat(
            rows[linked].view(np.uint8), starts[:-1], dtype=np.uint32
        ).tolist()
        return numbers

    def _parts(self, meant: Meant) -> Iterator[Array]:
        filters = meant.filters
        if not filters.status and not meant.every_status:
            yield ~self._coded("status", RETRACTED.__eq__)
        if filters.place:
            yield self._coded("place", lambda name: fold(name) in meant.places)
        yield from self._listed(filters)
        yield from self._measured(filters)
        if meant.keys is not None:
            yield self._at(self.rows_of(meant.keys))

    def _listed(self, filters: Filters) -> Iterator[Array]:
        for name in ("category", "group", "status", "precision"):
            if values := getattr(filters, name):
                yield self._coded(name, values.__contains__)
        for name in LINK_NAMES:
            if values := getattr(filters, name):
                yield self._having(name, values)

    def _measured(self, filters: Filters) -> Iterator[Array]:
        if filters.differs is not None:
            yield self._coded("differs", FLAGS[filters.differs].__eq__)
        if filters.located is not None:
            yield self._located() == filters.located
        if filters.datetime is not None:
            yield self._dated(filters.datetime)
        if filters.bbox is not None:
            yield self._boxed(filters.bbox)

    def _coded(self, name: str, wanted: Callable[[str], bool]) -> Array:
        of_code = np.array([wanted(value) for value in self.values[name]], bool)
        found: Array = of_code[self.arrays[name]] if len(of_code) else np.zeros(len(self), bool)
        return found

    def _having(self, name: str, values: Collection[str]) -> Array:
        linked, starts = self.arrays[f"{name}.rows"], self.arrays[f"{name}.starts"]
        found = np.zeros(len(self), bool)
        for code, value in enumerate(self.values[name]):
            if value in values:
                found[linked[starts[code] : starts[code + 1]]] = True
        return found

    def _at(self, rows: Array) -> Array:
        found = np.zeros(len(self), bool)
        found[rows] = True
        return found

    def _located(self) -> Array:
        located: Array = ~np.isnan(self.arrays["longitude"])
        return located

    def _dated(self, days: Days) -> Array:
        first, last = days
        found = np.ones(len(self), bool)
        if first is not None:
            found &= self.arrays["day_to"] >= day_number(first)
        if last is not None:
            found &= self.arrays["day_from"] <= day_number(last)
        return found

    def _boxed(self, box: Box) -> Array:
        west, south, east, north = box
        longitude, latitude = self.arrays["longitude"], self.arrays["latitude"]
        after, before = longitude >= west, longitude <= east
        across: Array = after & before if west <= east else after | before
        found: Array = across & (latitude >= south) & (latitude <= north)
        return found


def narrow(codes: Array, count: int) -> Array:
    """Codes below `count` in as few bytes as they take."""
    kind = "u1" if count <= 1 << 8 else "<u2" if count <= 1 << 16 else "<u4"
    return codes.astype(kind)
