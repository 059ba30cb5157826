"""What the editors' views share: the drafts, the one that an address names, and where to go next."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from geoapp.drafts import Draft, Drafts, Mappings, Reviews
from geoapp.errors import Busy
from geoapp.web import context, turns
from geoapp.web.auth import editor

# Some thousand rows, which are checked within half a second.
LARGE_BYTES = 1_000_000


def drafts() -> Drafts:
    """The drafts of the store."""
    return Drafts(context.store(), context.settings().draft_days)


def reviews() -> Reviews:
    """The drafts that wait for a second person."""
    return Reviews(context.store(), context.settings().draft_days)


def mappings() -> Mappings:
    """The mappings that editors kept."""
    return Mappings(context.store())


def own(draft_id: str) -> Draft:
    """The draft of whoever is signed in; one of somebody else is not there. Raises NotFound and Gone."""
    return drafts().get(draft_id, editor().name)


def turn_for(draft: Draft) -> AbstractContextManager[None]:
    """What costs seconds where a file is large is done in turn; raises Busy when none becomes free soon."""
    return turns.CHECKS.turn() if len(draft.content) >= LARGE_BYTES else nullcontext()


def busy(_: Busy) -> tuple[str, int, dict[str, str]]:
    """Another large file is being checked; this one is kept, and nothing of it was done."""
    again = request.path
    if request.method != "GET":
        shows = "reviews.review" if request.blueprint == "reviews" else "uploads.preview"
        again = url_for(shows, **(request.view_args or {}))
    return render_template("editors/busy.html", again=again), 503, {"Retry-After": "5"}


def go(endpoint: str, anchor: str | None = None, **values: Any) -> Response:
    """On to a page after a form was acted on, so that loading it again does nothing twice."""
    return redirect(url_for(endpoint, _anchor=anchor, **values), 303)


def step_of(draft: Draft) -> str:
    """The endpoint where work on a draft goes on."""
    if draft.state == "waiting":
        return "reviews.handed_over"
    return f"uploads.{draft.step}" if draft.is_open else "history.saved"
