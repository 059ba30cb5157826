"""An import that comes by slices: one transaction that stays open while the file is worked through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from geoapp.batch import Batch
from geoapp.store import commit
from geoapp.store.dialect import dialect_of
from geoapp.store.engine import Database, Held
from geoapp.store.facade import Store
from geoapp.store.known import Writing, known_as
from geoapp.store.versions import DatasetVersion


class Taking:
    """The open transaction. `view` is the store as it is in there; no slice may speak of an id of another."""

    def __init__(self, work: Writing, view: Store) -> None:
        self._work, self.view = work, view
        self._writer: commit.Writer | None = None

    def take(self, part: Batch) -> None:
        """Write the changes of a slice; the first one says what goes into the log. Raises DataRefused."""
        if not part.changes:
            return
        if self._writer is None:
            self._writer = commit.Writer(self._work, commit.about_import(part))
        commit.take(self._work, self._writer, part)

    def finish(self) -> DatasetVersion:
        """Make the version of all slices; without any change it is the current one."""
        return self.view.current() if self._writer is None else self._writer.finish()


@contextmanager
def taking(store: Store) -> Iterator[Taking]:
    """One transaction for the block, alone among writers: all slices or, when anything is raised, nothing."""
    with store.writing() as connection:
        dialect = dialect_of(connection.engine.dialect.name)
        view = Store(Held(Database(connection.engine, dialect), connection))
        yield Taking(Writing(connection, dialect, known_as(view.reference())), view)
