"""What was typed in, handed over to a second person: it waits as an upload of the same cells would."""

from __future__ import annotations

from dataclasses import replace

from geoapp.by_hand import Checked, Fault, Form, Met, as_csv, check
from geoapp.by_hand.save import met
from geoapp.drafts import Draft
from geoapp.errors import DataRefused
from geoapp.web import context
from geoapp.web.auth import editor
from geoapp.web.editing.shared import drafts, reviews


def handing_over(form: Form) -> Draft | Met | Checked:
    """The draft that waits, or what stands in the way: faults, nothing to change, another's edit meanwhile.

    Too many open drafts are such a fault too: what was typed stays in the form. Raises NotFound and Gone.
    """
    store = context.store()
    found = check(store, form.sheet, form.identifier)
    if found.batch is None or found.change is None:
        return found
    if between := met(store, form, found):
        return between
    content = as_csv(store, form.sheet, found, form.identifier)
    try:
        draft = drafts().add(editor().name, f"{found.identifier}.csv", content)
    except DataRefused as refused:
        faults = tuple(Fault("error", None, "title", each.expected) for each in refused.problems)
        return replace(found, faults=faults, batch=None)
    notes = (form.public_note, form.private_note)
    draft = drafts().change(draft, replace(draft.answers, notes=notes))
    reviews().hand_over(draft)
    return draft
