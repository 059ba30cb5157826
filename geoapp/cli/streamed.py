"""`geoapp import` of a file too large for memory: by slices, in one transaction."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING

from geoapp.cli.progress import progress

if TYPE_CHECKING:
    from geoapp.batch import Batch, Change
    from geoapp.errors import Problem
    from geoapp.ingest.large import LargeFile
    from geoapp.ingest.mapping import ColumnMap
    from geoapp.store import DatasetVersion, Store

# A smaller file is done in memory, where it takes a dozen times its size.
LARGE_BYTES = 64 * 2**20
SHOWN_CHANGES = 200


class Outcome:
    """What an import came to: counts, warnings, the first changes; `version` is None where none was made."""

    def __init__(self) -> None:
        self.changes = self.created = self.updated = self.unchanged = 0
        self.warnings: tuple[Problem, ...] = ()
        self.shown: list[Change] = []
        self.version: DatasetVersion | None = None

    def count(self, part: Batch) -> None:
        """Add a batch, or a slice of one."""
        created = len(part.created)
        self.created += created
        self.updated += len(part.changes) - created
        self.unchanged += part.unchanged
        self.changes += len(part.changes)
        self.shown += part.changes[: SHOWN_CHANGES - len(self.shown)]


def outcome_of(batch: Batch) -> Outcome:
    """What importing a whole batch comes to."""
    outcome = Outcome()
    outcome.count(batch)
    outcome.warnings = batch.warnings
    return outcome


def stream(store: Store, file: IO[bytes], about: Batch, given: Mapping[str, str | None]) -> Outcome | None:
    """Import a large file with the options `mapping` and `link`; None where it has to be read whole.

    `about` says who, why and from what. Raises DataRefused with every problem of the file.
    """
    from geoapp.store import taking

    if (found := _openable(file, about.file_name, given)) is None:
        return None
    with taking(store) as target:
        outcome = _through(target.view, found, about, target.take)
        if outcome is not None:
            outcome.version = target.finish()
    return outcome


def try_out(store: Store, file: IO[bytes], about: Batch, given: Mapping[str, str | None]) -> Outcome | None:
    """The same without storing anything."""
    if (found := _openable(file, about.file_name, given)) is None:
        return None
    with store.view() as view:
        return _through(view, found, about, None)


def _through(
    view: Store,
    found: tuple[LargeFile, ColumnMap],
    about: Batch,
    take: Callable[[Batch], None] | None,
) -> Outcome | None:
    from geoapp.ingest.streaming import NeedsWhole, Streaming

    outcome = Outcome()
    about = replace(about, base_version=view.current().number, file_hash=found[0].sha256)
    with TemporaryDirectory(prefix="geoapp-import-") as folder:
        streaming = Streaming(*found, view, Path(folder))
        try:
            with progress("Reading") as show:
                streaming.read(show)
        except NeedsWhole:
            return None
        with progress("Checking" if take is None else "Storing") as show:
            for part in streaming.slices(about, show):
                outcome.count(part)
                if take is not None:
                    take(part)
    outcome.unchanged, outcome.warnings = streaming.unchanged, streaming.warnings
    return outcome


def _openable(
    file: IO[bytes], name: str, given: Mapping[str, str | None]
) -> tuple[LargeFile, ColumnMap] | None:
    """A file on disk that is large, and how its columns become ours where nothing about that is open."""
    from geoapp.cli.foreign import settled_plan
    from geoapp.ingest.large import large_file

    # What a pipe brings is held in memory; so are all rows where they are written out with their errors.
    if given["errors_to"] or given["sheet"] or not file.seekable():
        return None
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    path = Path(str(getattr(file, "name", "")))
    if size < LARGE_BYTES or not path.is_file() or (large := large_file(path, name)) is None:
        return None
    plan = settled_plan(next(large.slices(lambda done, total: None)), given)
    return None if plan is None else (large, plan)
