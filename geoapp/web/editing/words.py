"""What the editors' templates say of a problem: a sentence, and a value cut to a length."""

from __future__ import annotations

from datetime import date

from flask import Flask

from geoapp.errors import shorten
from geoapp.web import wording
from geoapp.web.auth import waits

MOST_SHOWN = 160


def sentence(text: str) -> str:
    """`a code: letters` as `A code: letters.`"""
    text = text.strip()
    ended = text.endswith((".", "?", "!", "…"))
    return text[:1].upper() + text[1:] + ("" if ended else ".")


def short(text: str, most: int = MOST_SHOWN) -> str:
    """A value as it is shown in a list; a long one ends in an ellipsis."""
    return shorten(text, most)


def day_words(text: str) -> str:
    """A day written YYYY-MM-DD in words."""
    return wording.day(date.fromisoformat(text))


def register(app: Flask) -> None:
    """Give the templates these words, and `waits()`: whether what is sent waits for a second person."""
    app.jinja_env.globals["waits"] = waits
    app.jinja_env.filters.update(sentence=sentence, short=short, day_words=day_words)
