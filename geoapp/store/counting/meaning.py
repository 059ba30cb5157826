"""What filters mean in one version of the data set: conditions in SQL, and counts from arrays of codes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqlalchemy import Connection

from geoapp.folding import fold
from geoapp.query import Box, Filters
from geoapp.store import reading
from geoapp.store.counting.coded import Array
from geoapp.store.counting.coding import Codes, Tally
from geoapp.store.counting.known import Asked, Cache
from geoapp.store.dialect import Dialect
from geoapp.store.schema import incidents
from geoapp.store.search import Condition, conditions, order_of, spellings
from geoapp.store.versions import DatasetVersion

# A record that the index of boxes finds is looked up in the table, and costs as much as eighteen that are
# gone past in the narrow copies that other indexes are. Among few it does not matter.
WIDE_SHARE, LEAST_WIDE = 18, 500
_BY_DATE: tuple[set[str], ...] = (set(), {"datetime"}, {"datetime", "bbox"})


class Where:
    """The filters of one question, asked of one connection."""

    def __init__(self, connection: Connection, now: DatasetVersion, known: Cache, dialect: Dialect) -> None:
        self._connection, self._now, self._known, self._dialect = connection, now, known, dialect
        self._names = known.names(connection, now)

    def __call__(self, filters: Filters, *, every_status: bool = False) -> list[Condition]:
        """What a record must meet; see `search.conditions`."""
        return conditions(
            filters,
            self._dialect,
            self._names.resolve,
            every_status=every_status,
            longest=self._longest,
            is_wide=self._is_wide,
        )

    def page(self, filters: Filters, *, more: int = 0) -> list[Condition]:
        """The same for a page alone: those that can stand on it or before it, by their keys.

        `more` are looked at behind its end. Where the arrays do not help, what a record must meet.
        """
        column, descends = order_of(filters.sortby)[0]
        asked = set(filters.narrowing())
        # These go along the index by date, as do all records.
        if filters.limit is None or column is not incidents.c.day_from or asked in _BY_DATE:
            return self(filters)
        number = filters.offset + filters.limit + more
        tally = self.tally()
        keys = None if tally is None else tally.first(filters, number, descends=descends)
        return self(filters) if keys is None else [incidents.c.key.in_(keys.tolist())]

    def tally(self) -> Tally | None:
        """Counts of this version from its arrays; None where there are none."""
        codes = self._known.codes
        if codes is None or (parts := codes.parts(self._connection, self._now)) is None:
            return None
        return Tally(parts, partial(self._keys_of, codes), self._places_of)

    def _longest(self) -> int:
        """How many days the longest incident goes on after its first day."""
        asked = Asked("longest", restored=int)
        return self._known.counted(
            self._connection, self._now, asked, partial(reading.longest, self._connection)
        )

    def _is_wide(self, box: Box) -> bool:
        """Whether going through all records finds those in the box sooner than the index of boxes does."""
        most = max(LEAST_WIDE, self._now.incidents // WIDE_SHARE)
        ask = partial(self._dialect.has_more_in_box, self._connection, box, most)
        return self._known.counted(self._connection, self._now, Asked("wide", Filters(bbox=box)), ask)

    def _keys_of(self, codes: Codes, words: str) -> Array:
        asked = spellings(words)
        found = self._dialect.words_found(*asked) if asked else None
        return codes.keys(self._connection, self._now, words, found)

    def _places_of(self, names: Sequence[str]) -> Sequence[str]:
        return [fold(self._names.resolve(name)) for name in names]
