"""`geoapp import`: incidents in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from geoapp.cli.group import example, tell
from geoapp.cli.progress import progress, rare_collections
from geoapp.errors import DataRefused, shorten

if TYPE_CHECKING:
    from geoapp.batch import Batch
    from geoapp.cli.helping import Helper
    from geoapp.cli.streamed import Outcome
    from geoapp.config import Settings
    from geoapp.store import Store

# Fewer are counted as soon as a page asks.
COUNTED_AHEAD = 100_000


@click.command(
    "import",
    epilog=example(
        "geoapp import new.csv --dry-run",
        'geoapp import new.csv --author "A. Editor" --note "Reports of May 2024"',
        "geoapp import acled-export.csv --mapping acled --link https://example.org/export --dry-run",
        'geoapp import detentions.xlsx --sheet "May 2024" --errors detentions-errors.csv',
    ),
)
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Check the file and show the difference; change nothing.")
@click.option("--mapping", metavar="M.toml", help="How its columns become ours: a file, acled or ucdp-ged.")
@click.option("--link", metavar="URL", help="The source of every row that has no source_url of its own.")
@click.option("--sheet", metavar="NAME", help="Sheet of a workbook; without it the first with text.")
@click.option(
    "--errors",
    "errors_to",
    type=click.Path(dir_okay=False),
    help="Where to write the rows with a column of errors beside them, when there are any.",
)
@click.option("--author", default="", help="Who imports; kept in the store, never public.")
@click.option("--note", default="", help="What this import brings; public, in the list of changes.")
def import_(file: IO[bytes], dry_run: bool, author: str, note: str, **given: str | None) -> None:
    """Import incidents from FILE (- for standard input): CSV, TSV or a workbook (XLSX).

    Encoding and delimiter are recognised, and so are usual headings; what was taken for what is told.
    Either all of it is stored or, when anything is wrong, nothing: every error is printed as
    file:line:column. Importing the same file again changes nothing. Rows never delete; what the
    file leaves out is unchanged.
    """
    from geoapp.config import Settings

    settings = Settings.from_env()
    with _started(settings, file, dry_run, given) as helper:
        from geoapp.batch import Batch
        from geoapp.cli.opening import open_store
        from geoapp.cli.streamed import stream, try_out
        from geoapp.store import count_ahead

        name = Path(getattr(file, "name", "standard input")).name
        about = Batch(changes=(), base_version=0, author=author, public_note=note, file_name=name)
        with open_store(settings, create=True) as store:
            if dry_run:
                done = try_out(store, file, about, given)
            else:
                done = stream(store, file, about, given, helper)
            if done is None:
                if helper is not None:
                    helper.close()
                _whole(store, file, about, given, dry_run=dry_run)
                return
            _tell(done, dry_run)
            if done.version is not None and done.version.incidents >= COUNTED_AHEAD:
                count_ahead(store)


@contextmanager
def _started(
    settings: Settings, file: IO[bytes], dry_run: bool, given: Mapping[str, str | None]
) -> Iterator[Helper | None]:
    """A process beside this one where a file is large, before anything else is loaded: it loads it too."""
    from geoapp.cli.helping import Helper, is_useful
    from geoapp.cli.streamed import is_large

    if dry_run or not is_large(file, given) or not is_useful():
        yield None
        return
    with Helper(settings.store_url) as helper:
        yield helper


def _whole(
    store: Store, file: IO[bytes], about: Batch, given: Mapping[str, str | None], *, dry_run: bool
) -> None:
    """Import a file that is held in memory."""
    from geoapp.cli.foreign import read, write_errors
    from geoapp.cli.opening import commit
    from geoapp.cli.streamed import outcome_of
    from geoapp.ingest import prepare

    table = read(file.read(), about.file_name, given)
    try:
        with progress("Checking") as show, rare_collections():
            batch = prepare(store, table, author=about.author, public_note=about.public_note, progress=show)
    except DataRefused as error:
        if (target := given["errors_to"]) is not None:
            write_errors(Path(target), table, error.problems)
        raise
    _tell(outcome_of(batch), dry_run)
    if batch.changes and not dry_run:
        commit(store, batch)


def _tell(done: Outcome, dry_run: bool) -> None:
    from geoapp.cli.opening import tell_version

    tell(done.warnings)
    if dry_run:
        _show_changes(done)
    click.echo(_counts(done) + (" Dry run: nothing was stored." if dry_run else ""))
    if done.version is not None and done.changes:
        tell_version(done.version)


def _counts(done: Outcome) -> str:
    warnings = len(done.warnings)
    return (
        f"{done.created:,} new, {done.updated:,} changed, {done.unchanged:,} unchanged; "
        f"{warnings:,} warning{'' if warnings == 1 else 's'}."
    )


def _show_changes(done: Outcome) -> None:
    for change in done.shown:
        if change.before is None:
            click.echo(f"new {change.id}: {change.after.incident.title}")
        for name, old, new in change.fields():
            click.echo(f"changed {change.id}: {name}: {value(old)} -> {value(new)}")
    if (more := done.changes - len(done.shown)) > 0:
        click.echo(f"... and {more:,} more incidents")


def value(item: Any) -> str:
    """A stored value as one short text."""
    return "blank" if item is None else shorten(item if isinstance(item, str) else str(item))
