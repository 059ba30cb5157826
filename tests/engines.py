"""The engine that the suites run against: SQLite, or PostgreSQL where `make test-postgres` started one.

Everything asks here for the address of a store in a folder. On PostgreSQL that is a database of its own,
copied from a prepared one when a store is opened, and dropped with the test that made it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from geoapp.config import Settings
from geoapp.store import copying, facade
from geoapp.store.engine import Database

SERVER = os.environ.get("GEOAPP_TEST_POSTGRES", "")
NAME = "postgresql" if SERVER else "sqlite"
KINDS = ("sqlite", "postgresql") if SERVER else ("sqlite",)
FILE = "geoapp.sqlite"

_made: list[str] = []
_opened: list[Database] = []
_making = threading.Lock()
# For what SQLite alone has; what PostgreSQL alone has stands in `tests/postgres`.
sqlite_only = pytest.mark.skipif(bool(SERVER), reason="of SQLite alone")


def address(folder: Path, name: str = FILE, engine: str = NAME) -> str:
    """The address of a store in a folder, under a name of a file."""
    file = folder.resolve() / name
    if engine == "sqlite":
        return f"sqlite:///{file}"
    database = "t" + hashlib.sha256(str(file).encode()).hexdigest()[:20]
    return make_url(SERVER).set(database=database).render_as_string(hide_password=False)


def keep_for_copies(folder: Path) -> None:
    """Let `copy` find what the store of this folder holds now, whoever has it open later."""
    if SERVER:
        name = _database(address(folder))
        _say(f"CREATE DATABASE {name}_kept TEMPLATE {name}")


def copy(source: Path, target: Path) -> None:
    """Copy the store of one folder into another."""
    if SERVER:
        _say(f"CREATE DATABASE {_database(address(target))} TEMPLATE {_database(address(source))}_kept")
        _made.append(_database(address(target)))
        return
    target.mkdir(parents=True, exist_ok=True)
    for file in source.glob(f"{FILE}*"):
        shutil.copy(file, target / file.name)


def install() -> None:
    """Give settings without an address a database of the server, and make databases as they are opened."""
    if not SERVER:
        return
    original = facade.open_database

    def opened(address: str, *, create: bool = True, read_only: bool = False) -> Database:
        if _is_ours(address):
            _provide(_database(address), "geoapp_ready" if create and not read_only else "geoapp_bare")
        _opened.append(original(address, create=create, read_only=read_only))
        return _opened[-1]

    facade.open_database = copying.open_database = opened
    Settings.store_url = property(lambda known: known.database_url or address(known.instance_dir))


def wait_for_beside() -> None:
    """Wait for threads that use a store beside a request: what they hold must be back before it is closed."""
    for thread in threading.enumerate():
        if thread.name in ("limits", "exports", "counts"):
            thread.join(timeout=30)


@contextmanager
def tidied() -> Iterator[None]:
    """Close every pool, and drop what the block made."""
    made = len(_made)
    yield
    wait_for_beside()
    # Also of a database that stays: an application that lasts can open it in the middle of a test.
    for database in _opened:
        database.close()
    gone = _made[made:]
    for name in gone:
        _say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    del _made[made:]
    _opened[:] = [each for each in _opened if each.engine.url.database not in gone]


def _database(of: str) -> str:
    return str(make_url(of).database)


def _is_ours(of: str) -> bool:
    if not of.startswith("postgresql"):
        return False
    url, server = make_url(of), make_url(SERVER)
    return (url.host, url.port) == (server.host, server.port) and str(url.database).startswith("t")


def _provide(name: str, template: str) -> None:
    there = "SELECT 1 FROM pg_database WHERE datname = %s"
    with _making, _connected() as connection:
        if connection.execute(there, [name]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
            _made.append(name)


def _say(statement: str) -> None:
    with _connected() as connection:
        connection.execute(statement.encode())


def _connected() -> psycopg.Connection[Any]:
    return psycopg.connect(SERVER.replace("+psycopg", ""), autocommit=True)
