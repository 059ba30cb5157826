"""`/edit/drafts`: the uploads of whoever is signed in, and where each stands."""

from __future__ import annotations

from flask import Blueprint, render_template

from geoapp.web import context
from geoapp.web.editing import start_page

blueprint = Blueprint("drafts", __name__, url_prefix="/edit")


@blueprint.get("/drafts")
def drafts() -> str:
    """All uploads of the editor that are open or came to something, last changed first."""
    uploads = start_page.uploads()
    still_open = sum(each.draft.is_open for each in uploads)
    return render_template(
        "editors/drafts.html",
        uploads=uploads,
        open=still_open,
        saved=len(uploads) - still_open,
        days=context.settings().draft_days,
    )
