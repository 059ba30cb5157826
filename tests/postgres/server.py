"""Debian's PostgreSQL for as long as one command runs: own port, own folder, nothing left behind.

    python -m tests.postgres.server COMMAND ...

gives the command the address of the server in GEOAPP_TEST_POSTGRES.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

OLDEST = 15
VARIABLE = "GEOAPP_TEST_POSTGRES"
BARE, READY = "geoapp_bare", "geoapp_ready"
# What a test loses when the machine dies is lost anyway.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "128MB",
    "max_connections": "200",
}


def programs() -> Path:
    """The folder of the newest server that is installed."""
    found = [each for each in Path("/usr/lib/postgresql").glob("*/bin") if int(each.parent.name) >= OLDEST]
    if not found:
        sys.exit(f"PostgreSQL {OLDEST} and PostGIS are needed: apt-get install postgresql-15-postgis-3")
    return max(found, key=lambda each: int(each.parent.name))


def _as_postgres() -> dict[str, Any]:
    """The server refuses to run for root; root hands it to Debian's own user for it."""
    if os.geteuid() != 0:
        return {}
    known = pwd.getpwnam("postgres")
    return {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


class Server:
    """One cluster in one folder; `start` and `stop` may take turns."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._data = folder, folder / "data"
        self._port, self._password = _free_port(), secrets.token_urlsafe(16)
        self._make()

    def address(self, database: str = "postgres") -> str:
        """A SQLAlchemy address on this server."""
        return f"postgresql+psycopg://geoapp:{self._password}@127.0.0.1:{self._port}/{database}"

    @property
    def folder(self) -> Path:
        """Where the server may write."""
        return self._folder

    @property
    def pid(self) -> int:
        """The process that all others of the server are children of."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        """Start and wait until it answers."""
        settings = {**SETTINGS, "port": self._port, "unix_socket_directories": self._folder}
        told = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._run("pg_ctl", "-D", self._data, "-w", "-l", self._folder / "log", "-o", told, "start")

    def stop(self, how: str = "fast") -> None:
        """Stop, where it runs, and wait until it is gone."""
        if (self._data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self._data, "-w", "-m", how, "stop")

    def _make(self) -> None:
        secret = self._folder / "password"
        secret.write_text(self._password)
        if who := _as_postgres():
            for each in (self._folder, secret):
                os.chown(each, who["user"], who["group"])
        # Words in an order that is not that of their bytes: what the store says may not depend on it.
        order = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
        known = ("-A", "scram-sha-256", "-U", "geoapp", f"--pwfile={secret}")
        self._run("initdb", "-D", self._data, "-E", "UTF8", "--no-sync", *order, *known)

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(programs() / program), *map(str, arguments)]
        with (self._folder / "said").open("w+b") as said:
            done = subprocess.run(command, cwd=self._folder, stdout=said, stderr=said, **_as_postgres())
            if done.returncode:
                said.seek(0)
                sys.exit(f"{program} failed: {said.read().decode()}")


@contextmanager
def running() -> Iterator[Server]:
    """A server for the block, with PostGIS in one database and the store's tables in another to copy."""
    folder = Path(tempfile.mkdtemp(prefix="geoapp-postgres-"))
    try:
        server = Server(folder)
        server.start()
        try:
            _prepare(server)
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder)


def say(server: Server, database: str, *statements: str) -> None:
    """Execute statements, each by itself."""
    plain = server.address(database).replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        for each in statements:
            connection.execute(each.encode())


def _prepare(server: Server) -> None:
    from geoapp.store import Store

    say(server, "postgres", f"CREATE DATABASE {BARE}")
    # Half of an empty database is PostGIS's list of projections, and each test copies one.
    say(
        server,
        BARE,
        "CREATE EXTENSION postgis",
        "DELETE FROM spatial_ref_sys WHERE srid <> 4326",
        "VACUUM FULL",
    )
    say(server, "postgres", f"CREATE DATABASE {READY} TEMPLATE {BARE}")
    Store.open(server.address(READY)).close()
    say(server, READY, "VACUUM FULL")


def main(command: Sequence[str]) -> int:
    """Run the command beside a server; gives its exit code."""
    with running() as server:
        process = subprocess.Popen(command, env={**os.environ, VARIABLE: server.address()})
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        try:
            return process.wait()
        except KeyboardInterrupt:
            return process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
