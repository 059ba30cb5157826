"""The first page of the editors and the list of their drafts: what stands where, and where to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from geoapp.drafts import Draft
from geoapp.errors import NotFound, Problem
from geoapp.incident import COLUMNS
from geoapp.store import BatchInfo, DatasetVersion, Store
from geoapp.web import context
from geoapp.web.auth import editor
from geoapp.web.editing.shared import drafts, step_of
from geoapp.web.wording import plural

RECENT, ALL = 8, 200


@dataclass(frozen=True)
class Upload:
    """One upload of the editor: its file, where it stands, what readers see of it, and the next step."""

    when: datetime
    file_name: str
    stands: str
    for_readers: str
    address: str
    next: str
    draft: Draft


@dataclass(frozen=True)
class StartPage:
    """Everything that the first page says."""

    dataset: DatasetVersion
    most_mb: int
    uploads: tuple[Upload, ...]
    counts: tuple[int, int, int]
    columns: int = len(COLUMNS)
    refused: tuple[Problem, ...] = ()
    pasted: str = ""


def describe(refused: Sequence[Problem] = (), pasted: str = "") -> StartPage:
    """The first page; `refused` says why what was just sent was not taken."""
    reference = context.reference()
    return StartPage(
        dataset=context.dataset(),
        most_mb=context.settings().max_upload_mb,
        uploads=uploads(RECENT),
        counts=(len(reference.categories), len(reference.actors), len(reference.gazetteer)),
        refused=tuple(refused),
        pasted=pasted,
    )


def uploads(limit: int = ALL) -> tuple[Upload, ...]:
    """The uploads of whoever is signed in, last changed first."""
    store = context.store()
    return tuple(_upload(each, store) for each in drafts().of(editor().name, limit))


def _upload(draft: Draft, store: Store) -> Upload:
    stands, following = _stands(draft, store), "Continue" if draft.is_open else "Open"
    readers = "Nothing saved"
    if draft.version is not None:
        readers, following = f"Version {draft.version}", "Open, undo"
    return Upload(
        when=draft.updated,
        file_name=draft.file_name,
        stands=stands,
        for_readers=readers,
        address=url_for(step_of(draft), draft_id=draft.id),
        next=following,
        draft=draft,
    )


def _stands(draft: Draft, store: Store) -> str:
    if draft.version is not None:
        try:
            return f"Batch {draft.batch} saved: {result(store.logged(draft.version).batch)}"
        except NotFound:
            return f"Batch {draft.batch} saved"
    if draft.state == "waiting":
        return "Waits for a reviewer"
    if draft.remark:
        return "Draft: sent back by a reviewer"
    if draft.step == "columns":
        return "Draft: questions about its columns"
    if draft.step == "preview":
        return "Draft: ready to save"
    return f"Draft: {plural(draft.errors, 'error')} to fix" if draft.errors else "Draft: no errors"


def counted(new: int, changed: int) -> str:
    """`12 new and 3 changed`; what is zero is left out."""
    return " and ".join(f"{count:,} {word}" for count, word in ((new, "new"), (changed, "changed")) if count)


def result(batch: BatchInfo) -> str:
    """`12 new, 3 changed`: what a batch did."""
    counts = (
        (batch.created_count, "new"),
        (batch.updated_count, "changed"),
        (batch.removed_count, "removed"),
    )
    return ", ".join(f"{count:,} {word}" for count, word in counts if count) or "no records"
