"""The editors' pages from a file to the data set and back: upload, columns, check, preview, history, undo."""

from __future__ import annotations

from flask import Flask

from geoapp.web.editing import (
    bounds,
    columns,
    draft_list,
    files,
    history,
    links_page,
    previews,
    reviews,
    uploads,
    words,
)

# `columns`, `previews` and `files` add their views to the blueprint of `uploads`.
PARTS = (uploads, draft_list, history, reviews, links_page)
STEPS = (columns, previews, files)


def register(app: Flask) -> None:
    """Bound what requests may send, and give templates their words; call before anything reads a form."""
    bounds.register(app)
    words.register(app)
