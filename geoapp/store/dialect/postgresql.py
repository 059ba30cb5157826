"""PostgreSQL 15 or newer with PostGIS: what it does in its own way."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import psycopg
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
    bindparam,
    column,
    event,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError

from geoapp.errors import SettingRefused, StoreFailed
from geoapp.query import Box
from geoapp.store.dialect import base, postgresql_layout
from geoapp.store.dialect.postgresql_text import ACCENTS, CAPITALS, SHORT_I, SMALL, lexemes, query_of

# A reader's question that takes longer is asked wrongly; streams are told by the portion.
STATEMENT_TIMEOUT_S = 60
# One lock for each schema of a database: a store is a schema.
_WRITER = "pg_advisory_xact_lock(1195722305, hashtext(current_schema()))"
_WORDS = table("incident_words", column("key"), column("words"))
_POINT: ColumnElement[Any] = literal_column(f"incidents.{postgresql_layout.POINT}")
_DRIVER = "postgresql+psycopg"
_READING = "another process is reading"
_FROZEN = text(
    "SELECT age(relfrozenxid) <= age(CAST(CAST(:deleted AS xid8) AS xid)) FROM pg_class "
    "WHERE oid = CAST(:name AS regclass)"
)
_NUMBER = text("SELECT pg_current_xact_id()::text")
_OWNED = text("SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()")
_LONE_ESCAPE = re.compile(r"\\(.)|\\\Z", re.DOTALL)


class _Stream(psycopg.ServerCursor[Any]):
    """A cursor of the server that sends bytes as they are: in hex they took most of an export's time."""

    def __init__(self, *known: Any, **more: Any) -> None:
        super().__init__(*known, **more)
        self.format = psycopg.pq.Format.BINARY


class PostgreSQL:
    """PostgreSQL 15 or newer with PostGIS, by psycopg 3."""

    # They may be longer than an entry of such an index; every step would read the whole table.
    links_in_order = False

    def checked(self, url: URL) -> URL:
        """A database by its name; raises SettingRefused."""
        if not url.database or url.drivername not in ("postgresql", _DRIVER):
            raise SettingRefused(
                f"GEOAPP_DATABASE_URL: expected the address of a PostgreSQL database, such as "
                f"{_DRIVER}://user:password@host:5432/name"
            )
        return url.set(drivername=_DRIVER)

    def must_exist(self, url: URL) -> None:
        """Nothing: a server never makes a database by being asked for one."""

    def options(self) -> Mapping[str, Any]:
        """One snapshot for each block; connections that a restart of the server broke are replaced."""
        return {"isolation_level": "REPEATABLE READ", "pool_pre_ping": True}

    def prepare(self, engine: Engine, *, read_only: bool) -> None:
        """Time limits, and no compiling of plans, which costs more than short questions take."""

        def connect(connection: DBAPIConnection, _: object) -> None:
            known = cast("psycopg.Connection[Any]", connection)
            known.server_cursor_factory = _Stream
            known.autocommit = True
            known.execute("SET jit = off")
            known.execute(f"SET statement_timeout = '{STATEMENT_TIMEOUT_S}s'")
            known.execute("SET client_min_messages = warning")
            if read_only:
                known.execute("SET default_transaction_read_only = on")
            known.autocommit = False

        event.listen(engine, "connect", connect)

    def bound(self, connection: Connection, seconds: int) -> None:
        """By the server, for each statement of the block's transaction."""
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{seconds}s'")

    def unbound(self, connection: Connection) -> None:
        """Nothing: it ends with the transaction."""

    def begin_writing(self, connection: Connection) -> None:
        """An advisory lock held to the end of the transaction, waited for as long as SQLite waits.

        READ COMMITTED: a snapshot taken before the lock was there would not show what the writer
        before did. Nobody else writes, so that what is read stays as it is all the same.
        """
        connection.execution_options(isolation_level="READ COMMITTED").begin()
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{base.BUSY_TIMEOUT_S * 1000 or 1}ms'")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql(f"SELECT {_WRITER}")

    def create_indexes(self, connection: Connection) -> None:
        """A tsvector for each record, and the point beside the record as a geometry; see `settle`."""
        postgresql_layout.need(connection)
        postgresql_layout.create(connection)

    def settle(self, connection: Connection) -> None:
        """Texts compare by their bytes, as in SQLite; indexes leave out what may be too long for one."""
        postgresql_layout.settle(connection)

    def learn(self, connection: Connection) -> None:
        """ANALYZE: the next question comes before the server would notice by itself."""
        for name in ("identities", "incidents", "reports", "incident_links", "record_versions"):
            connection.exec_driver_sql(f"ANALYZE {name}")
        connection.exec_driver_sql("ANALYZE incident_words")

    def count_on(self, connection: Connection) -> None:
        """Set every sequence to the highest number of its column."""
        postgresql_layout.count_on(connection)

    def insert(
        self, connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """COPY."""
        _copy(connection, table.name, columns, rows)

    def push(self, url: URL) -> None:
        """Nothing: the server writes by itself."""

    def index(
        self,
        connection: Connection,
        rows: Sequence[tuple[int, str, float | None, float | None]],
    ) -> None:
        """Words alone: the server keeps the points by itself."""
        _copy(connection, _WORDS.name, ("key", "words"), [(key, lexemes(words)) for key, words, *_ in rows])

    def unindex(self, connection: Connection, keys: Iterable[int]) -> None:
        """Words alone: the points go with their rows."""
        gone = text("DELETE FROM incident_words WHERE key = ANY(:keys)")
        connection.execute(gone, {"keys": list(keys)})

    def forget(self, connection: Connection) -> None:
        """Delete all words: the points go with their rows."""
        connection.exec_driver_sql("DELETE FROM incident_words")

    def save(self, engine: Engine, file: Path) -> bool:
        """Not by itself."""
        return False

    def faults(self, connection: Connection) -> list[str]:
        """Indexes that were begun and never finished; references hold at every step."""
        broken = text(
            "SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class c ON c.oid = indrelid "
            "WHERE c.relnamespace = current_schema()::regnamespace AND NOT indisvalid"
        )
        return [f"index {name} is not valid" for name in connection.execute(broken).scalars()]

    def told(self, connection: Connection) -> str:
        """The versions of the server and of PostGIS."""
        asked = "SELECT current_setting('server_version'), postgis_lib_version()"
        server, postgis = connection.exec_driver_sql(asked).one()
        return f"PostgreSQL {server.split()[0]} with PostGIS {postgis}"

    def leave_no_trace(self, connection: Connection) -> None:
        """Nothing: `clean` writes the tables anew."""

    def clean(self, engine: Engine) -> None:
        """VACUUM FULL of every table, which leaves out what no open transaction can still see."""
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            try:
                connection.exec_driver_sql(f"SET lock_timeout = '{base.BUSY_TIMEOUT_S * 1000 or 1}ms'")
                connection.exec_driver_sql("SET statement_timeout = 0")
                _rewrite(connection)
            except DBAPIError as error:
                busy = getattr(error.orig, "sqlstate", None) == "55P03"
                raise StoreFailed(base.UNCLEAN.format(_READING if busy else error.orig)) from error
            finally:
                # The next user of the pool gets a connection with the usual settings.
                connection.invalidate()

    def words_found(self, *spellings: Sequence[str]) -> Select[tuple[int]]:
        """Quoted lexemes only: what a reader types is never read as the syntax of tsquery."""
        asked = " | ".join(f"({query_of(tokens)})" for tokens in spellings)
        found = text("words @@ CAST(:asked AS tsquery)").bindparams(bindparam("asked", asked, Text))
        return select(_WORDS.c.key).where(found)

    def in_box(self, box: Box) -> ColumnElement[bool]:
        """By the GiST index, whose numbers have 32 bits and are rounded outward: a superset."""
        west, south, east, north = box
        parts = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
        return or_(
            *(
                _POINT.op("&&", is_comparison=True)(func.ST_MakeEnvelope(left, south, right, north, 4326))
                for left, right in parts
            )
        )

    def has_more_in_box(self, connection: Connection, box: Box, most: int) -> bool:
        """False: the planner chooses by what it knows of where points lie."""
        return False

    def like(self, text: ColumnElement[Any], pattern: str) -> ColumnElement[bool]:
        """LIKE, which minds case here; a backslash at the very end stands for itself."""
        return text.like(_LONE_ESCAPE.sub(lambda found: found[0] if found[1] else r"\\", pattern))

    def without_case(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        """By ICU's rules: those of the plain order of bytes know ASCII alone."""
        lower = func.lower(text.collate("und-x-icu"), type_=Text)
        return func.translate(lower, CAPITALS, SMALL, type_=Text).collate("C")

    def without_accents(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        """As `folding.without_accents`: decomposed, marks out, composed again; й stays a letter."""
        apart = func.normalize(text, literal_column("NFKD"), type_=Text)
        kept = func.replace(apart, SHORT_I, "й", type_=Text)
        plain = func.regexp_replace(kept, ACCENTS, "", "g", type_=Text)
        return func.normalize(plain, literal_column("NFC"), type_=Text).collate("C")

    def relates(
        self,
        relation: str,
        longitude: ColumnElement[Any],
        latitude: ColumnElement[Any],
        shape: BaseGeometry,
    ) -> ColumnElement[bool]:
        """By the function of PostGIS of that name: the same GEOS."""
        point = func.ST_SetSRID(func.ST_MakePoint(longitude, latitude), 4326)
        known = func.ST_GeomFromWKB(shape.wkb, 4326)
        found: ColumnElement[bool] = getattr(func, f"ST_{relation.capitalize()}")(point, known, type_=Boolean)
        return found.is_(True)


def _copy(connection: Connection, name: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    known = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    named = ", ".join(f'"{each}"' for each in columns)
    with _as_usual(), known.cursor() as cursor, cursor.copy(f'COPY "{name}" ({named}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


@contextmanager
def _as_usual() -> Iterator[None]:
    """What the driver raises as SQLAlchemy would raise it: nothing above knows the driver."""
    try:
        yield
    except psycopg.Error as error:
        raise DBAPIError.instance("COPY", None, error, psycopg.Error, hide_parameters=True) from error


def _rewrite(connection: Connection) -> None:
    """Write every table anew, again where somebody could still see what was deleted."""
    until = time.monotonic() + base.BUSY_TIMEOUT_S
    deleted = connection.execute(_NUMBER).scalar_one()
    for name in postgresql_layout.tables(connection):
        _write_anew(connection, name, ("FULL", "FREEZE", "ANALYZE"), deleted, until)
    # Samples of what columns hold, which each ANALYZE above made anew; for the database's owner alone.
    if connection.execute(_OWNED).scalar_one():
        deleted = connection.execute(_NUMBER).scalar_one()
        _write_anew(connection, "pg_statistic", ("FULL", "FREEZE"), deleted, until)


def _write_anew(connection: Connection, name: str, how: Sequence[str], deleted: str, until: float) -> None:
    while True:
        connection.exec_driver_sql(f'VACUUM ({", ".join(how)}) "{name}"')
        # Frozen up to here: nothing that was deleted before is left. The list of who reads would not
        # do, because those who are being let in are not in it yet.
        if connection.execute(_FROZEN, {"name": f'"{name}"', "deleted": deleted}).scalar_one():
            return
        if time.monotonic() >= until:
            raise StoreFailed(base.UNCLEAN.format(_READING))
        time.sleep(0.1)
