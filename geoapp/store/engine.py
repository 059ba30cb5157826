"""Opening a database: one engine per process, migrations on open, errors told in our words (`telling`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from geoapp.errors import SettingRefused, StoreFailed
from geoapp.store import migrations
from geoapp.store.dialect import Dialect, dialect_of
from geoapp.store.telling import telling


class Database:
    """An engine with its dialect; connections are taken per block, so any thread may use it."""

    def __init__(self, engine: Engine, dialect: Dialect) -> None:
        self.engine, self.dialect = engine, dialect

    @contextmanager
    def reading(self, seconds: int = 0) -> Iterator[Connection]:
        """One consistent view of the data for the block; raises StoreFailed.

        With `seconds`, a question that takes longer raises TooExpensive.
        """
        with telling(), self._lent() as connection:
            if not seconds:
                yield connection
                return
            self.dialect.bound(connection, seconds)
            try:
                yield connection
            finally:
                if not connection.invalidated:
                    self.dialect.unbound(connection)

    @contextmanager
    def _lent(self) -> Iterator[Connection]:
        """A connection for reading; what was read with it stays read when the server goes before its end."""
        connection = self.engine.connect()
        try:
            yield connection
        finally:
            with suppress(DBAPIError):
                connection.close()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction for the block, alone among writers: all of it or nothing; raises StoreFailed."""
        with telling(), self.engine.connect() as connection:
            self.dialect.begin_writing(connection)
            yield connection
            connection.commit()

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


class Held(Database):
    """One open connection in place of a pool: everything is read in its one transaction, by one thread."""

    def __init__(self, database: Database, connection: Connection) -> None:
        super().__init__(database.engine, database.dialect)
        self._connection = connection

    @contextmanager
    def reading(self, seconds: int = 0) -> Iterator[Connection]:
        """The same view of the data for every block; raises StoreFailed."""
        with telling():
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Refused: raises StoreFailed."""
        yield self._refused()

    def _refused(self) -> Connection:
        raise StoreFailed("this view of the database is for reading only")

    def close(self) -> None:
        """Nothing: who opened the connection gives it back."""


def open_database(address: str, *, create: bool = True, read_only: bool = False) -> Database:
    """Open the database at a SQLAlchemy address and bring its tables up to date.

    `create` makes missing tables, and a missing SQLite file; `read_only` (web workers) neither creates nor
    migrates. Raises SettingRefused for an address that cannot be used and StoreFailed for a database that
    cannot.
    """
    dialect, url = _dialect(address)
    if read_only or not create:
        dialect.must_exist(url)
    # Every stream of a download holds its connection; readers must not wait for each other.
    # Values stay out of error texts: they may hold what a record was redacted for.
    engine = create_engine(url, max_overflow=-1, hide_parameters=True, **dialect.options())
    dialect.prepare(engine, read_only=read_only)
    database = Database(engine, dialect)
    try:
        _bring_up_to_date(database, create=create, read_only=read_only)
    except BaseException:
        database.close()
        raise
    return database


def _bring_up_to_date(database: Database, *, create: bool, read_only: bool) -> None:
    with database.reading() as connection:
        found = migrations.revision(connection)
    if found == migrations.HEAD:
        return
    if found is None and (read_only or not create):
        raise StoreFailed(f"there is no database of this program in {database.engine.url.database}")
    if read_only:
        raise StoreFailed(
            "the database was made by another version of this program; open it for writing once"
        )
    with database.writing() as connection:
        migrations.upgrade(connection, database.dialect)


def _dialect(address: str) -> tuple[Dialect, URL]:
    expected = "expected an address such as sqlite:///file.sqlite3 or postgresql+psycopg://user@host/name"
    try:
        url = make_url(address)
        dialect = dialect_of(url.get_backend_name())
    except (ArgumentError, ValueError) as error:
        raise SettingRefused(f"GEOAPP_DATABASE_URL: {expected}") from error
    return dialect, dialect.checked(url)
