"""From rows of the table of accounts to values and back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from geoapp.store.user_tables import users
from geoapp.users.model import User

# Named so that they stand beside the columns of a session in one row.
USER = tuple(
    users.c[name].label(f"user_{name}")
    for name in ("id", "name", "role", "must_change", "created", "disabled")
)


def user(row: Any, last_seen: str | None = None) -> User:
    """The account of a row that holds the columns of `USER`."""
    return User(
        id=row.user_id,
        name=row.user_name,
        role=row.user_role,
        must_change=row.user_must_change,
        created=datetime.fromisoformat(row.user_created),
        disabled=_moment(row.user_disabled),
        last_seen=_moment(last_seen),
    )


def text_of(moment: datetime) -> str:
    """A time as the tables hold it: ISO 8601 of one width, so that times compare as text."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
