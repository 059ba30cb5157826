"""The store: records, history, versions and reference data in one database, read and written as values.

Web, export and command line use `Store` and the values that it gives; nothing else here is theirs.
"""

from __future__ import annotations

from geoapp.store import draft_tables, user_tables
from geoapp.store.ahead import count_ahead
from geoapp.store.changed import Changed
from geoapp.store.counting.facets import total_of
from geoapp.store.facade import Store
from geoapp.store.log import Logged, RecordChange
from geoapp.store.reading import BatchInfo, Neighbours, Version
from geoapp.store.taking import Taking, taking
from geoapp.store.versions import DatasetVersion
from geoapp.store.writing.blanking import Redaction
from geoapp.store.writing.undoing import Decision, UndoConflict, UndoPlan

__all__ = [
    "BatchInfo",
    "Changed",
    "DatasetVersion",
    "Decision",
    "Logged",
    "Neighbours",
    "RecordChange",
    "Redaction",
    "Store",
    "Taking",
    "UndoConflict",
    "UndoPlan",
    "Version",
    "count_ahead",
    "taking",
    "total_of",
]

# Declared with the others, so that the migrations are held against them too; their statements stand above.
TABLES_ABOVE = (draft_tables, user_tables)
