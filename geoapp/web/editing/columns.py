"""`/edit/uploads/<id>/columns`: which column of a foreign file is which, and what its values mean."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template

from geoapp.drafts import Draft
from geoapp.drafts.reading import Reading, read
from geoapp.errors import DataRefused
from geoapp.web import context
from geoapp.web.auth import editor
from geoapp.web.editing import columns_form, columns_page
from geoapp.web.editing.shared import drafts, go, mappings, own, step_of, turn_for
from geoapp.web.editing.uploads import Answer, blueprint


@blueprint.get("/uploads/<draft_id>/columns")
def columns(draft_id: str) -> Answer:
    """The columns of the file, as they were recognised or chosen; raises NotFound and Gone."""
    draft = own(draft_id)
    if not draft.is_open:
        return go(step_of(draft), draft_id=draft.id)
    try:
        with turn_for(draft):
            reading = read(context.store(), draft)
    except DataRefused:
        return go("uploads.check", draft_id=draft.id)
    drafts().reached(draft, "columns", 0)
    return _page(draft, reading)


@blueprint.post("/uploads/<draft_id>/columns")
def map_columns(draft_id: str) -> Answer:
    """Keep the answers, and go on to the check once nothing is open; raises NotFound, Gone and Conflict."""
    draft = own(draft_id)
    try:
        with turn_for(draft):
            sheet = read(context.store(), draft).sheet
    except DataRefused:
        return go("uploads.check", draft_id=draft.id)
    plan, name = columns_form.plan(sheet), columns_form.name()
    draft = drafts().change(
        draft, replace(draft.answers, mapping=plan.to_dict(), corrections={}, decisions={})
    )
    with turn_for(draft):
        reading = read(context.store(), draft)
    if name:
        mappings().keep(name, editor().name, plan.to_dict())
    if reading.table is None:
        return _page(draft, reading, asked=True), 422
    if columns_form.wants_to_stay():
        return go("uploads.columns", draft_id=draft.id)
    return go("uploads.check", draft_id=draft.id)


def _page(draft: Draft, reading: Reading, *, asked: bool = False) -> str:
    page = columns_page.describe(reading, mappings(), context.reference(), asked=asked)
    return render_template("editors/columns.html", draft=draft, page=page, lines_of=columns_page.lines_of)
