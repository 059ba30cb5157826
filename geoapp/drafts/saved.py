"""Mappings of foreign columns, remembered under a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import delete, insert, select

from geoapp.errors import NotFound
from geoapp.store import Store
from geoapp.store.draft_tables import saved_mappings

MOST_NAME = 80


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A mapping in its JSON-able form, and the name under which it was kept."""

    name: str
    mapping: Mapping[str, Any]


class Mappings:
    """The mappings that editors kept; all editors share them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[SavedMapping]:
        """All of them by name."""
        asked = select(saved_mappings.c.name, saved_mappings.c.body).order_by(saved_mappings.c.name)
        with self._store.reading() as connection:
            return [SavedMapping(row.name, orjson.loads(row.body)) for row in connection.execute(asked)]

    def get(self, name: str) -> SavedMapping:
        """The one under this name; raises NotFound."""
        for each in self.all():
            if each.name == name:
                return each
        raise NotFound("mapping", name)

    def keep(self, name: str, editor: str, mapping: Mapping[str, Any]) -> None:
        """Keep a mapping under a name, in the place of one that had it."""
        values = {
            "name": name,
            "editor": editor,
            "updated": datetime.now(UTC).isoformat(timespec="seconds"),
            "body": orjson.dumps(dict(mapping)).decode(),
        }
        with self._store.writing() as connection:
            connection.execute(delete(saved_mappings).where(saved_mappings.c.name == name))
            connection.execute(insert(saved_mappings).values(values))
