"""What Alembic must not see: virtual tables with what is behind them, and what one engine has alone."""

from __future__ import annotations

from geoapp.store.dialect.postgresql_layout import INSTEAD, OWN, POINT, SUFFIX
from geoapp.store.schema import VIRTUAL_TABLES

_HIDDEN = {POINT, *OWN, *(name + SUFFIX for name in INSTEAD)}


def is_ours(name: str | None, kind: str, _: object) -> bool:
    """Whether Alembic should compare this database object with the declared tables."""
    if name is None:
        return True
    if kind == "table":
        return not name.startswith((*VIRTUAL_TABLES, "spatial_ref_sys"))
    return kind not in ("column", "index") or name not in _HIDDEN
