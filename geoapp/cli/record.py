"""`geoapp history` and `geoapp undo`: what was changed, by which import, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from geoapp.cli.group import example
from geoapp.errors import shorten

if TYPE_CHECKING:
    from geoapp.store import BatchInfo, Version


@click.command(epilog=example("geoapp history", "geoapp history 2019-08-29-shots-reported"))
@click.argument("incident_id", metavar="[ID]", required=False)
def history(incident_id: str | None) -> None:
    """List the batches, newest first; with ID every version of that incident and what it changed."""
    from geoapp.cli.opening import open_store

    with open_store() as store:
        if incident_id is None:
            lines = [_batch_line(batch) for batch in store.batches()]
        else:
            versions = store.history(incident_id)
            before = [None, *versions[:-1]]
            lines = [line for pair in zip(before, versions, strict=True) for line in _version_lines(*pair)]
    for line in lines:
        click.echo(line)


def _batch_line(batch: BatchInfo) -> str:
    counts = f"{batch.created_count:,} new, {batch.updated_count:,} changed, {batch.removed_count:,} removed"
    told = [f"batch {batch.id}", f"{batch.created:%Y-%m-%d %H:%M} UTC", batch.kind, counts]
    if batch.undoes is not None:
        told.append(f"undoes {batch.undoes}")
    told += [text for text in (batch.author, batch.file_name, batch.public_note) if text]
    return " | ".join(shorten(text) for text in told)


def _version_lines(before: Version | None, after: Version) -> list[str]:
    from geoapp.batch import Change
    from geoapp.cli.data import value

    head = f"version {after.number} | {_batch_line(after.batch)}"
    if after.record is None:
        return [head, "  removed"]
    if before is None or before.record is None:
        return [head, f"  new: {after.record.incident.title}"]
    changes = Change(before.record, after.record).fields()
    told = [f"  {name}: {value(old)} -> {value(new)}" for name, old, new in changes]
    return [head, *(told or ["  joined fields only"])]


@click.command(epilog=example('geoapp undo 12 --note "Wrong file"'))
@click.argument("batch", type=click.IntRange(min=1))
@click.option("--note", required=True, help="Why; public, in the list of changes.")
@click.option("--author", default="", help="Who undoes; kept in the store, never public.")
def undo(batch: int, note: str, author: str) -> None:
    """Bring back what stood before BATCH, a number from `geoapp history`.

    This makes a new batch; nothing of the history is lost. It is refused when a later batch changed
    the same incidents: undo that one first.
    """
    from geoapp.cli.opening import open_store

    with open_store() as store:
        version = store.undo(batch, author, note)
    counted = f"{version.incidents:,} incidents with {version.reports:,} reports"
    click.echo(f"Batch {batch} is undone. Data set version {version.number}: {counted}.")
