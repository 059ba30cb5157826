"""How much an editors' request may send: held before the first byte of a form is looked at."""

from __future__ import annotations

from flask import Flask, request

from geoapp.config import Settings
from geoapp.web import context

MEGABYTE = 1_000_000
# Room for what a form says beside its file.
BESIDE = 65_536
MOST_FORM = 2 * MEGABYTE
MOST_PARTS = 10_000
TAKE_FILES = frozenset({"uploads.upload", "uploads.replace"})


def most_bytes(settings: Settings) -> int:
    """The largest body that any page takes."""
    return max(_file_bytes(settings), MOST_FORM)


def _file_bytes(settings: Settings) -> int:
    return settings.max_upload_mb * MEGABYTE + BESIDE


def _bound() -> None:
    if request.endpoint in TAKE_FILES:
        most = _file_bytes(context.settings())
    else:
        most = MOST_FORM if request.path.startswith("/edit/") else BESIDE
    request.max_content_length = most
    # Pasted rows come as a field of the form, which is kept in memory.
    request.max_form_memory_size = most
    request.max_form_parts = MOST_PARTS


def register(app: Flask) -> None:
    """Set the limits of every request; call before anything reads a form."""
    app.jinja_env.globals["most_upload_mb"] = app.extensions["geoapp.settings"].max_upload_mb
    app.before_request(_bound)
