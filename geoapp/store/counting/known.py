"""The reference data as a process knows them: parsed once, checked against the database on every use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any, Generic, TypeVar

import orjson
from cachetools import LRUCache
from sqlalchemy import Connection, select

from geoapp.errors import NotFound
from geoapp.query import Filters, Vocabulary
from geoapp.reference import Reference, from_dict
from geoapp.store.counting import vocabulary
from geoapp.store.counting.answers import Answers
from geoapp.store.counting.coding import Codes
from geoapp.store.dialect import Dialect
from geoapp.store.names import Names, names_of
from geoapp.store.schema import reference_sets
from geoapp.store.versions import DatasetVersion


@dataclass(frozen=True, slots=True)
class Known:
    """Reference data as stored under a hash, and the names that rows and filters take from them."""

    hash: str
    reference: Reference
    names: Names


@dataclass(frozen=True, slots=True)
class Writing:
    """What every step of a commit needs: the open transaction, the engine's dialect, the reference data."""

    connection: Connection
    dialect: Dialect
    known: Known


# Answers kept per process: a page asks the same few counts again and again between two versions.
KEPT_COUNTS = 256
Counted = TypeVar("Counted")


@dataclass(frozen=True, slots=True)
class Asked(Generic[Counted]):
    """What is to be counted, and of which records.

    `restored` makes an answer about the whole set out of its JSON; without it none is kept for others.
    """

    what: str
    filters: Filters = Filters()
    restored: Callable[[Any], Counted] | None = None


IN_USE: Asked[dict[str, list[str]]] = Asked("in_use", restored=dict)


class Cache:
    """The reference data and the vocabulary that were read last, and counts that hold for this version.

    Counts of the whole data set are also looked for among `answers`, and kept there.
    """

    def __init__(self, answers: Answers | None = None) -> None:
        self._answers = answers
        # Whoever counts anew to compare has no answers, and counts in SQL.
        self.codes = None if answers is None else Codes()
        self._known: Known | None = None
        # By the whole version: after a restore from a backup a number can stand for other content.
        self._vocabulary: tuple[DatasetVersion, Vocabulary] | None = None
        self._counts: LRUCache[tuple[DatasetVersion, str, Filters], Any] = LRUCache(KEPT_COUNTS)
        self._counting = Lock()

    def counted(
        self, connection: Connection, now: DatasetVersion, asked: Asked[Counted], count: Callable[[], Counted]
    ) -> Counted:
        """What `count` gives, asked once per version of the data set and question."""
        filters = asked.filters.without("sortby", "limit", "offset")
        key = (now, asked.what, filters)
        with self._counting:
            if key in self._counts:
                kept: Counted = self._counts[key]
                return kept
        if self._answers is None or asked.restored is None or filters != Filters():
            found = count()
        elif (written := self._answers.read(connection, now, asked.what)) is not None:
            found = asked.restored(written)
        else:
            found = count()
            self._answers.keep(now, asked.what, found)
        with self._counting:
            self._counts[key] = found
        return found

    def get(self, connection: Connection, now: DatasetVersion) -> Known:
        """The reference data of this version; raises NotFound before any are stored."""
        if now.reference_hash is None:
            raise NotFound("reference data", "actors, categories and layers (none are loaded yet)")
        known = self._known
        if known is None or known.hash != now.reference_hash:
            known = self._known = _read(connection, now.reference_hash)
        return known

    def names(self, connection: Connection, now: DatasetVersion) -> Names:
        """The names that the reference data of this version give; none before any are stored."""
        return Names() if now.reference_hash is None else self.get(connection, now).names

    def vocabulary(self, connection: Connection, now: DatasetVersion) -> Vocabulary:
        """The codes that filters accept; read anew once per version of the data set."""
        kept = self._vocabulary
        if kept is None or kept[0] != now:
            known = self.get(connection, now)
            in_use = self.counted(connection, now, IN_USE, partial(self._in_use, connection, now))
            kept = self._vocabulary = (now, vocabulary.of(known.reference, known.names, in_use))
        return kept[1]

    def _in_use(self, connection: Connection, now: DatasetVersion) -> dict[str, list[str]]:
        found = None if self.codes is None else self.codes.in_use(connection, now)
        return vocabulary.in_use(connection) if found is None else found


def _read(connection: Connection, content_hash: str) -> Known:
    asked = select(reference_sets.c.body).where(reference_sets.c.hash == content_hash)
    reference = from_dict(orjson.loads(connection.execute(asked).scalar_one()), content_hash)
    return Known(content_hash, reference, names_of(reference))


def known_as(reference: Reference) -> Known:
    """Reference data that are about to be stored."""
    return Known(reference.hash, reference, names_of(reference))
