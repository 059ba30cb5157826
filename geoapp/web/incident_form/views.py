"""`/edit/incidents/new` and `/edit/incidents/<id>`: check, add a source, save, put two edits together."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geoapp import by_hand
from geoapp.by_hand import Checked, Form, Met, Saved, blank_sheet, check, sheet_of
from geoapp.by_hand.save import met, reopened
from geoapp.drafts import Draft
from geoapp.drafts.likeness import alike
from geoapp.incident import Record
from geoapp.web import context
from geoapp.web.auth import editor, waits
from geoapp.web.incident_form import comparison, controls
from geoapp.web.incident_form.handing import handing_over
from geoapp.web.incident_form.page import FormPage, Likeness, lacks_note, with_report, without_report
from geoapp.web.incident_form.sent import Sent, sent
from geoapp.web.readers import mapdata

blueprint = Blueprint("by_hand", __name__, url_prefix="/edit/incidents")


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """A form with nothing in it."""
    sheet = blank_sheet()
    sheet = by_hand.Sheet(
        {**sheet.incident, "date_precision": "day", "location_precision": "village"}, sheet.reports
    )
    return _page(Form(sheet=sheet))


@blueprint.get("/<incident_id>")
def edit(incident_id: str) -> ResponseReturnValue:
    """The form of a stored incident; raises NotFound and Gone."""
    record = context.store().get(incident_id)
    form = Form(sheet=sheet_of(record.incident), identifier=incident_id, opened=record.version)
    return _page(form, record=record, said=_just_saved(record))


@blueprint.post("/new")
def send_new() -> ResponseReturnValue:
    """Check or save a new incident, or give it another source."""
    return _act(sent(None))


@blueprint.post("/<incident_id>")
def send(incident_id: str) -> ResponseReturnValue:
    """Check or save a stored incident, or put two edits together; raises NotFound and Gone."""
    return _act(sent(incident_id))


def _act(asked: Sent) -> ResponseReturnValue:
    acts: dict[str, Callable[[Sent], ResponseReturnValue]] = {
        "check": _check, "save": _save, "add": _add, "take": _take, "drop": _drop,
    }  # fmt: skip
    return acts[asked.act.partition("-")[0]](asked)


def _check(asked: Sent) -> ResponseReturnValue:
    store, form = context.store(), asked.form
    found = check(store, form.sheet, form.identifier)
    if between := met(store, form, found):
        return _compare(between, asked)
    return _page(form, checked=found), 422 if found.errors else 200


def _add(asked: Sent) -> ResponseReturnValue:
    return _page(with_report(asked.form), focus=f"{len(asked.form.sheet.reports)}.source_url")


def _drop(asked: Sent) -> ResponseReturnValue:
    return _page(without_report(asked.form, int(asked.act.partition("-")[2])), focus="title")


def _save(asked: Sent) -> ResponseReturnValue:
    store, form = context.store(), asked.form
    if not form.public_note:
        return _page(form, checked=lacks_note(check(store, form.sheet, form.identifier))), 422
    return _stored(form, asked)


def _stored(form: Form, asked: Sent) -> ResponseReturnValue:
    if not waits():
        return _answer(by_hand.save(context.store(), form, editor().name), asked)
    done = handing_over(form)
    if isinstance(done, Draft):
        return redirect(url_for("reviews.handed_over", draft_id=done.id), 303)
    return _answer(done, asked)


def _take(asked: Sent) -> ResponseReturnValue:
    """Save what was put together, unless a choice is missing or they saved again."""
    store, form = context.store(), asked.form
    between = met(store, form, check(store, form.sheet, form.identifier))
    if between is None:
        return _save(asked)
    if between.saved.number != asked.seen:
        return _compare(between, asked, again=True)
    chosen = comparison.answers(between, asked.choices or {})
    if chosen is None or not form.public_note:
        return _compare(between, asked, missing=True)
    sheet = by_hand.merged(between.theirs, between.mine, list(between.pieces), chosen)
    together = reopened(form, sheet, between.saved.number)
    return _stored(together, Sent(together, "save"))


def _answer(done: Saved | Met | Checked, asked: Sent) -> ResponseReturnValue:
    if isinstance(done, Saved):
        return redirect(url_for("by_hand.edit", incident_id=done.identifier, saved=done.version), 303)
    if isinstance(done, Met):
        return _compare(done, asked, again=asked.act == "take")
    return _page(asked.form, checked=done), 422 if done.errors else 200


def _compare(between: Met, asked: Sent, *, again: bool = False, missing: bool = False) -> ResponseReturnValue:
    page = comparison.describe(between, asked.form, asked.choices or {}, again=again, missing=missing)
    return render_template("editors/incident_met.html", page=page), 409


def _page(
    form: Form,
    *,
    record: Record | None = None,
    checked: Checked | None = None,
    said: str = "",
    focus: str = "",
) -> str:
    if record is None and form.identifier:
        record = context.store().get(form.identifier)
    page = FormPage(form, context.reference(), record, checked, said, focus, _likeness(checked))
    return render_template(
        "editors/incident_form.html",
        page=page,
        controls=controls,
        config=mapdata.config(),
        endpoints=current_app.view_functions,
    )


def _likeness(checked: Checked | None) -> Likeness | None:
    """The stored incident that a new one looks like; to look at, nothing is decided by it."""
    if checked is None or checked.batch is None or not checked.batch.created:
        return None
    found = alike(context.store(), checked.batch.created).get(checked.identifier)
    if found is None:
        return None
    return Likeness(found[0], context.store().get(found[0]).incident.title, found[1])


def _just_saved(record: Record) -> str:
    """What the address says was just saved, when it is what is stored."""
    text = request.args.get("saved", "")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", text) or int(text) != record.version:
        return ""
    return f"Saved as version {record.version} of this record. Readers see it now."
