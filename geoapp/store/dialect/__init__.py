"""What differs between database engines, and nothing else: text index, box index, locks, settings.

Everything above speaks SQLAlchemy Core. One module and one class an engine; `base.Dialect` is the seam.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from geoapp.store.dialect.base import KEYS_AT_ONCE, Dialect
from geoapp.store.dialect.sqlite import SQLite

__all__ = ["Dialect", "SQLite", "dialect_of", "in_batches"]


def dialect_of(name: str) -> Dialect:
    """The dialect of a SQLAlchemy backend name; raises ValueError for an engine that is not known."""
    if name == "sqlite":
        return SQLite()
    if name == "postgresql":
        from geoapp.store.dialect.postgresql import PostgreSQL

        return PostgreSQL()
    raise ValueError(name)


def in_batches(items: Sequence[Any], size: int = KEYS_AT_ONCE) -> Iterable[Sequence[Any]]:
    """The items in runs of at most `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))
