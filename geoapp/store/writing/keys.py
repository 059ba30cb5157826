"""Record keys: unsigned 32 bits, the same for an id in every copy of the data wherever possible."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import Connection, Row, exists, select

from geoapp.store.dialect import dialect_of, in_batches
from geoapp.store.schema import identities, record_versions

KEYS = 2**32


def first_key(identifier: str) -> int:
    """The key that an id has unless another id took it first."""
    return int.from_bytes(hashlib.sha256(identifier.encode()).digest()[:4], "big")


def known_ids(connection: Connection, ids: Sequence[str]) -> dict[str, Row[int, str, int, str | None]]:
    """The identities of those ids that were ever used, removed ones too."""
    asked = select(identities.c.key, identities.c.id, identities.c.version, identities.c.gone)
    return {
        row.id: row
        for some in in_batches(ids)
        for row in connection.execute(asked.where(identities.c.id.in_(some)))
    }


def redacted_ids(connection: Connection, gone: Sequence[str]) -> list[str]:
    """Those of these ids of removed records whose content was redacted: no version holds any."""
    told = (record_versions.c.key == identities.c.key) & record_versions.c.body.is_not(None)
    asked = select(identities.c.id).where(~exists().where(told)).order_by(identities.c.id)
    return [
        identifier
        for some in in_batches(gone)
        for identifier in connection.execute(asked.where(identities.c.id.in_(some))).scalars()
    ]


def new_keys(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Give ids that were never used a key each, with version 1, for ever; a taken key moves on by one."""
    given: dict[str, int] = {}
    waiting = {identifier: first_key(identifier) for identifier in sorted(ids)}
    used: set[int] = set()
    while waiting:
        used |= _taken(connection, sorted(set(waiting.values())))
        still: dict[str, int] = {}
        for identifier, key in waiting.items():
            if key in used:
                still[identifier] = (key + 1) % KEYS
            else:
                given[identifier] = key
                used.add(key)
        waiting = still
    if given:
        rows = sorted((key, identifier, 1) for identifier, key in given.items())
        dialect_of(connection.dialect.name).insert(connection, identities, ("key", "id", "version"), rows)
    return given


def _taken(connection: Connection, keys: Sequence[int]) -> set[int]:
    asked = select(identities.c.key)
    return {
        key
        for some in in_batches(keys)
        for key in connection.execute(asked.where(identities.c.key.in_(some))).scalars()
    }
