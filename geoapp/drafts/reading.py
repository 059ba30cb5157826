"""The bytes of a draft -> rows in our columns, as the editor's mapping says."""

from __future__ import annotations

from dataclasses import dataclass

from geoapp.drafts.model import Draft
from geoapp.ingest import Table, read_table
from geoapp.store import Store


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft's file as it was read; `table` is None while questions about its columns are open."""

    table: Table | None


def read(store: Store, draft: Draft) -> Reading:
    """Read the file; raises DataRefused where nothing can be made of it."""
    return Reading(read_table(draft.content, draft.file_name))
