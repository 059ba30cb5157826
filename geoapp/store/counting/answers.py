"""Answers about the whole data set, kept beside it: at a million incidents a process would count for seconds.

They follow from the content alone, so that a row is known by the content hash: what an undo brings back it
finds again, and what a restored backup holds under the same number is never taken for it.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from geoapp.errors import GeoappError
from geoapp.store import versions
from geoapp.store.engine import Database
from geoapp.store.schema import whole_answers
from geoapp.store.versions import DatasetVersion

# Below so many incidents counting takes less than a tenth of a second, and nothing is worth keeping.
LEAST_INCIDENTS = 10_000
# To be raised when an answer is made or written otherwise: what an earlier program kept is then passed over.
FORM = 1


class Answers:
    """The answers kept in one database; any thread may ask."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._adding, self._writing = threading.Lock(), threading.Lock()
        self._waiting: dict[str, tuple[DatasetVersion, bytes]] = {}
        self._threads: set[threading.Thread] = set()

    def read(self, connection: Connection, now: DatasetVersion, what: str) -> Any:
        """The kept answer as JSON gives it; None where there is none."""
        if now.incidents < LEAST_INCIDENTS:
            return None
        kept = whole_answers.c
        asked = select(kept.body).where(kept.content_hash == now.content_hash, kept.what == _named(what))
        body = connection.execute(asked).scalar()
        with suppress(orjson.JSONDecodeError):
            return None if body is None else orjson.loads(body)
        return None

    def keep(self, now: DatasetVersion, what: str, answer: object) -> None:
        """Write an answer in a thread beside: nobody waits for a writer, and nobody hears when it fails."""
        if now.incidents < LEAST_INCIDENTS:
            return
        body = orjson.dumps(answer, option=orjson.OPT_NON_STR_KEYS)
        beside = threading.Thread(target=self._write, name="counts", daemon=True)
        with self._adding, suppress(RuntimeError):  # no thread can be had: it is counted again
            self._waiting[what] = now, body
            self._threads = {each for each in self._threads if each.is_alive()} | {beside}
            beside.start()

    def wait(self) -> None:
        """Until nothing is being written any more."""
        with self._adding:
            begun = list(self._threads)
        for thread in begun:
            with suppress(RuntimeError):  # it never started
                thread.join()

    def _write(self) -> None:
        with self._writing:
            with self._adding:
                taken, self._waiting = self._waiting, {}
            if not taken:
                return
            with suppress(GeoappError, SQLAlchemyError), self._database.writing() as connection:
                current = versions.current(connection).content_hash
                for what, (version, body) in taken.items():
                    # Of content that is gone nothing may stay: it may hold what was redacted since.
                    if version.content_hash == current:
                        _put(connection, current, what, body)


def _named(what: str) -> str:
    return f"{what} {FORM}"


def _put(connection: Connection, content_hash: str, what: str, body: bytes) -> None:
    kept = whole_answers.c
    same = (kept.content_hash == content_hash) & (kept.what == _named(what))
    connection.execute(delete(whole_answers).where(same))
    row = {"content_hash": content_hash, "what": _named(what), "body": body}
    connection.execute(insert(whole_answers).values(row))
