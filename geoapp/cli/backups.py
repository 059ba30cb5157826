"""Backups in one folder: what a new one is called, and which have been kept long enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

_FORM = "geoapp-%Y%m%dT%H%M%SZ.sqlite"


def named(folder: Path, now: datetime) -> Path:
    """The file of a backup that is made now."""
    return folder / now.astimezone(UTC).strftime(_FORM)


def outdated(folder: Path, now: datetime, days: int) -> list[Path]:
    """Backups named by `named` that are older than so many days, oldest first; 0 days: none.

    The name says when, because a copied file has another time; files with other names are left alone.
    """
    if not days:
        return []
    since = now - timedelta(days=days)
    return sorted(file for file in folder.glob("geoapp-*.sqlite") if (made := _made(file)) and made < since)


def _made(file: Path) -> datetime | None:
    try:
        return datetime.strptime(file.name, _FORM).replace(tzinfo=UTC)
    except ValueError:
        return None
