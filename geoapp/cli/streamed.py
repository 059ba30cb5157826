"""`geoapp import` of a file too large for memory: by slices, in one transaction."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING

from geoapp.cli.progress import progress, rare_collections

if TYPE_CHECKING:
    from geoapp.batch import Batch, Change
    from geoapp.cli.helping import Helper
    from geoapp.errors import Problem
    from geoapp.ingest.by_parts.large import LargeFile
    from geoapp.ingest.by_parts.streaming import Streaming
    from geoapp.ingest.reading.mapping import ColumnMap
    from geoapp.store import DatasetVersion, Store

# A smaller file is done in memory, where it takes a dozen times its size, before a second process is ready.
LARGE_BYTES = 8 * 2**20
SHOWN_CHANGES = 200
Given = Mapping[str, str | None]


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

    def end(self, streaming: Streaming) -> None:
        """Take the rest from a file that is through."""
        self.unchanged, self.warnings = streaming.unchanged, streaming.warnings


def outcome_of(batch: Batch) -> Outcome:
    """What importing a whole batch comes to."""
    outcome = Outcome()
    outcome.count(batch)
    outcome.warnings = batch.warnings
    return outcome


def stream(
    store: Store, file: IO[bytes], about: Batch, given: Given, helper: Helper | None
) -> Outcome | None:
    """Import a large file with the options `mapping` and `link`; None where it has to be read whole.

    `about` says who, why and from what; the helper takes a share of the work. Raises DataRefused with every
    problem of the file.
    """
    from geoapp.store import taking

    if (found := _openable(file, about.file_name, given)) is None:
        return None
    outcome = Outcome()
    with rare_collections(), taking(store, replace(about, file_hash=found[0].sha256)) as target:
        with _set_down(target.view, found, helper) as streaming:
            if streaming is None:
                return None
            with progress("Storing") as show:
                streaming.store(target, helper, show)
        if helper is not None:
            helper.close()  # with its connection, so that the database ends as one file
        outcome.created, outcome.updated = streaming.created, streaming.updated
        outcome.changes = streaming.created + streaming.updated
        outcome.end(streaming)
        outcome.version = target.finish()
    return outcome


def try_out(store: Store, file: IO[bytes], about: Batch, given: Given) -> Outcome | None:
    """The same without storing anything."""
    if (found := _openable(file, about.file_name, given)) is None:
        return None
    outcome = Outcome()
    with store.view() as view, _set_down(view, found) as streaming:
        if streaming is None:
            return None
        with progress("Checking") as show:
            for part in streaming.slices(about, show):
                outcome.count(part)
        outcome.end(streaming)
    return outcome


@contextmanager
def _set_down(
    view: Store, found: tuple[LargeFile, ColumnMap], helper: Helper | None = None
) -> Iterator[Streaming | None]:
    """The file, read into a folder that is there for the block; None where it has to be read whole."""
    from geoapp.ingest.by_parts.streaming import NeedsWhole, Streaming

    with TemporaryDirectory(prefix="geoapp-import-") as folder:
        streaming = Streaming(*found, view, Path(folder))
        if helper is not None:
            streaming.begin(helper)
        try:
            with progress("Reading") as show:
                streaming.read(show)
        except NeedsWhole:
            yield None
        else:
            yield streaming


def is_large(file: IO[bytes], given: Given) -> bool:
    """Whether a file on disk is so large that it is not held in memory, as far as its size tells."""
    # What a pipe brings is held in memory; so are all rows where they are written out with their errors.
    if given["errors_to"] or given["sheet"] or not file.seekable():
        return False
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size >= LARGE_BYTES and Path(str(getattr(file, "name", ""))).is_file()


def _openable(file: IO[bytes], name: str, given: Given) -> tuple[LargeFile, ColumnMap] | None:
    """A file on disk that is large, and how its columns become ours where nothing about that is open."""
    from geoapp.cli.foreign import settled_plan
    from geoapp.ingest.by_parts.large import large_file

    if not is_large(file, given) or (large := large_file(Path(file.name), name)) is None:
        return None
    plan = settled_plan(next(large.slices(lambda done, total: None)), given)
    return None if plan is None else (large, plan)
