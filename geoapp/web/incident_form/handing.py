"""What was typed in, handed over to a second person: it waits as an upload of the same cells would."""

from __future__ import annotations

from dataclasses import replace

from geoapp.by_hand import Checked, Form, Met, as_csv, check
from geoapp.by_hand.save import met
from geoapp.drafts import Draft
from geoapp.web import context
from geoapp.web.auth import editor
from geoapp.web.editing.shared import drafts, reviews


def handing_over(form: Form) -> Draft | Met | Checked:
    """The draft that waits, or what stands in the way: faults, nothing to change, another's edit meanwhile.

    Raises NotFound, Gone, and DataRefused when the editor has too many open drafts.
    """
    store = context.store()
    found = check(store, form.sheet, form.identifier)
    if found.batch is None or found.change is None:
        return found
    if between := met(store, form, found):
        return between
    content = as_csv(store, form.sheet, found, form.identifier)
    draft = drafts().add(editor().name, f"{found.identifier}.csv", content)
    notes = (form.public_note, form.private_note)
    draft = drafts().change(draft, replace(draft.answers, notes=notes))
    reviews().hand_over(draft)
    return draft
