"""`geoapp rejoin`, `reload` and `check`: keeping the store true to the reference data."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import click

from geoapp.cli.group import Refused, example
from geoapp.cli.progress import progress
from geoapp.config import Settings

if TYPE_CHECKING:
    from geoapp.incident import Joined
    from geoapp.store import Store

_AT_ONCE = 5_000


@click.command(epilog=example("geoapp rejoin"))
def rejoin() -> None:
    """Compute distances, areas and crossings of every incident again from the stored layers.

    Where nothing changed, damaged files of the map are written anew from the records.
    """
    from geoapp.cli.opening import open_store

    with open_store() as store:
        _rejoin(store)


def _rejoin(store: Store) -> None:
    before = store.current()
    after = store.rejoin(_joined(store), note="Joined fields computed again")
    if after.number == before.number:
        click.echo("The joined fields of all incidents are up to date.")
    else:
        click.echo(f"Computed again and written: data set version {after.number}.")


def _joined(store: Store) -> Iterator[tuple[str, Joined]]:
    """Id and new joined fields of every incident, retracted ones too."""
    from geoapp.kinds import STATUSES
    from geoapp.query import Filters
    from geoapp.spatial_join import Joiner

    everything = Filters(status=tuple(STATUSES))
    joiner, total, done = Joiner(store.reference()), store.count(everything), 0
    records = store.stream(everything)
    with progress("Joining") as show:
        while some := [record.incident for record in islice(records, _AT_ONCE)]:
            yield from zip((incident.id for incident in some), joiner.join(some), strict=True)
            done += len(some)
            show(done, total)


@click.command(epilog=example("geoapp reload --dry-run", 'geoapp reload --note "Two more places"'))
@click.option("--dry-run", is_flag=True, help="Check the files and show the difference; change nothing.")
@click.option("--author", default="", help="Who reloads; kept in the store, never public.")
@click.option("--note", default="", help="What the new data bring; public, in the list of changes.")
def reload(dry_run: bool, author: str, note: str) -> None:
    """Read actors, categories, checkpoint states, layers and places from the data folder again.

    All files are checked first; they are taken in one transaction or, when anything is wrong, not at
    all. A code that an incident uses is not removed. Joined fields are computed again after it.
    """
    from geoapp import reference
    from geoapp.cli.opening import open_store

    settings = Settings.from_env()
    new = reference.read(settings.data_dir)
    for warning in new.warnings:
        click.echo(str(warning), err=True)
    with open_store(settings) as store:
        lines = reference.changes(store.reference(), new)
        for line in lines:
            click.echo(line)
        counted = f"{len(lines):,} difference{'' if len(lines) == 1 else 's'} to the stored reference data."
        click.echo(counted + (" Dry run: nothing was stored." if dry_run else ""))
        if not dry_run:
            store.save_reference(new, author, note)
            _rejoin(store)


@click.command(epilog=example("geoapp check"))
def check() -> None:
    """Check settings, data folder and store, and say how to mend what is wrong.

    Exit code 1 when something is wrong; warnings alone give 0.
    """
    from geoapp.cli.checking import Finding, findings

    found: list[Finding] = []
    for finding in findings(Settings.from_env()):
        click.echo(str(finding))
        found.append(finding)
    errors = sum(finding.level == "error" for finding in found)
    if errors:
        raise Refused(f"{errors} of {len(found)} checks failed; how to mend each stands beside it.")
