"""How pauses and times are said on the pages of accounts."""

from __future__ import annotations

from datetime import UTC, datetime

from geoapp.web import wording


def pause(seconds: int) -> str:
    """A time to wait, rounded up to whole minutes above one."""
    count, unit = (seconds, "second") if seconds < 60 else (-(-seconds // 60), "minute")
    return f"{count} {unit}{'' if count == 1 else 's'}"


def moment(value: datetime) -> str:
    """A time of day in UTC, such as "22 November 2026, 09:12 UTC"."""
    known = value.astimezone(UTC)
    return f"{wording.day(known.date())}, {known:%H:%M} UTC"
