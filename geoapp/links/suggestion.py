"""The address under which a web archive may keep a page: a text to try, never asked by this program."""

from __future__ import annotations

from datetime import date


def archived_copy(url: str, day: date) -> str:
    """Where the Internet Archive would show the copy nearest to that day, if it has one."""
    return f"https://web.archive.org/web/{day:%Y%m%d}/{url}"
