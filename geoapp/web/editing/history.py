"""`/edit/batches`, `/edit/incidents/<id>/history`: what was saved, by whom and why, and taking it back."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response as BaseResponse

from geoapp.errors import Conflict, DataRefused, NotFound
from geoapp.spatial_join import Joiner
from geoapp.store import Logged
from geoapp.web import context
from geoapp.web.auth import editor, refuse_alone
from geoapp.web.editing import form, history_page
from geoapp.web.editing.shared import go, own, step_of
from geoapp.web.paging import Paging
from geoapp.web.readers.changes import RECORDS_AT_ONCE, tell

blueprint = Blueprint("history", __name__, url_prefix="/edit")
Answer = BaseResponse | str | tuple[str, int]
MOST_NUMBER = 2_147_483_647


@blueprint.get("/batches")
def history() -> str:
    """The batches, newest first; `undo=N` previews taking that one back, `made=N` tells of a version."""
    store, made, wanted = context.store(), form.number("made"), form.narrowed()
    if wanted:
        page = history_page.narrowed(store, context.reference(), wanted, form.first())
    else:
        saved = store.logged(made) if made else None
        page = history_page.describe(
            store, context.reference(), form.first(), undo=form.number("undo"), saved=saved
        )
    return render_template("editors/history.html", page=page)


@blueprint.get("/uploads/<draft_id>/saved")
def saved(draft_id: str) -> Answer:
    """What an upload came to, above the history; raises NotFound and Gone."""
    draft = own(draft_id)
    if draft.version is None:
        return go(step_of(draft), draft_id=draft.id)
    store = context.store()
    page = history_page.describe(store, context.reference(), saved=store.logged(draft.version))
    return render_template("editors/history.html", page=page)


@blueprint.get(f"/batches/<int(max={MOST_NUMBER}):batch>")
def batch(batch: int) -> str:
    """One batch with the difference that it made in every record; raises NotFound."""
    store, reference, first = context.store(), context.reference(), form.first()
    entry = _entry(batch)
    told = [(each, tell(each, reference)) for each in store.record_changes(batch, RECORDS_AT_ONCE, first)]
    counts = entry.batch
    touched = counts.created_count + counts.updated_count + counts.removed_count
    paging = Paging.of(first, RECORDS_AT_ONCE, touched)
    row = history_page.row(entry, store)
    return render_template("editors/batch.html", row=row, records=told, paging=paging)


@blueprint.post(f"/batches/<int(max={MOST_NUMBER}):batch>/undo")
def undo(batch: int) -> Answer:
    """Take a batch back as its preview said, or show that again; raises NotFound."""
    refuse_alone("taking a batch back")
    wanted = form.undoing(batch)
    try:
        made = context.store().undo(
            batch, editor().name, wanted.public, private_note=wanted.private, decisions=wanted.decisions
        )
    except (Conflict, DataRefused) as refused:
        return _again(batch, str(refused))
    return go("history.history", "saved", made=made.number)


@blueprint.get("/incidents/<incident_id>/history")
def record(incident_id: str) -> str:
    """Every version of a record with its reasons, of a removed one too; raises NotFound."""
    return _record(incident_id)


@blueprint.post("/incidents/<incident_id>/restore")
def restore(incident_id: str) -> Answer:
    """Bring a record back to one of its versions, as a batch of its own; raises NotFound."""
    refuse_alone("bringing a version back")
    wanted, joiner = form.restoring(), Joiner(context.reference())
    try:
        made = context.store().restore(
            incident_id, wanted.number, editor().name, wanted.public, private_note=wanted.private,
            join=joiner.join,
        )  # fmt: skip
    except (Conflict, DataRefused) as refused:
        return _record(incident_id, str(refused)), 409
    return go("history.history", "saved", made=made.number)


def _record(incident_id: str, problem: str = "") -> str:
    found = history_page.versions(context.store().history(incident_id, removed=True), context.reference())
    return render_template("editors/record_history.html", id=incident_id, versions=found, problem=problem)


def _again(batch: int, problem: str) -> tuple[str, int]:
    page = history_page.describe(context.store(), context.reference(), undo=batch, problem=problem)
    return render_template("editors/history.html", page=page), 409


def _entry(batch: int) -> Logged:
    """The version of the data set that a batch made; raises NotFound."""
    store = context.store()
    found = next((each for each in store.log(store.log_length()) if each.batch.id == batch), None)
    if found is None:
        raise NotFound("batch", str(batch))
    return found
