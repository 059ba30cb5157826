"""What the store asks of a database engine: the seam, and the limits that hold on both sides of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from shapely.geometry.base import BaseGeometry
from sqlalchemy import URL, ColumnElement, Connection, Engine, Select, Table

from geoapp.query import Box

BUSY_TIMEOUT_S = 10
# SQLite's own limit on bound values is 32,766 since 3.32, PostgreSQL's is 65,535; lists of keys are cut
# well below both.
KEYS_AT_ONCE = 10_000
# Of a connection: no thread makes rows while others are inserted.
ALONE = "alone"
UNCLEAN = (
    "it is redacted, but traces may be left in the database file ({}); "
    "give the same command again when no other process uses the database"
)


def in_batches(items: Sequence[Any], size: int = KEYS_AT_ONCE) -> Iterable[Sequence[Any]]:
    """The items in runs of at most `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))


class Dialect(Protocol):
    """The seam between the store and one database engine."""

    # Whether links are kept in the order of their names and values, or where they were put.
    links_in_order: bool

    def checked(self, url: URL) -> URL:
        """The address as it is opened; raises SettingRefused when it cannot be one."""

    def must_exist(self, url: URL) -> None:
        """Raise StoreFailed when there is nothing at the address, as far as can be told without opening."""

    def options(self) -> Mapping[str, Any]:
        """What `create_engine` is to be told besides the address."""

    def prepare(self, engine: Engine, *, read_only: bool) -> None:
        """Set every new connection up."""

    def bound(self, connection: Connection, seconds: int) -> None:
        """Let the questions of this block take so long at most; what takes longer is interrupted."""

    def unbound(self, connection: Connection) -> None:
        """Take the bound off, before the connection goes to somebody else."""

    def begin_writing(self, connection: Connection) -> None:
        """Start a transaction that no other writer can overlap."""

    def create_indexes(self, connection: Connection) -> None:
        """Create the text index and the box index; raises StoreFailed when the engine lacks a part."""

    def settle(self, connection: Connection) -> None:
        """Bring tables that the steps of the layout made or changed to what this engine needs.

        Runs after the last step, any number of times.
        """

    def learn(self, connection: Connection) -> None:
        """Take notice that many rows came or went, for the plans of later questions."""

    def count_on(self, connection: Connection) -> None:
        """Let numbers that the engine gives follow those of rows that came with theirs."""

    def insert(
        self, connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """Insert many rows of these columns."""

    def push(self, url: URL) -> None:
        """Have the disk take what a long transaction wrote so far: its commit then has less to wait for.

        Called in a thread while the transaction goes on; nothing is raised.
        """

    def index(
        self,
        connection: Connection,
        rows: Sequence[tuple[int, str, float | None, float | None]],
    ) -> None:
        """Add rows of key, folded words, longitude and latitude (WGS 84 degrees, or None)."""

    def unindex(self, connection: Connection, keys: Iterable[int]) -> None:
        """Remove these keys from both indexes."""

    def forget(self, connection: Connection) -> None:
        """Empty both indexes."""

    def save(self, engine: Engine, file: Path) -> bool:
        """Write all of the database into an open SQLite file, where the engine can do that by itself."""

    def faults(self, connection: Connection) -> list[str]:
        """What the engine's own check of its pages, indexes and references finds."""

    def told(self, connection: Connection) -> str:
        """Name and version of the engine, for people."""

    def leave_no_trace(self, connection: Connection) -> None:
        """What this transaction deletes shall not stay readable in the files once `clean` has run."""

    def clean(self, engine: Engine) -> None:
        """Rewrite the files without what was deleted; raises StoreFailed when others hold them."""

    def words_found(self, *spellings: Sequence[str]) -> Select[tuple[int]]:
        """Keys of the incidents that contain all tokens of one of the spellings, the last one as a prefix."""

    def in_box(self, box: Box) -> ColumnElement[bool]:
        """Whether an incident's point may lie in the box; a few just outside it can be among them."""

    def has_more_in_box(self, connection: Connection, box: Box, most: int) -> bool:
        """Whether more than so many points lie in the box; False where the engine knows better what to do."""

    def like(self, text: ColumnElement[Any], pattern: str) -> ColumnElement[bool]:
        """Whether a text fits a pattern, case mattering: `%` any run, `_` one letter, `\\` escapes."""

    def without_case(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        """The text as `folding.without_case` gives it."""

    def without_accents(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        """The text as `folding.without_accents` gives it."""

    def relates(
        self,
        relation: str,
        longitude: ColumnElement[Any],
        latitude: ColumnElement[Any],
        shape: BaseGeometry,
    ) -> ColumnElement[bool]:
        """Whether the point stands in the relation (`intersects`, `within` ...) to the shape, WGS 84 degrees.

        Null where there is no point.
        """
