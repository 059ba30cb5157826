"""Rows that memory need not hold: set down on disk in parts, and read back part by part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from geoapp import frames

_HELD_ROWS = 100


class Placed(NamedTuple):
    """A row of a table with its line in the file and the id of its incident; None: it cannot be known."""

    line: int
    name: str | None
    cells: tuple[str, ...]


class Spool:
    """Files of rows in a folder, one for each part; those of parts without rows are empty."""

    def __init__(self, folder: Path, parts: int) -> None:
        folder.mkdir()
        self.files = [folder / str(number) for number in range(parts)]
        self._held: list[list[tuple[int, str | None, tuple[str, ...]]]] = [[] for _ in range(parts)]

    def add(self, part: int, line: int, name: str | None, cells: tuple[str, ...]) -> None:
        """Set a row down behind the others of its part; see `Placed`."""
        held = self._held[part]
        held.append((line, name, cells))  # a frame knows plain tuples alone
        if len(held) >= _HELD_ROWS:
            self._write(part)

    def _write(self, part: int) -> None:
        with self.files[part].open("ab") as file:
            frames.dump(self._held[part], file)
        self._held[part].clear()

    def finish(self) -> list[Path]:
        """Write what is held; the files are whole then."""
        for part in range(len(self.files)):
            self._write(part)
        return self.files


def rows_in(file: Path) -> Iterator[Placed]:
    """The rows of a file in the order in which they were set down; it is gone after."""
    with file.open("rb") as stream:
        while True:
            try:
                found = frames.load(stream)
            except EOFError:
                break
            yield from map(Placed._make, found)
    file.unlink()
