"""`/edit/waiting`: what was handed over to a second person; a reviewer saves it or sends it back."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from geoapp.drafts import Draft
from geoapp.drafts.work import Checked, Outdated, Shown, Unanswered, check, save
from geoapp.errors import Busy, Conflict, DataRefused
from geoapp.web import context
from geoapp.web.auth import editor, requires
from geoapp.web.editing import form, preview_page
from geoapp.web.editing.shared import busy, drafts, go, own, reviews, step_of, turn_for

blueprint = Blueprint("reviews", __name__, url_prefix="/edit")
blueprint.register_error_handler(Busy, busy)
Answer = BaseResponse | str | tuple[str, int]
MOST_REMARK = 2_000


@blueprint.get("/waiting")
@requires("reviewer")
def waiting() -> str:
    """What others handed over, the longest waiting first."""
    return render_template("editors/waiting.html", waiting=reviews().of_others(editor().name))


@blueprint.get("/waiting/<draft_id>")
@requires("reviewer")
def review(draft_id: str) -> Answer:
    """What saving a waiting draft would change now; raises NotFound, also for one's own."""
    return _page(_waiting(draft_id))


@blueprint.post("/waiting/<draft_id>/save")
@requires("reviewer")
def save_waiting(draft_id: str) -> Answer:
    """Save what the preview showed, as its editor's batch; show it again when anything is different now."""
    draft, wanted = _waiting(draft_id), form.saving()
    try:
        with turn_for(draft):
            made = save(context.store(), drafts(), draft, wanted.shown, reviewer=editor().name)
    except (Outdated, Unanswered, DataRefused):
        return _page(_waiting(draft_id), wanted.shown), 409
    return go("history.history", "saved", made=made.number)


@blueprint.post("/waiting/<draft_id>/send-back")
@requires("reviewer")
def send_back(draft_id: str) -> Answer:
    """Give a waiting draft back to its editor with a remark; raises NotFound and Conflict."""
    draft, remark = _waiting(draft_id), form.plain("remark", MOST_REMARK)
    if not remark:
        return _page(draft, remark_error="Say what is to be mended; the editor reads it."), 422
    reviews().send_back(draft, remark)
    return go("reviews.waiting")


@blueprint.get("/uploads/<draft_id>/waiting")
def handed_over(draft_id: str) -> Answer:
    """For the editor: it waits, and can be taken back; raises NotFound and Gone."""
    draft = own(draft_id)
    if draft.state != "waiting":
        return go(step_of(draft), draft_id=draft.id)
    return render_template("editors/handed_over.html", draft=draft)


@blueprint.post("/uploads/<draft_id>/take-back")
def take_back(draft_id: str) -> BaseResponse:
    """Open one's waiting draft again; raises NotFound, Gone and Conflict."""
    draft = own(draft_id)
    reviews().take_back(draft)
    return go("uploads.preview", draft_id=draft.id)


@blueprint.errorhandler(Conflict)
def conflict(error: Conflict) -> tuple[str, int]:
    """Somebody was faster; nothing was overwritten."""
    draft_id = (request.view_args or {}).get("draft_id")
    return render_template("editors/draft_conflict.html", reason=str(error), draft_id=draft_id), 409


def _waiting(draft_id: str) -> Draft:
    return reviews().get(draft_id, editor().name)


def _page(draft: Draft, shown: Shown | None = None, remark_error: str = "") -> str:
    checked = _checked(draft)
    page = None
    if checked is not None:
        store, reference = context.store(), context.reference()
        page = preview_page.describe(checked, store, reference, shown=shown, first=form.first())
    return render_template("editors/review.html", draft=draft, page=page, remark_error=remark_error)


def _checked(draft: Draft) -> Checked | None:
    """The draft held against the data set as it is now; None where it passes no more."""
    try:
        with turn_for(draft):
            checked = check(context.store(), draft)
    except (Unanswered, DataRefused):
        return None
    return None if checked.errors else checked
