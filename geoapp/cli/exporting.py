"""`geoapp export`: incidents out."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from geoapp.cli.group import Refused, example
from geoapp.query import FILTERS, parse_filters

EXTENSIONS = ("geojson", "csv", "gpkg", "parquet", "fgb", "geojsonl")


def _filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """One option for every name of the filter vocabulary."""
    for item in reversed(list(FILTERS.values())):
        command = click.option(f"--{item.name}", item.name, metavar="VALUE", help=item.meaning)(command)
    return command


@click.command(
    epilog=example(
        "geoapp export --format geojson --output crisis.geojson --datetime 2019-08-24/2019-10-31",
        "geoapp export --format gpkg --output detentions.gpkg --category detention,release",
    )
)
@click.option("--format", "form", required=True, type=click.Choice(EXTENSIONS), help="Form of the file.")
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
    from geoapp.export import FORMATS, About, Counted
    from geoapp.export.credits import parts
    from geoapp.export.styles import groups_of

    known = FORMATS[form]
    if bom and "bom" not in known.parameters:
        raise click.UsageError(f"--bom does not go with --format {form}")
    pairs = [(name, value) for name, value in given.items() if value is not None]
    with open_store() as store:
        filters = parse_filters(pairs, store.vocabulary())
        with store.snapshot(filters) as (version, found):
            query = "&".join(f"{name}={value}" for name, value in filters.to_pairs())
            reference = store.reference()
            about = About(
                version=version.number,
                made=version.created,
                query=query,
                parts=parts(reference),
                groups=groups_of(reference),
                bom=bom,
            )
            counted = Counted(found)
            size = _write(output, known.stream(counted, about))
    where = "standard output" if output == "-" else output
    click.echo(f"{counted.incidents:,} incidents, {size:,} bytes written to {where}.", err=True)


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
