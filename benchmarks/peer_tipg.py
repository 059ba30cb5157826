"""tipg with PostGIS on the same incidents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import peers
from benchmarks.peers import PostGIS, Processes, Start

PACKAGES = ("tipg>=1.0", "uvicorn")


@contextmanager
def served(database: PostGIS, folder: Path) -> Iterator[Processes]:
    """The incidents of this database by tipg behind uvicorn, as its documentation has it, for the block."""
    programs, port = peers.environment(folder / "tipg", PACKAGES), peers.free_port()
    command = [str(programs / "uvicorn"), "tipg.main:app", f"--port={port}", "--log-level=error"]
    settings = {
        "DATABASE_URL": database.address._replace(scheme="postgresql").geturl(),
        "TIPG_TABLE_CONFIG__PUBLIC_INCIDENTS__DATETIMECOL": "date",
        "TIPG_MAX_FEATURES_PER_QUERY": "10000",
    }
    with peers.running(Start(command, settings, "/healthz"), port, database.pid) as server:
        yield server
