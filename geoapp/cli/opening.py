"""Opening the store as the settings say, and filling it from the data folder when it is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from geoapp.cli.group import Refused
from geoapp.cli.progress import progress, rare_collections
from geoapp.config import Settings
from geoapp.errors import Conflict, NotFound

if TYPE_CHECKING:
    from geoapp.batch import Batch
    from geoapp.store import DatasetVersion, Store


def open_store(settings: Settings | None = None, *, create: bool = False) -> Store:
    """The store of these settings (without any: of the environment); raises StoreFailed when there is none.

    `create` makes a missing store and gives it the reference data of the data folder.
    """
    from geoapp.store import Store

    settings = settings or Settings.from_env()
    if create:
        make_folder(settings)
    store = Store.open(settings.store_url, create=create)
    if create:
        _give_reference(store, settings)
    return store


def make_folder(settings: Settings) -> None:
    """Make the instance folder; raises Refused."""
    try:
        # What is kept there (the database with its hashes of passwords) is nobody else's on this machine.
        settings.instance_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        hint = "set GEOAPP_INSTANCE_DIR to a folder that may be written"
        raise Refused(f"cannot make the folder {settings.instance_dir}: {error.strerror}; {hint}") from error


def _give_reference(store: Store, settings: Settings) -> None:
    from geoapp import reference

    try:
        store.reference()
    except NotFound:
        read = reference.read(settings.data_dir)
        for warning in read.warnings:
            click.echo(str(warning), err=True)
        store.save_reference(read, note="Reference data of the data folder")


def fill_if_empty(store: Store, settings: Settings) -> None:
    """Put `incidents.csv` of the data folder into a store that never took an import."""
    from geoapp.ingest import prepare, read_table

    file = settings.data_dir / "incidents.csv"
    if any(batch.kind == "import" for batch in store.batches()) or not file.is_file():
        return
    click.echo(f"The store is empty: filling it from {file}.", err=True)
    table = read_table(file.read_bytes(), file.name)
    with progress("Checking") as show, rare_collections():
        batch = prepare(store, table, public_note="Data of the data folder", progress=show)
    for warning in batch.warnings:
        click.echo(str(warning), err=True)
    try:
        commit(store, batch)
    except Conflict:
        click.echo("Another process has filled it.", err=True)


def commit(store: Store, batch: Batch) -> None:
    """Commit a batch, showing that it goes on, and say what it came to."""
    with progress("Storing") as show, rare_collections():
        version = store.commit(batch, progress=show)
    tell_version(version)


def tell_version(version: DatasetVersion) -> None:
    """Say what the store holds now."""
    click.echo(
        f"Stored as data set version {version.number}: "
        f"{version.incidents:,} incidents with {version.reports:,} reports.",
        err=True,
    )
