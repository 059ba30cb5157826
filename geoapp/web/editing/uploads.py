"""`/edit/uploads`: a file or pasted rows come in, are checked, and are mended here or in the file."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from geoapp.drafts import Draft
from geoapp.drafts.work import Unanswered
from geoapp.drafts.work import check as hold_against
from geoapp.errors import Busy, Conflict, DataRefused, Problem
from geoapp.web import context
from geoapp.web.auth import editor
from geoapp.web.editing import check_page, form, start_page
from geoapp.web.editing.shared import busy, drafts, go, own, step_of, turn_for

blueprint = Blueprint("uploads", __name__, url_prefix="/edit")
blueprint.register_error_handler(Busy, busy)
Answer = BaseResponse | str | tuple[str, int]


@blueprint.get("/uploads")
def start() -> str:
    """Where an upload begins: a file, pasted rows, the template, and the editor's recent uploads."""
    return render_template("editors/upload.html", page=start_page.describe())


@blueprint.post("/uploads")
def upload() -> Answer:
    """Keep what was sent as a draft and go on to its check."""
    try:
        sent = form.sent()
        draft = drafts().add(editor().name, sent.name, sent.data, pasted=sent.pasted)
    except DataRefused as refused:
        page = start_page.describe(refused.problems, request.form.get("pasted", ""))
        return render_template("editors/upload.html", page=page), 422
    return go("uploads.check", draft_id=draft.id)


@blueprint.post("/uploads/<draft_id>/file")
def replace(draft_id: str) -> Answer:
    """Put a corrected file in the place of the draft's; raises NotFound, Gone and Conflict."""
    draft = own(draft_id)
    try:
        sent = form.sent()
    except DataRefused as refused:
        return _unread(draft, refused), 422
    drafts().replace(draft, sent.name, sent.data)
    return go("uploads.check", draft_id=draft.id)


@blueprint.post("/uploads/<draft_id>/discard")
def discard(draft_id: str) -> BaseResponse:
    """Forget a draft; nothing of it was ever saved. Raises NotFound, Gone and Conflict."""
    drafts().discard(own(draft_id))
    return go("uploads.start")


@blueprint.get("/uploads/<draft_id>/check")
def check(draft_id: str) -> Answer:
    """Every error and warning of the file; raises NotFound and Gone."""
    draft = own(draft_id)
    if not draft.is_open:
        return go(step_of(draft), draft_id=draft.id)
    try:
        with turn_for(draft):
            checked = hold_against(context.store(), draft)
    except Unanswered:
        return go("uploads.columns", draft_id=draft.id)
    except DataRefused as refused:
        return _unread(draft, refused)
    drafts().reached(draft, "check", len(checked.errors))
    return render_template("editors/check.html", draft=draft, page=check_page.describe(checked))


@blueprint.post("/uploads/<draft_id>/correct")
def correct(draft_id: str) -> Answer:
    """Let another text stand for one cell; the file stays as it is. Raises NotFound, Gone and Conflict."""
    draft, wanted = own(draft_id), form.correction()
    drafts().change(draft, form.with_corrections(draft.answers, {wanted.cell: wanted.text}))
    return go("uploads.check", wanted.anchor, draft_id=draft.id)


@blueprint.post("/uploads/<draft_id>/take-all")
def take_all(draft_id: str) -> Answer:
    """Take every suggestion of the check; raises NotFound, Gone and Conflict."""
    draft = own(draft_id)
    if not draft.is_open:
        return go(step_of(draft), draft_id=draft.id)
    with turn_for(draft):
        found = check_page.suggested(hold_against(context.store(), draft))
    drafts().change(draft, form.with_corrections(draft.answers, form.suggestions(found)))
    return go("uploads.check", draft_id=draft.id)


def _unread(draft: Draft, refused: DataRefused) -> str:
    """The check of a file that nothing can be made of."""
    drafts().reached(draft, "check", len(refused.problems))
    return render_template("editors/check.html", draft=draft, page=check_page.unread(refused.problems))


@blueprint.errorhandler(Unanswered)
def unanswered(_: Unanswered) -> BaseResponse:
    """What needs the columns before they are clear leads to them."""
    return go("uploads.columns", **_draft_id())


@blueprint.errorhandler(Conflict)
def conflict(error: Conflict) -> tuple[str, int]:
    """Somebody was faster, mostly the same editor in another window: nothing was overwritten."""
    return render_template("editors/draft_conflict.html", reason=str(error), **_draft_id()), 409


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_: RequestEntityTooLarge) -> tuple[str, int]:
    """A file beyond the limit; it was not read."""
    most = context.settings().max_upload_mb
    expected = f"at most {most} MB; it was not read, and nothing was kept. Send it in parts"
    page = start_page.describe([Problem("error", "upload", expected)])
    return render_template("editors/upload.html", page=page), 413


def _draft_id() -> dict[str, str | None]:
    return {"draft_id": (request.view_args or {}).get("draft_id")}
