"""What Alembic must not see: virtual tables and the shadow tables behind them."""

from __future__ import annotations

from geoapp.store.schema import VIRTUAL_TABLES


def is_ours(name: str | None, kind: str, _: object) -> bool:
    """Whether Alembic should compare this database object with the declared tables."""
    return kind != "table" or name is None or not name.startswith(VIRTUAL_TABLES)
