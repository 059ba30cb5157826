"""`geoapp history`, `undo` and `redact`: what was changed, by which import, and taking it back or out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from geoapp.cli.group import example
from geoapp.config import Settings
from geoapp.errors import Conflict, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from geoapp.store import BatchInfo, Decision, Redaction, Version


@click.command(epilog=example("geoapp history", "geoapp history 2019-08-29-iprm-95-disrupted"))
@click.argument("incident_id", metavar="[ID]", required=False)
def history(incident_id: str | None) -> None:
    """List the batches, newest first; with ID every version of that incident and what it changed."""
    from geoapp.cli.opening import open_store

    with open_store() as store:
        if incident_id is None:
            lines = [_batch_line(batch) for batch in store.batches()]
        else:
            versions = store.history(incident_id, removed=True)
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


@click.command(
    epilog=example(
        'geoapp undo 12 --note "Wrong file"',
        'geoapp undo 12 --note "Wrong source" --conflicts sources --record 2019-08-29-iprm-95-disrupted keep',
    )
)
@click.argument("batch", type=click.IntRange(min=1))
@click.option("--note", required=True, help="Why; public, in the list of changes.")
@click.option("--author", default="", help="Who undoes; kept in the store, never public.")
@click.option(
    "--conflicts",
    type=click.Choice(["keep", "sources", "undo"]),
    help="What to do with incidents that a later batch changed: keep them as they are, take back only the "
    "sources that BATCH added, or undo them too.",
)
@click.option(
    "--record",
    "records",
    type=(str, click.Choice(["keep", "sources", "undo"])),
    multiple=True,
    metavar="ID DECISION",
    help="What to do with one incident of BATCH, whatever --conflicts says; may be given again.",
)
def undo(
    batch: int, note: str, author: str, conflicts: Decision | None, records: Sequence[tuple[str, Decision]]
) -> None:
    """Bring back what stood before BATCH, a number from `geoapp history`.

    This makes a new batch; nothing of the history is lost. When a later batch changed the same incidents it
    is refused and names them, unless --conflicts or --record says what to do with each.
    """
    from geoapp.cli.opening import open_store

    with open_store() as store:
        plan = store.undo_preview(batch)
        named, met = dict(records), [each.id for each in plan.conflicts]
        if foreign := sorted(named.keys() - {*plan.ready, *plan.undone, *met}):
            raise Conflict(f"batch {batch} did not change {', '.join(foreign)}")
        decided = dict.fromkeys(met, conflicts) if conflicts else {}
        version = store.undo(batch, author, note, decisions=decided | named)
    counted = f"{version.incidents:,} incidents with {version.reports:,} reports"
    click.echo(f"Batch {batch} is undone. Data set version {version.number}: {counted}.")


@click.command(
    epilog=example(
        'geoapp redact 2019-08-29-iprm-95-disrupted --field summary --reason "Names a private person"',
        'geoapp redact 2019-08-29-iprm-95-disrupted/2 --reason "Published by mistake"',
    )
)
@click.argument("incident_id", metavar="ID")
@click.option("--field", help="One column; without it all of the incident or of the report.")
@click.option("--reason", required=True, help="Why; public, in the list of changes.")
@click.option("--author", default="", help="Who redacts; kept in the store, never public.")
@click.confirmation_option(prompt="This cannot be undone, and no history keeps it. Go on?")
def redact(incident_id: str, field: str | None, reason: str, author: str) -> None:
    """Take something out of every stored version of the incident ID, or of its report ID/NUMBER.

    The one change that no history keeps: a value is overwritten, a report leaves, or the whole incident
    does, and its address then answers that it is gone. The id itself stays known. The database file is
    written anew, which needs its size again on the disk. Uploads that hold it and are not saved are emptied,
    and the kept export files go. Backups and copies that left this machine still hold what was taken out.
    """
    from geoapp import drafts, links
    from geoapp.cli.opening import open_store
    from geoapp.export.bulk import Bulk

    def forget_links(connection: Connection, redacted: Redaction) -> None:
        links.forget(connection, redacted.values)

    forget = [forget_links, drafts.forget]
    settings = Settings.from_env()
    with open_store(settings) as store:
        version = store.redact(incident_id, field, reason=reason, author=author, forget=forget)
        Bulk(settings.instance_dir / "exports").prune(store)
    what = f"{field} of {incident_id}" if field else incident_id
    click.echo(f"Redacted: {what}. Data set version {version.number}.")
