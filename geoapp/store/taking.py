"""An import that comes by slices: one transaction that stays open while the file is worked through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import cached_property

from sqlalchemy import delete

from geoapp.batch import Batch
from geoapp.store.counting.known import Known, Writing, known_as
from geoapp.store.dialect import dialect_of
from geoapp.store.dialect.base import ALONE
from geoapp.store.engine import Database, Held
from geoapp.store.facade import Store
from geoapp.store.schema import batches
from geoapp.store.versions import DatasetVersion
from geoapp.store.writing import commit, keys
from geoapp.store.writing.slices import Place, Slice


class Taking:
    """The open transaction. `view` is the store as it is in there, `known` its reference data.

    Slices are made by `slices.slice_of` for `batch` at the `places` that are asked for before.
    """

    def __init__(self, work: Writing, view: Store, about: Batch) -> None:
        self._work, self._about, self.view = work, about, view
        self._redacted: dict[int, str] = {}
        self._thread = ThreadPoolExecutor(1)
        self._pushing: Future[None] | None = None
        self._written = False

    @property
    def known(self) -> Known:
        """The reference data in force."""
        return self._work.known

    @property
    def batch(self) -> int:
        """The number of the batch that the slices are of."""
        return self._writer.batch

    @cached_property
    def _writer(self) -> commit.Writer:
        return commit.Writer(self._work, commit.about_import(self._about))

    def places(self, ids: Iterable[str]) -> dict[str, Place]:
        """Where the records of these ids go."""
        found = self._writer.places(ids)
        gone = [each for each, (_, version, previous) in found.items() if version > 1 and previous is None]
        for redacted in keys.redacted_ids(self._work.connection, gone):
            self._redacted[found[redacted][0]] = redacted
        return found

    def put(self, made: Slice) -> None:
        """Write a slice, whose ids are in no other; raises DataRefused for one of a redacted record."""
        refused = [self._redacted[key] for key, *_ in made.kept if key in self._redacted]
        commit.refuse_redacted(sorted(refused), self._about.file_name)
        self._written = self._written or bool(made.kept)
        self._writer.put(made)
        if self._pushing is None or self._pushing.done():
            url = self._work.connection.engine.url
            self._pushing = self._thread.submit(self._work.dialect.push, url)

    def close(self) -> None:
        """Wait for what goes on beside the transaction."""
        self._thread.shutdown()

    def finish(self) -> DatasetVersion:
        """Make the version of all slices; without any change it is the current one."""
        if self._written:
            return self._writer.finish()
        self._work.connection.execute(delete(batches).where(batches.c.id == self.batch))
        return self.view.current()


@contextmanager
def taking(store: Store, about: Batch) -> Iterator[Taking]:
    """One transaction for the block, alone among writers: all slices or, when anything is raised, nothing.

    `about` says who imports, why and from what.
    """
    with store.writing() as connection:
        dialect = dialect_of(connection.engine.dialect.name)
        connection.execution_options(**{ALONE: True})
        view = Store(Held(Database(connection.engine, dialect), connection))
        target = Taking(Writing(connection, dialect, known_as(view.reference())), view, about)
        with closing(target):
            yield target
