"""Saving what was written by hand: one batch of one record, or the reason why not."""

from __future__ import annotations

from dataclasses import dataclass, replace

from geoapp.by_hand.check import Checked, check, noted
from geoapp.by_hand.merge import Piece, three_way
from geoapp.by_hand.sheet import Sheet, sheet_of
from geoapp.errors import Conflict
from geoapp.incident import Incident, Record
from geoapp.store import DatasetVersion, Store, Version

_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What an editor sends: the sheet, which incident and version it was opened from, and the notes.

    Without `identifier` it is a new incident and `opened` is 0.
    """

    sheet: Sheet
    identifier: str | None = None
    opened: int = 0
    public_note: str = ""
    private_note: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """It is stored: the id and number of the record's version, and the data set version."""

    identifier: str
    version: int
    dataset: DatasetVersion


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody saved the record since it was opened; nothing of this edit is stored."""

    opened: Version
    saved: Version
    theirs: Sheet
    mine: Sheet
    pieces: tuple[Piece, ...]


def met(store: Store, form: Form, found: Checked) -> Met | None:
    """The comparison when the record was saved since the form was opened, else None.

    Raises NotFound and Gone when the record is not there any more.
    """
    if form.identifier is None or not found.batch:
        return None
    current = store.get(form.identifier)
    if current.version == form.opened or not found.change:
        return None
    return _compared(store, form, current, found.change.after.incident)


def _compared(store: Store, form: Form, current: Record, wanted: Incident) -> Met | None:
    history = store.history(current.incident.id)
    opened = next((each for each in history if each.number == form.opened), None)
    # The record may have been brought back since: then what was opened is no version with a content.
    base = opened.record.incident if opened and opened.record else current.incident
    theirs = sheet_of(current.incident)
    mine = _without_new_ids(sheet_of(wanted), theirs)
    pieces = tuple(three_way(sheet_of(base), theirs, mine))
    return Met(opened or history[-1], history[-1], theirs, mine, pieces)


def _without_new_ids(mine: Sheet, theirs: Sheet) -> Sheet:
    """My sheet with its added reports unnumbered again: saving gives them the numbers that are free then."""
    known = {report["report_id"] for report in theirs.reports}
    reports = (
        report if report["report_id"] in known else {**report, "report_id": ""} for report in mine.reports
    )
    return Sheet(mine.incident, tuple(reports))


def save(store: Store, form: Form, author: str) -> Saved | Met | Checked:
    """Store the form as a batch of one; gives what stands in the way when something does.

    `Checked` with errors, or without any change to store. Raises NotFound, Gone, Conflict, StoreFailed.
    """
    for _ in range(_TRIES):
        found = check(store, form.sheet, form.identifier)
        if found.batch is None or found.change is None:
            return found
        if between := met(store, form, found):
            return between
        batch = noted(found.batch, author, form.public_note, form.private_note)
        try:
            dataset = store.commit(batch)
        except Conflict:
            continue  # somebody saved something; look again whether it was this record
        return Saved(found.identifier, store.get(found.identifier).version, dataset)
    raise Conflict("others are saving all the time; nothing of yours was stored, so try again")


def reopened(form: Form, sheet: Sheet, version: int) -> Form:
    """The form as if it had been opened from that version, with this sheet."""
    return replace(form, sheet=sheet, opened=version)
