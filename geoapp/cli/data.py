"""`geoapp import` and `geoapp export`: incidents in and out."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from geoapp.cli.group import Refused, example
from geoapp.cli.progress import progress, rare_collections
from geoapp.errors import shorten
from geoapp.query import FILTERS, parse_filters

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


def _filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """One option for every name of the filter vocabulary."""
    for item in reversed(list(FILTERS.values())):
        command = click.option(f"--{item.name}", item.name, metavar="VALUE", help=item.meaning)(command)
    return command


@click.command(
    epilog=example(
        "geoapp export --format geojson --output crisis.geojson --datetime 2019-08-24/2019-10-31",
        "geoapp export --format csv --output detentions.csv --category detention,release",
    )
)
@click.option(
    "--format", "form", required=True, type=click.Choice(["geojson", "csv"]), help="Form of the file."
)
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, allow_dash=True),
    help="File; - for standard output.",
)
@click.option("--bom", is_flag=True, help="CSV: begin with a byte order mark, which Excel needs.")
@_filter_options
def export(form: str, output: str, bom: bool, **given: str | None) -> None:
    """Write incidents to a file, narrowed by the filters that map, list and API use too.

    Values of one filter are separated by commas and are alternatives; different filters must all
    hold. An existing file is replaced once the new one is complete.
    """
    from geoapp.cli.opening import open_store
    from geoapp.export import FORMATS, Options

    if bom and "bom" not in FORMATS[form].parameters:
        raise click.UsageError(f"--bom does not go with --format {form}")
    pairs = [(name, value) for name, value in given.items() if value is not None]
    with open_store() as store:
        filters = parse_filters(pairs, store.vocabulary())
        count = _write(output, FORMATS[form].write(store.stream(filters), Options(bom=bom)))
    click.echo(f"{count:,} bytes written to {'standard output' if output == '-' else output}.", err=True)


def _write(output: str, parts: Iterable[bytes]) -> int:
    """Write all parts or leave the file as it was; returns the number of bytes."""
    if output == "-":
        return sum(sys.stdout.buffer.write(part) for part in parts)
    target = Path(output)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.absolute().parent)
    except OSError as error:
        raise Refused(f"cannot write to {target.parent}: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as stream:
            count = sum(stream.write(part) for part in parts)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except OSError as error:
        raise Refused(f"cannot write {target}: {error.strerror}") from error
    finally:
        Path(name).unlink(missing_ok=True)
    return count
