"""Where the arrays of codes come from: kept in the database for one version; what changed since is read.

A commit writes nothing of it. Whoever counts takes the arrays of the version that has them and reads the
records that later batches touched; `lay` writes them anew before those get many. They go when a version is
made whole: a redaction may not leave a value in them, and other reference data rename what they hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import orjson
from cachetools import LRUCache
from sqlalchemy import Connection, Select, case, delete, insert, select

from geoapp.query import Box, Filters
from geoapp.store import versions
from geoapp.store.counting.coded import FLAGS, NUMBERS, PLAIN, Array, Coded, Meant, narrow
from geoapp.store.dialect.base import KEYS_AT_ONCE
from geoapp.store.engine import Database
from geoapp.store.reading import bare_rows
from geoapp.store.schema import (
    LINK_NAMES,
    coded_incidents,
    dataset_versions,
    incident_links,
    incidents,
    record_versions,
)
from geoapp.store.search import COLUMN_OF
from geoapp.store.versions import DatasetVersion

# Below so many incidents SQL counts as fast.
LEAST_INCIDENTS = 10_000
# Records that changed since are read by their keys in one question; arrays are written anew before that.
MOST_CHANGED = KEYS_AT_ONCE
ANEW_FROM = MOST_CHANGED // 2
READ_AT_ONCE = 20_000
MOST_NAMED = 2_000
KEPT_WORDS = 16
# To be raised when the arrays mean something else: those of an earlier program are then passed over.
FORM = 1
_VALUES = "values"
# As `NUMBERS` and `PLAIN` name them.
_NUMBERS = [
    incidents.c[name] for name in ("key", "day_from", "day_to", "joined_longitude", "joined_latitude")
]
_CODED = [
    *(COLUMN_OF[name] for name in PLAIN[:-1]),
    case((incidents.c.joined_differs.is_(True), FLAGS[True]), else_=FLAGS[False]),
]


class Base(NamedTuple):
    """Arrays as they were laid down, with the version they are of."""

    number: int
    content_hash: str
    coded: Coded


@dataclass(frozen=True, slots=True)
class Part:
    """Arrays, and which of their rows still stand (None: all)."""

    coded: Coded
    stands: Array | None = None

    def chosen(self, meant: Meant) -> Array:
        """The rows that are meant, as a mask."""
        found = self.coded.chosen(meant)
        return found if self.stands is None else found & self.stands


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one version of the data set; `keys_of` finds what holds words, `places_of` folds names."""

    parts: Sequence[Part]
    keys_of: Callable[[str], Array]
    places_of: Callable[[Sequence[str]], Sequence[str]]

    def counts(self, filters: Filters, names: Iterable[str]) -> dict[str, Counter[str]]:
        """For each facet how many of the records that are meant have each code; retracted ones by status."""
        found: dict[str, Counter[str]] = {}
        chosen = {}
        for name in names:
            every = name == "status"
            if every not in chosen:
                chosen[every] = self._chosen(filters, every_status=every)
            found[name] = Counter()
            for part, rows in zip(self.parts, chosen[every], strict=True):
                found[name].update(part.coded.tally(name, rows))
        return found

    def count(self, filters: Filters) -> int:
        """How many records are meant."""
        return sum(int(np.count_nonzero(rows)) for rows in self._chosen(filters))

    def days(self, filters: Filters) -> dict[int, int]:
        """How many of them begin on each day (since 1970-01-01), by day."""
        found: Counter[int] = Counter()
        for part, rows in zip(self.parts, self._chosen(filters), strict=True):
            days, numbers = np.unique(part.coded.arrays["day_from"][rows], return_counts=True)
            found.update(dict(zip(days.tolist(), numbers.tolist(), strict=True)))
        return dict(sorted(found.items()))

    def extent(self) -> tuple[Box | None, tuple[int, int] | None]:
        """Box of all records (WGS 84 degrees), and first and last day covered (since 1970-01-01)."""
        chosen = list(zip(self.parts, self._chosen(Filters()), strict=True))
        longitude, latitude, first, last = (
            np.concatenate([part.coded.arrays[name][rows] for part, rows in chosen])
            for name in ("longitude", "latitude", "day_from", "day_to")
        )
        located = ~np.isnan(longitude)
        x, y = longitude[located], latitude[located]
        box = (float(x.min()), float(y.min()), float(x.max()), float(y.max())) if len(x) else None
        return box, (int(first.min()), int(last.max())) if len(first) else None

    def spans(self, name: str) -> Iterator[tuple[str, Array, Array]]:
        """First and last days (since 1970-01-01) of all records that have a value of a link, by value.

        A value comes again for what changed since the arrays were laid.
        """
        for part, rows in zip(self.parts, self._chosen(Filters()), strict=True):
            yield from part.coded.spans(name, rows)

    def first(self, filters: Filters, number: int, *, descends: bool) -> Array | None:
        """Keys of the first by day that are meant: at least so many, where there are, and whole days.

        None where these are more than a question may name.
        """
        keys, days = list[Array](), list[Array]()
        for part, rows in zip(self.parts, self._chosen(filters), strict=True):
            keys.append(part.coded.arrays["key"][rows])
            days.append(part.coded.arrays["day_from"][rows])
        key, day = np.concatenate(keys), np.concatenate(days)
        if 0 < number < len(day):
            at = len(day) - number if descends else number - 1
            last = np.partition(day, at)[at]
            key = key[day >= last if descends else day <= last]
        return key if len(key) <= MOST_NAMED else None

    def _chosen(self, filters: Filters, *, every_status: bool = False) -> list[Array]:
        keys = None if filters.q is None else self.keys_of(filters.q)
        meant = Meant(filters, self.places_of(filters.place), keys, every_status)
        return [part.chosen(meant) for part in self.parts]


class Codes:
    """What one process has of them in memory; any thread may ask."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._base: Base | None = None
        self._parts: tuple[DatasetVersion, Sequence[Part]] | None = None
        self._words: LRUCache[tuple[DatasetVersion, str], Array] = LRUCache(KEPT_WORDS)

    def parts(self, connection: Connection, now: DatasetVersion) -> Sequence[Part] | None:
        """The arrays of this version; None where there are none, or too much changed since."""
        if now.incidents < LEAST_INCIDENTS:
            return None
        with self._lock:
            if self._parts is None or self._parts[0] != now:
                found = self._read(connection, now)
                if found is None:
                    return None
                self._parts = now, found
            return self._parts[1]

    def in_use(self, connection: Connection, now: DatasetVersion) -> dict[str, list[str]] | None:
        """What `vocabulary.in_use` gives; None where there are no arrays."""
        parts = self.parts(connection, now)
        if parts is None:
            return None
        every = Meant(Filters(), every_status=True)
        chosen = [(part.coded, part.chosen(every)) for part in parts]
        return {
            name: sorted({code for coded, rows in chosen for code in coded.tally(name, rows)})
            for name in ("publisher", "language", "place")
        }

    def keys(
        self, connection: Connection, now: DatasetVersion, words: str, asked: Select[Any] | None
    ) -> Array:
        """The keys that a question for these words finds (None: none), asked once."""
        with self._lock:
            known = self._words.get((now, words))
        if known is None:
            # Not as a stream: PostgreSQL puts all of its processes to work only where it gives all at once.
            rows = () if asked is None else bare_rows(connection.execute(asked), READ_AT_ONCE)
            known = np.fromiter(chain.from_iterable(chain.from_iterable(rows)), "<u4")
            with self._lock:
                self._words[now, words] = known
        return known

    def lay(self, database: Database) -> None:
        """Write the arrays of the current version where they are missing or far behind.

        A million incidents take 20 s of processor time. Raises StoreFailed.
        """
        with database.reading() as connection:
            now = versions.current(connection)
            if now.incidents < LEAST_INCIDENTS or _is_near(connection, now):
                return
            made = read(connection)
        with database.writing() as connection:
            # Of another version by now: the next look finds that one.
            if versions.current(connection) == now and not _is_near(connection, now):
                _write(connection, now, made)

    def _read(self, connection: Connection, now: DatasetVersion) -> Sequence[Part] | None:
        changed = _changed(connection, now)
        if changed is None or len(changed) > MOST_CHANGED:
            return None
        base = self._base = _laid(connection, self._base)
        if base is None or not changed:
            return None if base is None else [Part(base.coded)]
        stands = np.ones(len(base.coded), bool)
        stands[base.coded.rows_of(np.array(changed))] = False
        return [Part(base.coded, stands), Part(read(connection, changed))]


def _is_near(connection: Connection, now: DatasetVersion) -> bool:
    changed = _changed(connection, now)
    return changed is not None and len(changed) < ANEW_FROM


def _changed(connection: Connection, now: DatasetVersion) -> list[int] | None:
    """Keys of the records that batches touched since the arrays were laid; None where none fit."""
    laid, made = coded_incidents.c, dataset_versions.c
    same = (made.number == laid.number) & (made.content_hash == laid.content_hash)
    asked = select(made.batch).join(coded_incidents, same).where(made.reference_hash == now.reference_hash)
    batch = connection.execute(asked.where(laid.name == _named(_VALUES))).scalar()
    if batch is None:
        return None
    known = record_versions.c
    # In the order of the index by batch: asked for each key once, SQLite goes through every version of all.
    touched = select(known.key).where(known.batch > batch).order_by(known.batch.desc())
    found = list(connection.execute(touched.limit(MOST_CHANGED + 1)).scalars())
    return found if len(found) > MOST_CHANGED else list(dict.fromkeys(found))


def _laid(connection: Connection, held: Base | None) -> Base | None:
    """The arrays in the database; those that are held already are not read again."""
    laid = coded_incidents.c
    row = connection.execute(
        select(laid.number, laid.content_hash, laid.body).where(laid.name == _named(_VALUES))
    ).first()
    if row is None:
        return None
    if held is not None and held[:2] == (row.number, row.content_hash):
        return held
    listed = orjson.loads(row.body)
    values = {name: tuple(values) for name, values in listed["values"].items()}
    asked = select(laid.name, laid.body).where(laid.number == row.number)
    bodies = {row.name: row.body for row in connection.execute(asked)}
    arrays = {name: np.frombuffer(bodies[_named(name)], kind) for name, kind in listed["kinds"].items()}
    return Base(row.number, row.content_hash, Coded(arrays, values))


def _write(connection: Connection, now: DatasetVersion, made: Coded) -> None:
    connection.execute(delete(coded_incidents))
    kinds = {name: array.dtype.str for name, array in made.arrays.items()}
    bodies = {name: array.tobytes() for name, array in made.arrays.items()}
    bodies[_VALUES] = orjson.dumps({"kinds": kinds, "values": made.values})
    for name, body in bodies.items():
        row = {"name": _named(name), "number": now.number, "content_hash": now.content_hash, "body": body}
        connection.execute(insert(coded_incidents).values(row))


def _named(name: str) -> str:
    return f"{name} {FORM}"


def read(connection: Connection, among: Sequence[int] | None = None) -> Coded:
    """The arrays of all incidents, or of those with these keys, out of their rows."""
    arrays, values = _columns(connection, among)
    links = incident_links.c
    for name in LINK_NAMES:
        asked = select(links.value, links.incident_key).where(links.name == name)
        if among is not None:
            asked = asked.where(links.incident_key.in_(among))
        codes, keys = _Coder(), list[Array]()
        for some, others in _read(connection, asked):
            codes.take(some)
            keys.append(np.array(others, "<u4"))
        code, values[name] = codes.done()
        order = np.argsort(code, kind="stable")
        ends = np.cumsum(np.bincount(code, minlength=len(values[name])))
        rows = np.searchsorted(arrays["key"], _joined(keys, "<u4")[order])
        arrays[f"{name}.rows"] = rows.astype("<u4")
        arrays[f"{name}.starts"] = np.concatenate([[0], ends]).astype("<u4")
    return Coded(arrays, values)


def _columns(
    connection: Connection, among: Sequence[int] | None
) -> tuple[dict[str, Array], dict[str, tuple[str, ...]]]:
    asked = select(*_NUMBERS, *_CODED)
    if among is not None:
        asked = asked.where(incidents.c.key.in_(among))
    numbers: list[list[Array]] = [[] for _ in NUMBERS]
    coders = [_Coder() for _ in PLAIN]
    for columns in _read(connection, asked):
        for parts, kind, column in zip(numbers, NUMBERS.values(), columns, strict=False):
            parts.append(np.array(column, kind))
        for coder, column in zip(coders, columns[len(NUMBERS) :], strict=True):
            coder.take(column)
    arrays = {name: _joined(parts, NUMBERS[name]) for name, parts in zip(NUMBERS, numbers, strict=True)}
    values: dict[str, tuple[str, ...]] = {}
    for name, coder in zip(PLAIN, coders, strict=True):
        arrays[name], values[name] = coder.done()
    order = np.argsort(arrays["key"])
    return {name: array[order] for name, array in arrays.items()}, values


def _read(connection: Connection, asked: Select[Any]) -> Iterator[list[Sequence[Any]]]:
    """The columns of what is asked, many rows at a time."""
    found = connection.execute(asked.execution_options(yield_per=READ_AT_ONCE))
    for rows in bare_rows(found, READ_AT_ONCE):
        yield list(zip(*rows, strict=True))


def _joined(parts: Sequence[Array], kind: str) -> Array:
    return np.concatenate(parts) if parts else np.empty(0, kind)


class _Coder:
    """Positions in a list of values that grows as they come."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._codes: list[Array] = []

    def take(self, values: Sequence[str]) -> None:
        """Code some more."""
        for value in dict.fromkeys(values):
            self._known.setdefault(value, len(self._known))
        self._codes.append(np.array([self._known[value] for value in values], "<u4"))

    def done(self) -> tuple[Array, tuple[str, ...]]:
        """All codes in as few bytes as they take, and the values."""
        return narrow(_joined(self._codes, "<u4"), len(self._known)), tuple(self._known)
