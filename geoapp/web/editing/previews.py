"""`/edit/uploads/<id>/preview`: what a batch would change, and saving exactly that."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template
from werkzeug.wrappers import Response as BaseResponse

from geoapp.drafts import Draft
from geoapp.drafts.work import Outdated, Shown, Unanswered, hand_over, save
from geoapp.drafts.work import check as hold_against
from geoapp.errors import DataRefused
from geoapp.web import context
from geoapp.web.auth import waits
from geoapp.web.editing import form, preview_page
from geoapp.web.editing.shared import drafts, go, own, reviews, step_of, turn_for
from geoapp.web.editing.uploads import Answer, blueprint


@blueprint.get("/uploads/<draft_id>/preview")
def preview(draft_id: str) -> Answer:
    """The difference that saving would make; raises NotFound and Gone."""
    draft = own(draft_id)
    if not draft.is_open:
        return go(step_of(draft), draft_id=draft.id)
    return _page(draft)


@blueprint.post("/uploads/<draft_id>/decisions")
def decide(draft_id: str) -> Answer:
    """Keep what is decided about likenesses, and show the difference again; raises NotFound and Gone."""
    draft, wanted = own(draft_id), form.saving()
    _keep(draft, wanted)
    return go("uploads.preview", "dup", draft_id=draft.id)


@blueprint.post("/uploads/<draft_id>/save")
def save_draft(draft_id: str) -> Answer:
    """Save what the preview showed, once, or let it wait for a reviewer by the second-person rule.

    When anything is different now, the preview is shown again instead.
    """
    draft, wanted = own(draft_id), form.saving()
    if not draft.is_open:
        return go(step_of(draft), draft_id=draft.id)
    draft = _keep(draft, wanted)
    if not wanted.notes[0]:
        page = _page(draft, note_error="Say in a few words what this batch brings; readers see it.")
        return (page, 422) if isinstance(page, str) else page
    try:
        with turn_for(draft):
            _save(draft, wanted.shown)
    except Outdated:
        return _outdated(draft, wanted.shown)
    return go("reviews.handed_over" if waits() else "history.saved", draft_id=draft.id)


def _save(draft: Draft, shown: Shown) -> None:
    if waits():
        hand_over(context.store(), reviews(), draft, shown)
    else:
        save(context.store(), drafts(), draft, shown)


def _keep(draft: Draft, wanted: form.Saving) -> Draft:
    answers = replace(draft.answers, decisions=wanted.decisions, notes=wanted.notes)
    return drafts().change(draft, answers) if answers != draft.answers else draft


def _outdated(draft: Draft, shown: Shown) -> Answer:
    """Another form of the same draft was faster, or the data set moved on: then the preview is made again."""
    draft = own(draft.id)
    if not draft.is_open:
        return go(step_of(draft), draft_id=draft.id)
    page = _page(draft, shown=shown)
    return (page, 409) if isinstance(page, str) else page


def _page(draft: Draft, *, shown: Shown | None = None, note_error: str = "") -> BaseResponse | str:
    try:
        with turn_for(draft):
            checked = hold_against(context.store(), draft)
    except Unanswered:
        return go("uploads.columns", draft_id=draft.id)
    except DataRefused:
        return go("uploads.check", draft_id=draft.id)
    if checked.errors:
        return go("uploads.check", draft_id=draft.id)
    drafts().reached(draft, "preview", 0)
    page = preview_page.describe(
        checked, context.store(), context.reference(), shown=shown, first=form.first()
    )
    return render_template("editors/preview.html", draft=draft, page=page, note_error=note_error)
