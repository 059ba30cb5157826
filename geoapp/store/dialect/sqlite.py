"""SQLite: what it does in its own way."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import Any, cast

from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    URL,
    Boolean,
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    Text,
    column,
    event,
    func,
    select,
    table,
    text,
)
from sqlalchemy.engine.interfaces import DBAPIConnection

from geoapp.errors import SettingRefused, StoreFailed
from geoapp.query import Box
from geoapp.store.dialect import base, sqlite_functions
from geoapp.store.schema import incidents

# As much as SQLite maps at most; memory that is the system's to take back, not the process's own.
MAPPED_BYTES = 2**31 - 2**16
STEPS_BETWEEN_LOOKS = 50_000
VALUES_AT_ONCE = 16_000  # in one statement, of the 32,766 that are allowed
# Of a new file. Records are of several kB: with the usual 4,096 a large import writes four times as often.
PAGE_BYTES = 16_384
# For each None that it binds, the driver looks for a way to adapt it. One that gives it back, found at once,
# takes a third of finding none; most cells of a report are blank.
_nothing: Mapping[None, None] = {}
sqlite3.register_adapter(type(None), _nothing.get)

_WORDS = table("incident_words", column("rowid"), column("words"))
_BOXES = table(
    "incident_boxes",
    *map(column, ("key", "west", "east", "south", "north")),
)


class SQLite:
    """SQLite 3.40 or newer: WAL, FTS5, R*Tree."""

    links_in_order = True

    def checked(self, url: URL) -> URL:
        """A file on this machine; raises SettingRefused."""
        if url.database in (None, "", ":memory:"):
            raise SettingRefused(
                "GEOAPP_DATABASE_URL: expected the address of a SQLite file, such as sqlite:///file.sqlite3"
            )
        return url

    def must_exist(self, url: URL) -> None:
        """Raise StoreFailed when the file is not there: SQLite would make an empty one."""
        if not Path(url.database or "").is_file():
            raise StoreFailed(f"there is no database at {url.database}")

    def options(self) -> Mapping[str, Any]:
        """Nothing."""
        return {}

    def prepare(self, engine: Engine, *, read_only: bool) -> None:
        """Foreign keys, WAL, busy timeout; transactions are begun by us, not by the driver."""

        def connect(connection: DBAPIConnection, _: object) -> None:
            # The driver would begin only before the first INSERT: reads of one method could then
            # see two versions of the data set.
            connection.isolation_level = None
            sqlite_functions.offer(connection)
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout = {base.BUSY_TIMEOUT_S * 1000}")
            cursor.execute("PRAGMA foreign_keys = ON")
            # Before the size of the cache, which is counted in pages of the size known by then.
            cursor.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            # 40 MB: what a stream of a file larger than what is mapped may take for itself.
            cursor.execute("PRAGMA cache_size = -40960")
            cursor.execute("PRAGMA temp_store = MEMORY")
            if read_only:
                cursor.execute("PRAGMA query_only = ON")
            else:
                cursor.execute("PRAGMA journal_mode = WAL")
                cursor.execute("PRAGMA synchronous = NORMAL")
            cursor.close()

        def begin(connection: Connection) -> None:
            writing = connection.get_execution_options().get("writing", False)
            _map(connection, 0 if writing else MAPPED_BYTES)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

        event.listen(engine, "connect", connect)
        event.listen(engine, "begin", begin)

    def bound(self, connection: Connection, seconds: int) -> None:
        """By the clock, looked at every so many steps of SQLite's machine; a step takes far below 1 us."""
        own = cast(sqlite3.Connection, connection.connection.driver_connection)
        end = monotonic() + seconds
        own.set_progress_handler(lambda: monotonic() > end, STEPS_BETWEEN_LOOKS)

    def unbound(self, connection: Connection) -> None:
        """Without a handler nothing is looked at."""
        cast(sqlite3.Connection, connection.connection.driver_connection).set_progress_handler(None, 0)

    def begin_writing(self, connection: Connection) -> None:
        """BEGIN IMMEDIATE: takes the write lock at once, so that the base version stays checked."""
        connection.execution_options(writing=True).begin()

    def create_indexes(self, connection: Connection) -> None:
        """An ordinary FTS5 table (`contentless_delete` needs 3.43) and an R*Tree."""
        connection.execute(
            text(
                "CREATE VIRTUAL TABLE incident_words USING fts5"
                '(words, tokenize = "unicode61 remove_diacritics 0")'
            )
        )
        connection.execute(
            text("CREATE VIRTUAL TABLE incident_boxes USING rtree(key, west, east, south, north)")
        )

    def settle(self, connection: Connection) -> None:
        """Nothing: the declared layout is made for SQLite."""

    def learn(self, connection: Connection) -> None:
        """Nothing: the order of the columns in the indexes says enough."""

    def count_on(self, connection: Connection) -> None:
        """Nothing: the next number is always one more than the highest."""

    def insert(
        self, connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """Tuples go to the driver as they are: naming every value again costs more than the insert."""
        _insert(connection, table.name, columns, rows)

    def push(self, url: URL) -> None:
        """The log, which a checkpoint begins with; SQLite has no locks on it that closing it could drop."""
        with suppress(OSError), Path(f"{url.database}-wal").open("rb") as log:
            os.fsync(log.fileno())

    def index(
        self,
        connection: Connection,
        rows: Sequence[tuple[int, str, float | None, float | None]],
    ) -> None:
        """Rows must come by ascending key: FTS5 writes its buffer out whenever a key goes back."""
        words = [(key, folded) for key, folded, _, _ in rows]
        boxes = [(key, lon, lon, lat, lat) for key, _, lon, lat in rows if lon is not None]
        _insert(connection, "incident_words", ("rowid", "words"), words)
        _insert(connection, "incident_boxes", ("key", "west", "east", "south", "north"), boxes)

    def unindex(self, connection: Connection, keys: Iterable[int]) -> None:
        """Delete from both virtual tables."""
        listed = [(key,) for key in keys]
        if listed:
            connection.exec_driver_sql("DELETE FROM incident_words WHERE rowid = ?", listed)
            connection.exec_driver_sql("DELETE FROM incident_boxes WHERE key = ?", listed)

    def forget(self, connection: Connection) -> None:
        """Delete all rows of both virtual tables."""
        connection.exec_driver_sql("DELETE FROM incident_words")
        connection.exec_driver_sql("DELETE FROM incident_boxes")

    def save(self, engine: Engine, file: Path) -> bool:
        """By SQLite's online backup: one state of the database, whoever writes to it meanwhile."""
        pooled = engine.raw_connection()
        try:
            own = cast(sqlite3.Connection, pooled.driver_connection)
            with closing(sqlite3.connect(file)) as target:
                own.backup(target)
        except sqlite3.Error as error:
            raise StoreFailed(f"the database cannot be copied: {error}") from error
        finally:
            pooled.close()
        return True

    def faults(self, connection: Connection) -> list[str]:
        """The check of pages and indexes, and rows that refer to rows that are not there."""
        found = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        told = [f"{len(orphans):,} rows refer to rows that are not there"] if orphans else []
        return [each for each in found if each != "ok"] + told

    def told(self, connection: Connection) -> str:
        """The version of the library."""
        return f"SQLite {sqlite3.sqlite_version}"

    def leave_no_trace(self, connection: Connection) -> None:
        """Zeros over what is deleted from here on."""
        connection.exec_driver_sql("PRAGMA secure_delete = ON")

    def clean(self, engine: Engine) -> None:
        """VACUUM, which writes all pages anew, and an empty log; it takes as much disk again meanwhile."""
        pooled = engine.raw_connection()
        try:
            cursor = pooled.cursor()
            # The copy is as large as the database, which memory need not hold.
            cursor.execute("PRAGMA temp_store = FILE")
            cursor.execute("PRAGMA secure_delete = ON")
            # The text index keeps the words of deleted rows until its parts are merged.
            cursor.execute("INSERT INTO incident_words (incident_words) VALUES ('optimize')")
            cursor.execute("VACUUM")
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            raise StoreFailed(base.UNCLEAN.format(error)) from error
        finally:
            # The next user of the pool gets a connection with the usual settings.
            pooled.invalidate()
        if busy:
            raise StoreFailed(base.UNCLEAN.format("another process is reading"))

    def words_found(self, *spellings: Sequence[str]) -> Select[tuple[int]]:
        """Quoted tokens only: what a reader types is never read as FTS5 syntax."""
        asked = " OR ".join(f"({_quoted(tokens)}*)" for tokens in spellings)
        return select(_WORDS.c.rowid).where(text("incident_words MATCH :asked").bindparams(asked=asked))

    def in_box(self, box: Box) -> ColumnElement[bool]:
        """R*Tree numbers have 32 bits and are rounded outward, so this finds a superset."""
        return incidents.c.key.in_(_in_box(box))

    def has_more_in_box(self, connection: Connection, box: Box, most: int) -> bool:
        """Counts no further than that; the planner knows nothing of an R*Tree."""
        some = _in_box(box).limit(most + 1).subquery()
        return connection.execute(select(func.count()).select_from(some)).scalar_one() > most

    def like(self, text: ColumnElement[Any], pattern: str) -> ColumnElement[bool]:
        """By GLOB: LIKE passes over the case of Latin letters here, and of no others."""
        return text.op("GLOB", is_comparison=True)(sqlite_functions.glob_of(pattern))

    def without_case(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        """By a function of ours: SQLite's own `lower` knows ASCII alone."""
        return func.geoapp_without_case(text, type_=Text)

    def without_accents(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        """By a function of ours; SQLite has none."""
        return func.geoapp_without_accents(text, type_=Text)

    def relates(
        self,
        relation: str,
        longitude: ColumnElement[Any],
        latitude: ColumnElement[Any],
        shape: BaseGeometry,
    ) -> ColumnElement[bool]:
        """By GEOS, called for each row that is left."""
        found = func.geoapp_point_relates(relation, shape.wkb_hex, longitude, latitude, type_=Boolean)
        return found.is_(True)


def _in_box(box: Box) -> Select[tuple[int]]:
    west, south, east, north = box
    found = select(_BOXES.c.key).where(_BOXES.c.north >= south, _BOXES.c.south <= north)
    inside = (_BOXES.c.east >= west, _BOXES.c.west <= east)
    return found.where(*inside) if west <= east else found.where(inside[0] | inside[1])


def _map(connection: Connection, most: int) -> None:
    """Read in place, where all records may be gone through: copies of the pages were half of what that costs.

    A small batch touches a thousand pages all over the file, and of a mapped file the system reads megabytes
    around each: 1.2 GB for 50 rows on top of 1,000,000 incidents.
    """
    if connection.info.get("mapped") != most:
        connection.exec_driver_sql(f"PRAGMA mmap_size = {most}")
        connection.info["mapped"] = most


def _insert(
    connection: Connection, name: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Many rows a statement: the driver lets other threads work during each, not between two of them.

    With no other thread at work a statement for each row takes a tenth less: one of many rows opens a
    savepoint, at which FTS5 writes its buffer out.
    The driver keeps statements together with their last values, so that they are of few sizes.
    """
    marks, named = ", ".join("?" * len(columns)), ", ".join(f'"{each}"' for each in columns)
    if rows and connection.get_execution_options().get(base.ALONE):
        connection.exec_driver_sql(f"INSERT INTO {name} ({named}) VALUES ({marks})", list(rows))
        return
    begin, most = 0, 1 << (VALUES_AT_ONCE // len(columns)).bit_length() - 1
    while left := len(rows) - begin:
        size = min(most, 1 << left.bit_length() - 1)
        listed = ", ".join([f"({marks})"] * size)
        values = tuple(chain.from_iterable(rows[begin : begin + size]))
        connection.exec_driver_sql(f"INSERT INTO {name} ({named}) VALUES {listed}", values)
        begin += size


def close_file(file: Path) -> None:
    """Make a database that nobody has open one file alone, safely on the disk; raises StoreFailed."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise StoreFailed(f"the database file cannot be finished: {error}") from error
    with file.open("rb") as written:
        os.fsync(written.fileno())


def _quoted(tokens: Sequence[str]) -> str:
    return " ".join('"' + token.replace('"', '""') + '"' for token in tokens)
