"""The history keeps each version as its finished Feature, which exports then send as it is."""

from __future__ import annotations

from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

from geoapp.incident import record_from_dict, record_to_dict
from geoapp.store.rows import body_of

revision = "0005"
down_revision = "0004"
WRITTEN_AT_ONCE = 1_000


def upgrade() -> None:
    """Write every body in its new form, a thousand at a time."""
    versions = sa.table(
        "record_versions",
        *(sa.column(name) for name in ("key", "version")),
        sa.column("body", sa.LargeBinary),
    )
    connection, place = op.get_bind(), (-1, -1)
    same = (versions.c.key == sa.bindparam("of")) & (versions.c.version == sa.bindparam("numbered"))
    changed = sa.update(versions).where(same).values(body=sa.bindparam("fresh"))
    while rows := connection.execute(_after(versions, place)).all():
        fresh = [
            {"of": row.key, "numbered": row.version, "fresh": _converted(row.body)}
            for row in rows
            if row.body is not None
        ]
        if fresh:
            connection.execute(changed, fresh)
        place = (rows[-1].key, rows[-1].version)


def _after(versions: Any, place: tuple[int, int]) -> sa.Select[Any]:
    key, version = place
    later = (versions.c.key > key) | ((versions.c.key == key) & (versions.c.version > version))
    return (
        sa.select(versions)
        .where(versions.c.key >= key, later)
        .order_by(versions.c.key, versions.c.version)
        .limit(WRITTEN_AT_ONCE)
    )


def _converted(body: bytes) -> bytes:
    # The form of today's program on purpose: it is what today's program reads.
    old = orjson.loads(bytes(body))
    return body_of(record_to_dict(record_from_dict(old)), old.get("numbers", ()))
