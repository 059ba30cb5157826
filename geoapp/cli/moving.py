"""`geoapp copy`, `backup` and `restore`: a whole store to another place."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geoapp.cli.group import Refused, example
from geoapp.cli.progress import progress
from geoapp.config import Settings
from geoapp.errors import Conflict

if TYPE_CHECKING:
    from geoapp.store import DatasetVersion


@click.command(
    "copy",
    epilog=example(
        "geoapp copy instance/geoapp.sqlite postgresql+psycopg://geoapp@localhost/geoapp",
        "geoapp copy postgresql+psycopg://geoapp@localhost/geoapp elsewhere.sqlite",
    ),
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(source: str, target: str) -> None:
    """Copy all of a store into an empty one, of the same or of another engine.

    FROM and TO are addresses as in GEOAPP_DATABASE_URL, or names of SQLite files. Records, history,
    log, versions, reference data, accounts, drafts and checked links all go along, and the content is
    held against its hash at the end. All of it arrives or nothing; the source stays as it is.
    """
    from geoapp.store import copying

    with progress("Copying") as show:
        version = copying.copy(_address(source), _address(target, made=True), show)
    click.echo(f"Copied: {_told(version)}")


@click.command(epilog=example("geoapp backup backups/2026-11-22.sqlite", "geoapp backup backups"))
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write the whole store to FILE while it is in use.

    Where FILE is a folder, the backup gets a name by its time there, and those of such names that are older
    than GEOAPP_BACKUP_DAYS are removed once it is written.

    FILE is a SQLite file whatever the engine of the store is, so that it can be restored into either and
    looked at with GEOAPP_DATABASE_URL=sqlite:///FILE. It holds accounts with the hashes of their
    passwords, and whatever is redacted later: keep it where only you can read it.
    """
    from geoapp.cli.backups import named, outdated
    from geoapp.store import copying

    settings, now, folder = Settings.from_env(), datetime.now(UTC), file if file.is_dir() else None
    file = named(folder, now) if folder else file
    with progress("Copying") as show:
        version = copying.backup(settings.store_url, file, show)
    click.echo(f"Written to {file}: {_told(version)}")
    for old in outdated(folder, now, settings.backup_days) if folder else []:
        old.unlink()
        click.echo(f"Removed {old}: older than {settings.backup_days} days")


@click.command(
    epilog=example("geoapp restore backups/2026-11-22.sqlite", "geoapp restore --replace backups/old.sqlite")
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Throw away what the store holds now; else it must be empty.")
def restore(file: Path, replace: bool) -> None:
    """Put a backup into the store that the settings name, of whichever engine.

    All of it arrives or nothing. Readers see the store as it was until then. What was redacted after the
    backup was made comes back: redact it again.
    """
    from geoapp.cli.opening import make_folder
    from geoapp.store import copying

    settings = Settings.from_env()
    make_folder(settings)
    try:
        with progress("Restoring") as show:
            version = copying.restore(file, settings.store_url, show, replacing=replace)
    except Conflict as refused:
        hint = "" if replace else "; with --replace it is thrown away, and the backup takes its place"
        raise Refused(f"{refused}{hint}") from refused
    click.echo(f"Restored: {_told(version)}")


def _address(text: str, *, made: bool = False) -> str:
    if "://" in text:
        return text
    file = Path(text).resolve()
    if made:
        try:
            # It will hold hashes of passwords.
            file.touch(mode=0o600)
        except OSError as error:
            raise Refused(f"{file} cannot be written: {error.strerror}") from error
    return f"sqlite:///{file}"


def _told(version: DatasetVersion) -> str:
    counts = f"{version.incidents:,} incidents with {version.reports:,} reports"
    return f"data set version {version.number}, {counts}, content {version.content_hash[:12]}."
