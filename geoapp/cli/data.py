"""`geoapp import`: incidents in."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from geoapp.cli.group import example
from geoapp.cli.progress import progress, rare_collections
from geoapp.errors import shorten

if TYPE_CHECKING:
    from geoapp.batch import Batch

_SHOWN_CHANGES = 200


@click.command(
    "import",
    epilog=example(
        "geoapp import new.csv --dry-run",
        'geoapp import new.csv --author "A. Editor" --note "Reports of May 2024"',
    ),
)
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Check the file and show the difference; change nothing.")
@click.option("--author", default="", help="Who imports; kept in the store, never public.")
@click.option("--note", default="", help="What this import brings; public, in the list of changes.")
def import_(file: IO[bytes], dry_run: bool, author: str, note: str) -> None:
    """Import incidents from the CSV file FILE (- for standard input).

    Either all of it is stored or, when anything is wrong, nothing: every error is printed as
    file:line:column. Importing the same file again changes nothing. Rows never delete; what the
    file leaves out is unchanged.
    """
    from geoapp.cli.opening import commit, open_store
    from geoapp.ingest import prepare, read_table

    table = read_table(file.read(), Path(getattr(file, "name", "standard input")).name)
    with open_store(create=True) as store:
        with progress("Checking") as show, rare_collections():
            batch = prepare(store, table, author=author, public_note=note, progress=show)
        for warning in batch.warnings:
            click.echo(str(warning), err=True)
        if dry_run:
            _show_changes(batch)
        click.echo(_counts(batch) + (" Dry run: nothing was stored." if dry_run else ""))
        if batch.changes and not dry_run:
            commit(store, batch)


def _counts(batch: Batch) -> str:
    return (
        f"{len(batch.created):,} new, {len(batch.updated):,} changed, {batch.unchanged:,} unchanged; "
        f"{len(batch.warnings):,} warnings."
    )


def _show_changes(batch: Batch) -> None:
    for change in batch.changes[:_SHOWN_CHANGES]:
        if change.before is None:
            click.echo(f"new {change.id}: {change.after.incident.title}")
        for name, old, new in change.fields():
            click.echo(f"changed {change.id}: {name}: {value(old)} -> {value(new)}")
    if len(batch.changes) > _SHOWN_CHANGES:
        click.echo(f"... and {len(batch.changes) - _SHOWN_CHANGES:,} more incidents")


def value(item: Any) -> str:
    """A stored value as one short text."""
    return "blank" if item is None else shorten(item if isinstance(item, str) else str(item))
