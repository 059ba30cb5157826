"""tipg with PostGIS on the same incidents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import SplitResult

from benchmarks import peers
from benchmarks.peers import PostGIS, Processes, Start
from benchmarks.programs import free_port

PACKAGES = ("tipg>=1.0", "uvicorn")
READY = "/healthz"


@contextmanager
def served(database: PostGIS, folder: Path) -> Iterator[Processes]:
    """The incidents of this database by tipg behind uvicorn, as its documentation has it, for the block."""
    programs, port = peers.environment(folder / "tipg", PACKAGES), free_port()
    start = Start(command(programs, port), settings(database.address), READY)
    with peers.running(start, port, database.pid) as server:
        yield server


def command(programs: Path, port: int) -> list[str]:
    """What serves on that port, from the programs of its environment."""
    return [str(programs / "uvicorn"), "tipg.main:app", f"--port={port}", "--log-level=error"]


def settings(database: SplitResult) -> dict[str, str]:
    """Its settings for the incidents of this database."""
    return {
        "DATABASE_URL": database._replace(scheme="postgresql").geturl(),
        "TIPG_TABLE_CONFIG__PUBLIC_INCIDENTS__DATETIMECOL": "date",
        "TIPG_MAX_FEATURES_PER_QUERY": "10000",
    }
