"""What differs between database engines, and nothing else: text index, box index, locks, settings.

Everything above speaks SQLAlchemy Core. One module and one class an engine; `base.Dialect` is the seam.
"""

from __future__ import annotations

from geoapp.store.dialect.base import Dialect, in_batches
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
