"""Programs that serve the same incidents, each in an environment of its own, made for one measurement."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.parse import SplitResult, urlsplit
from urllib.request import urlopen

TICKS = os.sysconf("SC_CLK_TCK")
DATABASE = "geoapp_bare"
STARTS_WITHIN_S = 60


class Questions(NamedTuple):
    """How a server is asked: pages by `{0}` and `{1}` (years), one large page, what counts its features."""

    page: str
    large: str
    returned: Callable[[Any], int]


@dataclass(frozen=True, slots=True)
class Start:
    """A program that listens on a port: its command, its settings, what answers when it is ready."""

    command: Sequence[str]
    settings: Mapping[str, str]
    ready: str


class Processes(NamedTuple):
    """A server and everything that works for it."""

    address: str
    pids: tuple[int, ...]

    def cpu_seconds(self) -> float:
        """Time that all of them and their children have used, those that ended included."""
        known = {int(each.name): _stat(each) for each in Path("/proc").glob("[0-9]*")}
        wanted = set(self.pids)
        while more := {pid for pid, told in known.items() if told and int(told[1]) in wanted} - wanted:
            wanted |= more
        return sum(sum(map(int, known[pid][11:15])) for pid in wanted if known.get(pid)) / TICKS


def _stat(process: Path) -> list[str]:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def environment(folder: Path, packages: Sequence[str]) -> Path:
    """The programs of a new virtual environment with these packages in it."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    programs = folder / "bin"
    install = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, *packages], check=True)
    return programs


@contextmanager
def running(start: Start, port: int, *others: int) -> Iterator[Processes]:
    """The program for the block; `others` are processes that work for it."""
    process = subprocess.Popen(
        start.command,
        env=os.environ | start.settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address + start.ready)
        yield Processes(address, (process.pid, *others))
    finally:
        process.terminate()
        process.wait()


def _wait(address: str) -> None:
    begin = time.monotonic()
    while True:
        try:
            with urlopen(address):
                return
        except URLError:
            if time.monotonic() - begin > STARTS_WITHIN_S:
                raise
            time.sleep(0.2)


class PostGIS(NamedTuple):
    """A database with the incidents, by its address, and its process."""

    address: SplitResult
    pid: int


@contextmanager
def postgis(geopackage: Path) -> Iterator[PostGIS]:
    """A PostgreSQL with the incidents of a GeoPackage for the block."""
    from tests.postgres import server

    with server.running() as postgres:
        found = PostGIS(urlsplit(postgres.address(DATABASE)), postgres.pid)
        load(geopackage, found.address)
        yield found


def load(geopackage: Path, to: SplitResult) -> None:
    """One row for each incident, with the indexes that a careful operator makes; without the reports."""
    secret = {"PGUSER": to.username or "", "PGPASSWORD": to.password or ""}
    database = to.path.lstrip("/")
    target = f"PG:host={to.hostname} port={to.port} dbname={database}"
    create = ["ogr2ogr", "-f", "PostgreSQL", target, str(geopackage), "incidents"]
    copy = [*create, "-nln", "incidents", "--config", "PG_USE_COPY", "YES"]
    subprocess.run(copy, env=os.environ | secret, check=True)
    for each in ('CREATE INDEX ON incidents ("date")', "VACUUM ANALYZE incidents"):
        where = [f"--host={to.hostname}", f"--port={to.port}", database]
        subprocess.run(["psql", "--quiet", *where, "-c", each], env=os.environ | secret, check=True)


def has_postgis() -> bool:
    """Whether PostgreSQL and GDAL are installed here."""
    has_server = any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return has_server and all(map(shutil.which, ("ogr2ogr", "psql")))
