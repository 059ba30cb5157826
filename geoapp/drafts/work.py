"""A draft on its way: read, checked against the data set, previewed, and saved as it was previewed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson

from geoapp.batch import Batch
from geoapp.drafts.likeness import Likeness, carried_out, likenesses
from geoapp.drafts.model import Draft
from geoapp.drafts.reading import Reading, read
from geoapp.drafts.review import Reviews
from geoapp.drafts.rows import Drafts
from geoapp.drafts.table import corrected
from geoapp.errors import Conflict, DataRefused, GeoappError, Problem
from geoapp.incident import record_to_dict
from geoapp.ingest import Table, prepare
from geoapp.store import DatasetVersion, Store


class Outdated(Conflict):
    """What the editor saw is no longer what saving would store; nothing was saved."""


class Unanswered(GeoappError):
    """The columns of the file are not clear yet; `reading` holds the questions."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        super().__init__("the columns of the file are not clear yet")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a preview showed: the version of the data set it stood on, and the digest of its batch."""

    version: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A draft held against the data set.

    `table` has the corrected rows; `batch` is what saving stores, None where anything is refused.
    `problems` are those of the file, `refused` those that come from the decisions about likenesses.
    """

    draft: Draft
    reading: Reading
    table: Table
    problems: tuple[Problem, ...]
    batch: Batch | None = None
    likenesses: tuple[Likeness, ...] = ()
    refused: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What stops the upload, by line."""
        return tuple(each for each in self.problems if each.level == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What does not, by line."""
        return tuple(each for each in self.problems if each.level == "warning")

    @property
    def shown(self) -> Shown | None:
        """What a preview of it shows."""
        # Its editor types the notes below the preview; a second person has read them as they are.
        notes = self.draft.answers.notes if self.draft.state == "waiting" else ()
        return None if self.batch is None else Shown(self.batch.base_version, digest(self.batch, notes))


def digest(batch: Batch, notes: Sequence[str] = ()) -> str:
    """SHA-256 (hex) of every change of a batch and of the notes that were shown with it."""
    told: list[object] = [
        [change.before.version if change.before else None, record_to_dict(change.after)]
        for change in batch.changes
    ]
    told.extend(notes)
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def check(store: Store, draft: Draft) -> Checked:
    """Hold a draft against the data set; raises Unanswered, and DataRefused for an unreadable file."""
    reading = read(store, draft)
    if reading.table is None:
        raise Unanswered(reading)
    table = corrected(reading.table, draft.answers.corrections)
    try:
        batch = prepare(store, table)
    except DataRefused as refused:
        return Checked(draft=draft, reading=reading, table=table, problems=refused.problems)
    found = likenesses(store, draft, table, batch)
    checked = Checked(
        draft=draft, reading=reading, table=table, problems=batch.warnings, batch=batch, likenesses=found
    )
    chosen = carried_out(table, found)
    if chosen is table:
        return checked
    try:
        return replace(checked, batch=prepare(store, chosen))
    except DataRefused as refused:
        return replace(checked, batch=None, refused=refused.problems)


def save(
    store: Store, drafts: Drafts, draft: Draft, shown: Shown, *, reviewer: str | None = None
) -> DatasetVersion:
    """Store a draft as its preview showed it, with the notes of its answers, in one transaction and once.

    A `reviewer` who saves what another person handed over is named in the private note. Raises Outdated
    when the data set, the draft or the outcome changed since; then nothing is stored.
    """
    batch = _as_shown(store, draft, shown)
    public, private = draft.answers.notes
    if reviewer is not None:
        private = f"{private}\nReviewed by {reviewer}.".strip()
    batch = replace(batch, author=draft.editor, public_note=public, private_note=private)
    batch = replace(batch, file_name=draft.file_name, file_hash=draft.file_hash)
    try:
        return store.commit(batch, together=drafts.committed(draft))
    except Conflict as conflict:
        raise Outdated(str(conflict)) from conflict


def hand_over(store: Store, reviews: Reviews, draft: Draft, shown: Shown) -> None:
    """Let a draft wait for a second person, as its preview showed it; raises Outdated and Conflict."""
    _as_shown(store, draft, shown)
    reviews.hand_over(draft)


def _as_shown(store: Store, draft: Draft, shown: Shown) -> Batch:
    checked = check(store, draft)
    if checked.batch is None or not checked.batch.changes or checked.shown != shown:
        raise Outdated("what would be saved is not what was shown")
    return checked.batch
