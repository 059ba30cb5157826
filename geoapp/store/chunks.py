"""The map's columns in the database: chunks by date, rewritten only where a batch touched a day.

Each version lists its chunks. A chunk holds all records that begin from `first_day` to `last_day`
(days since 1970-01-01); one day with more records than fit has several parts. The bounds stay when
records come and go, so that a reader who has a chunk keeps it. A commit cuts the rows that go out of
the chunks of the version before and puts those that come in between, without asking the records again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, insert, select, update

from geoapp import columns
from geoapp.columns import ChunkEntry, Codebook, Columns, Mark
from geoapp.errors import NotFound, StoreFailed
from geoapp.incident import Record
from geoapp.reference import Reference
from geoapp.store.names import Names
from geoapp.store.reading import bare_rows
from geoapp.store.rows import day_number
from geoapp.store.schema import chunks, dataset_chunks, incidents

MOST_ROWS = 65_536
# A new chunk leaves room: the next records of its days then do not split it at once.
FILLED_ROWS = 49_152
FIRST_DAY, LAST_DAY = -719_162, 2_932_896  # 0001-01-01 and 9999-12-31: the outer bounds take every date
READ_AT_ONCE = 10_000
_STATUS = 0b11
_RETRACTED = columns.STATUS_CODES.index("retracted")


class Damaged(StoreFailed):
    """A chunk is not what was stored; the records say all that it did."""


class Chunk(NamedTuple):
    """One chunk of a version; days are since 1970-01-01, both inclusive."""

    first_day: int
    part: int
    last_day: int
    hash: str
    rows: int

    @property
    def entry(self) -> ChunkEntry:
        """The chunk as the manifest names it."""
        return ChunkEntry(self.hash, self.rows, self.first_day, self.last_day)


@dataclass(slots=True)
class Counts:
    """Incidents that are not retracted, those of them with a point, retracted ones, and the first by day."""

    incidents: int = 0
    located: int = 0
    retracted: int = 0
    days: Counter[int] = field(default_factory=Counter)

    @classmethod
    def of(cls, manifest: dict[str, Any]) -> Counts:
        """What a manifest says."""
        return cls(**manifest["totals"], days=Counter(dict(manifest["days"])))

    @property
    def totals(self) -> dict[str, int]:
        """The numbers, by name."""
        return {"incidents": self.incidents, "located": self.located, "retracted": self.retracted}

    def count(self, found: Columns, sign: int) -> None:
        """Add (sign 1) or take away (sign -1) rows."""
        shown = columns.chosen(found, (found["flags"] & _STATUS) != _RETRACTED)
        self.incidents += sign * len(shown["key"])
        self.located += sign * int(np.count_nonzero(shown["lon"] != columns.NO_POINT))
        self.retracted += sign * (len(found["key"]) - len(shown["key"]))
        days, numbers = np.unique(shown["day"], return_counts=True)
        for day, number in zip(days.tolist(), numbers.tolist(), strict=True):
            self.days[day] += sign * number
            if not self.days[day]:
                del self.days[day]


@dataclass(slots=True)
class Marks:
    """What a commit changes on the map: rows that come, and rows that go by key and first day."""

    book: Codebook
    _come: list[Columns] = field(default_factory=list)
    _gone: list[tuple[int, int]] = field(default_factory=list)

    def come(self, found: Sequence[Mark]) -> None:
        """Take rows in."""
        self.book = self.book.with_places(mark.place for mark in found)
        self._come.append(columns.columns_of(found, self.book))

    def go(self, records: Iterable[Record]) -> None:
        """Take rows out."""
        self._gone += [(record.key, day_number(record.incident.interval.first)) for record in records]

    def sorted(self) -> tuple[Columns, NDArray[Any], NDArray[Any]]:
        """The rows that come, by day and key, and keys and days of those that go, by day."""
        gone = np.array(self._gone, dtype=np.int64).reshape(-1, 2)
        gone = gone[np.argsort(gone[:, 1])]
        return _in_order(columns.joined(self._come)), gone[:, 0], gone[:, 1]


def mark_of(record: Record, names: Names) -> Mark:
    """What the map knows of a record."""
    incident, joined, days = record.incident, record.joined, record.incident.interval
    return Mark(
        key=record.key,
        longitude=joined.longitude,
        latitude=joined.latitude,
        day_from=day_number(days.first),
        day_to=day_number(days.last),
        place=names.english.get(joined.place_id or "", incident.place),
        radius_m=joined.location_radius_m,
        areas=joined.areas,
        category=incident.category,
        parties=joined.parties,
        status=incident.status,
        location_precision=incident.location_precision,
        date_precision=incident.date_precision,
        differs=joined.differs,
        placed_by_description=joined.placed_by_description,
    )


def all_places(connection: Connection, reference: Reference) -> Codebook:
    """The lists that codes are positions in, for chunks that are all written anew."""
    asked = select(incidents.c.place_name).distinct().order_by(incidents.c.place_name)
    return Codebook.of(reference, connection.execute(asked).scalars())


def build(connection: Connection, number: int, book: Codebook) -> tuple[list[Chunk], Counts]:
    """Write all chunks of a version anew from the records, and count them."""
    counts = Counts()
    found = _in_order(columns.joined([columns.columns_from(some, book) for some in _stored(connection)]))
    counts.count(found, 1)
    written = list(_write(connection, found, (FIRST_DAY, LAST_DAY), FILLED_ROWS))
    _list(connection, number, written)
    return written, counts


def rebuild(connection: Connection, number: int, marks: Marks, counts: Counts) -> list[Chunk]:
    """List the chunks of a version, writing those whose days were touched; `counts` follow.

    Raises Damaged when one of those is not what was stored.
    """
    come, gone, gone_days = marks.sorted()
    written: list[Chunk] = []
    for (first, last), parts in groupby(_listed(connection, number - 1), key=_bounds):
        more = columns.chosen(come, _within(come["day"], first, last))
        less = gone[_within(gone_days, first, last)]
        if not (len(more["key"]) or len(less)):
            written += parts
            continue
        kept = columns.joined([_decoded(connection, part.hash) for part in parts])
        leaves = np.isin(kept["key"], less)
        counts.count(columns.chosen(kept, leaves), -1)
        counts.count(more, 1)
        rows = _in_order(columns.joined([columns.chosen(kept, ~leaves), more]))
        written += _write(connection, rows, (first, last), MOST_ROWS)
    _list(connection, number, written)
    return written


def _bounds(chunk: Chunk) -> tuple[int, int]:
    return chunk.first_day, chunk.last_day


def _within(days: NDArray[Any], first: int, last: int) -> slice:
    """The rows of ascending days from `first` to `last`."""
    return slice(*np.searchsorted(days, [first, last + 1]).tolist())


def _in_order(found: Columns) -> Columns:
    # As one number, and by what stands in order already: a commit puts a few rows among many.
    order = (found["day"].astype(np.int64) << 32) | found["key"]
    return columns.chosen(found, np.argsort(order, kind="stable"))


def _decoded(connection: Connection, name: str) -> Columns:
    return columns.decode(columns.expand(read(connection, name)))


def _listed(connection: Connection, number: int) -> list[Chunk]:
    asked = (
        select(*(dataset_chunks.c[name] for name in Chunk._fields))
        .where(dataset_chunks.c.number == number)
        .order_by(dataset_chunks.c.first_day, dataset_chunks.c.part)
    )
    return [Chunk(*row) for row in connection.execute(asked)]


def _list(connection: Connection, number: int, written: Sequence[Chunk]) -> None:
    connection.execute(insert(dataset_chunks), [{"number": number, **each._asdict()} for each in written])


def _write(connection: Connection, rows: Columns, bounds: tuple[int, int], most: int) -> Iterator[Chunk]:
    """Chunks of rows by day, which together cover the bounds without a gap."""
    first, last = bounds
    count = len(rows["key"])
    runs = list(_runs(rows["day"], most if count <= most else FILLED_ROWS)) or [(0, 0)]
    for position, (begin, end) in enumerate(runs):
        from_day = first if position == 0 else int(rows["day"][begin])
        to_day = last if position == len(runs) - 1 else int(rows["day"][end]) - 1
        for part, at in enumerate(range(begin, max(end, begin + 1), MOST_ROWS)):
            some = columns.chosen(rows, slice(at, min(at + MOST_ROWS, end)))
            name = _store(connection, columns.compress(columns.pack(some)))
            yield Chunk(from_day, part, to_day, name, len(some["key"]))


def _runs(days: NDArray[Any], most: int) -> Iterator[tuple[int, int]]:
    """Runs (begin, end) of whole days with at most `most` rows; a day that has more is a run of its own."""
    begin = 0
    while begin < len(days):
        end = len(days)
        if end - begin > most:
            # The day at the limit begins the next run, unless it alone fills this one.
            end = int(np.searchsorted(days, days[begin + most], side="left"))
            if end == begin:
                end = int(np.searchsorted(days, days[begin], side="right"))
        yield begin, end
        begin = end


_MARKED = {
    "key": incidents.c.key,
    "longitude": incidents.c.joined_longitude,
    "latitude": incidents.c.joined_latitude,
    "day_from": incidents.c.day_from,
    "day_to": incidents.c.day_to,
    "place": incidents.c.place_name,
    "radius_m": incidents.c.joined_location_radius_m,
    "areas": incidents.c.joined_areas,
    "category": incidents.c.category,
    "parties": incidents.c.joined_parties,
    "status": incidents.c.status,
    "location_precision": incidents.c.location_precision,
    "date_precision": incidents.c.date_precision,
    "differs": incidents.c.joined_differs,
    "placed_by_description": incidents.c.joined_placed_by_description,
}


def _stored(connection: Connection) -> Iterator[dict[str, Sequence[Any]]]:
    """The fields of `Mark` of all records, many rows at a time: no object for each."""
    asked = select(*(_MARKED[name].label(name) for name in Mark._fields))
    found = connection.execute(asked.execution_options(yield_per=READ_AT_ONCE))
    for rows in bare_rows(found, READ_AT_ONCE):
        by = dict(zip(Mark._fields, zip(*rows, strict=True), strict=True))
        yield by | {name: [_codes(text) for text in by[name]] for name in ("areas", "parties")}


@lru_cache(maxsize=1024)
def _codes(text: str) -> tuple[str, ...]:
    # Few combinations occur, each of them on thousands of records.
    return tuple(orjson.loads(text))


def _store(connection: Connection, content: bytes) -> str:
    name, row = _name(content), chunks.c.hash
    stored = connection.execute(select(chunks.c.content).where(row == name)).scalar_one_or_none()
    if stored is None:
        connection.execute(insert(chunks).values(hash=name, content=content))
    elif bytes(stored) != content:
        # Damaged since: what is made anew takes its place.
        connection.execute(update(chunks).where(row == name).values(content=content))
    return name


def _name(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def drop_unused(connection: Connection) -> None:
    """Delete the chunks that no version lists any more."""
    connection.execute(delete(chunks).where(chunks.c.hash.not_in(select(dataset_chunks.c.hash))))


def are_damaged(connection: Connection, number: int) -> bool:
    """Whether a chunk of this version is not what was stored."""
    try:
        for each in _listed(connection, number):
            read(connection, each.hash)
    except Damaged:
        return True
    return False


def read(connection: Connection, name: str) -> bytes:
    """A chunk's bytes (brotli); raises NotFound, and Damaged when they are not what was stored."""
    content = connection.execute(select(chunks.c.content).where(chunks.c.hash == name)).scalar_one_or_none()
    if content is None:
        raise NotFound("chunk", name)
    if _name(content) != name:
        # Caches would keep it for ever under an address that promises what it holds.
        raise Damaged(f"chunk {name} of the map is damaged (geoapp check says how to mend it)")
    return bytes(content)
