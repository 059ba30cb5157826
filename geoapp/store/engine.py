"""Opening a database: one engine per process, migrations on open, errors told in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError

from geoapp.errors import SettingRefused, StoreFailed
from geoapp.store import migrations
from geoapp.store.dialect import Dialect, dialect_of


class Database:
    """An engine with its dialect; connections are taken per block, so any thread may use it."""

    def __init__(self, engine: Engine, dialect: Dialect) -> None:
        self.engine, self.dialect = engine, dialect

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the data for the block; raises StoreFailed."""
        with telling(), self.engine.connect() as connection:
            yield connection

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
    def reading(self) -> Iterator[Connection]:
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


@contextmanager
def telling() -> Iterator[None]:
    """Turn what the driver raises into StoreFailed with a sentence that helps."""
    try:
        yield
    except (IntegrityError, ProgrammingError):
        raise  # ours to mend, not the operator's
    except DBAPIError as error:
        raise StoreFailed(_explain(str(error.orig))) from error
    except SQLAlchemyError as error:
        raise StoreFailed(f"the database could not be used: {error}") from error


def _explain(reason: str) -> str:
    known = {
        "locked": "another process is writing to the database and did not finish in time; try again",
        "busy": "another process is writing to the database and did not finish in time; try again",
        "readonly": "the database is open for reading only",
        "full": "the disk that holds the database is full",
        "I/O error": "the disk that holds the database is full or fails",
        "malformed": "the database file is damaged; restore it from a backup",
        "not a database": "the file is not a database of this program",
        "unable to open": "the database file cannot be opened; check that its folder may be written",
    }
    for word, sentence in known.items():
        if word in reason:
            return f"{sentence} (nothing was changed; the driver says: {reason})"
    return f"the database refused (nothing was changed): {reason}"


def open_database(address: str, *, create: bool = True, read_only: bool = False) -> Database:
    """Open the database at a SQLAlchemy address and bring its tables up to date.

    `create` makes a missing file; `read_only` (web workers) neither creates nor migrates. Raises
    SettingRefused for an address that cannot be used and StoreFailed for a database that cannot.
    """
    url = _checked(address)
    if read_only or not create:
        _must_exist(url)
    # Every stream of a download holds its connection; readers must not wait for each other.
    # Values stay out of error texts: they may hold what a record was redacted for.
    engine = create_engine(url, max_overflow=-1, hide_parameters=True)
    dialect = dialect_of(url.get_backend_name())
    dialect.prepare(engine, read_only=read_only)
    database = Database(engine, dialect)
    try:
        _bring_up_to_date(database, read_only=read_only)
    except BaseException:
        database.close()
        raise
    return database


def _bring_up_to_date(database: Database, *, read_only: bool) -> None:
    with database.reading() as connection:
        found = migrations.revision(connection)
    if found == migrations.HEAD:
        return
    if read_only:
        raise StoreFailed(
            "the database was made by another version of this program; open it for writing once"
        )
    with database.writing() as connection:
        migrations.upgrade(connection, database.dialect)


def _checked(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise SettingRefused(
            "GEOAPP_DATABASE_URL: expected an address such as sqlite:///file.sqlite3"
        ) from error
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        raise SettingRefused(
            "GEOAPP_DATABASE_URL: expected the address of a SQLite file, such as sqlite:///file.sqlite3"
        )
    return url


def _must_exist(url: URL) -> None:
    if not Path(url.database or "").is_file():
        raise StoreFailed(f"there is no database at {url.database}")
