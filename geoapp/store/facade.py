"""`Store`: everything that the rest of the program may ask of a database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Self

from sqlalchemy import Connection

from geoapp.batch import Batch
from geoapp.incident import Joined, Record
from geoapp.query import Filters, Vocabulary
from geoapp.reference import Reference
from geoapp.store import chunks, log, reading, versions
from geoapp.store.changed import Changed, changed_since
from geoapp.store.counting import facets
from geoapp.store.counting.answers import Answers
from geoapp.store.counting.known import Asked, Cache, Counted, Writing
from geoapp.store.counting.meaning import Where
from geoapp.store.engine import Database, Held, open_database
from geoapp.store.items import Items
from geoapp.store.log import Logged, RecordChange
from geoapp.store.reading import BatchInfo, Neighbours, Version
from geoapp.store.search import Condition
from geoapp.store.versions import DatasetVersion
from geoapp.store.writing import (
    blanking,
    commit,
    numbers,
    redaction,
    reference_rows,
    rejoin,
    restoring,
    undoing,
)
from geoapp.store.writing.commit import About, Progress
from geoapp.store.writing.redaction import Forget
from geoapp.store.writing.restoring import Join
from geoapp.store.writing.undoing import Decision, UndoPlan

# What the floor above has to write in the same transaction as a commit.
Together = Callable[[Connection, DatasetVersion], None]


class Store:
    """One database. Any thread may use it; it keeps a parsed copy of the reference data and
    counts, both checked against the version of the data set on every use.

    Every method raises StoreFailed when the database cannot do what is asked.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._answers = Answers(database)
        self._known = Cache(self._answers)

    @classmethod
    def open(cls, url: str, create: bool = True, *, read_only: bool = False) -> Self:
        """Open the database at a SQLAlchemy address and bring its tables up to date.

        `create` makes a missing file; `read_only` (web workers) neither creates nor migrates nor writes.
        Raises SettingRefused for an address that cannot be used, StoreFailed for a database that cannot.
        """
        return cls(open_database(url, create=create, read_only=read_only))

    def close(self) -> None:
        """Give every connection back; the store must not be used after."""
        self._answers.wait()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def view(self, seconds: int = 0) -> Iterator[Self]:
        """This store for one block and one thread, for reading only: every answer is of one version.

        What takes longer than `seconds` (0: any number; SQLite: the whole block) raises TooExpensive.
        """
        with self._database.reading(seconds) as connection:
            connection.execution_options(version=versions.current(connection))
            seen = type(self)(Held(self._database, connection))
            seen._known = self._known
            yield seen

    # Tables of the floor above (users, drafts, links): its modules bring their own statements

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection with one consistent view for the block."""
        with self._database.reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in one transaction for the block, alone among writers: all of it or nothing."""
        with self._database.writing() as connection:
            yield connection

    # Reference data

    def reference(self) -> Reference:
        """Actors, categories, checkpoint states, layers and places; raises NotFound before any are stored."""
        with self._database.reading() as connection:
            return self._known.get(connection, versions.current(connection)).reference

    def save_reference(self, reference: Reference, author: str = "", note: str = "") -> DatasetVersion:
        """Replace the reference data in one transaction; the same data again change nothing.

        Raises DataRefused, naming the users, when a code that is in use would go.
        """
        with self._database.writing() as connection:
            return reference_rows.save(connection, reference, author, note)

    def vocabulary(self) -> Vocabulary:
        """The codes that filters accept now, with labels, and every name of a place."""
        with self._database.reading() as connection:
            return self._known.vocabulary(connection, versions.current(connection))

    # Finding

    def find(self, filters: Filters) -> list[Record]:
        """The records that the filters mean, in their order, within limit and offset."""
        with self._database.reading() as connection:
            where = self._where(connection, versions.current(connection))
            return reading.find(connection, filters, where.page(filters))

    def stream(self, filters: Filters) -> Iterator[Record]:
        """The same one by one in constant memory, all as they were at the start."""
        with self._asking(filters) as (connection, meant):
            yield from reading.stream(connection, filters, meant)

    def features(self, filters: Filters) -> Iterator[bytes]:
        """The same as finished GeoJSON Features, each the JSON that the last commit wrote; much cheaper."""
        with self.snapshot(filters) as (_, found):
            yield from found

    @contextmanager
    def snapshot(self, filters: Filters) -> Iterator[tuple[DatasetVersion, Iterator[bytes]]]:
        """The same Features together with the version that they are of, for the block."""
        with self._database.reading() as connection:
            now = versions.current(connection)
            yield now, reading.features(connection, filters, self._where(connection, now)(filters))

    @property
    def items(self) -> Items:
        """Pages of Features for programs, by keyset and with CQL2 filters."""
        return Items(self._database, self._known, self._where)

    def count(self, filters: Filters) -> int:
        """How many records the filters mean; limit and offset do not matter."""
        return self._counted(Asked("count", filters, int), facets.count)

    def ids(self, filters: Filters) -> list[str]:
        """Their ids in order, within limit and offset."""
        with self._asking(filters) as (connection, meant):
            return reading.column_of(connection, "id", filters, meant)

    def keys(self, filters: Filters) -> list[int]:
        """Their keys (unsigned 32 bits) in order, within limit and offset."""
        with self._asking(filters) as (connection, meant):
            return reading.column_of(connection, "key", filters, meant)

    def facets(self, filters: Filters) -> dict[str, dict[str, int]]:
        """For each name of the vocabulary the count beside every code, its own choice left out.

        Flags have the codes "true" and "false"; status counts retracted records too. For reading only.
        """
        return self._counted(Asked("facets", filters, dict), facets.facets)

    def days(self, filters: Filters) -> dict[date, int]:
        """How many of the records begin on each day, by day, days without any left out. For reading only."""
        return self._counted(Asked("days", filters, facets.restored_days), facets.days)

    def neighbours(self, identifier: str, filters: Filters) -> Neighbours:
        """Where a record stands in the list that the filters give, and the ids before and after it."""
        with self._asking(filters) as (connection, meant):
            return reading.neighbours(connection, identifier, filters, meant)

    # Single records

    def get(self, identifier: str) -> Record:
        """The current record, retracted ones too; raises NotFound, and Gone when it was removed."""
        with self._database.reading() as connection:
            return reading.get_by(connection, "id", identifier)

    def get_many(self, ids: Sequence[str]) -> list[Record]:
        """Those of the records that exist, in the order given."""
        with self._database.reading() as connection:
            return reading.get_many(connection, ids)

    def by_key(self, key: int) -> Record:
        """The current record with this key (unsigned 32 bits); raises NotFound and Gone."""
        with self._database.reading() as connection:
            return reading.get_by(connection, "key", key)

    def used_reports(self, ids: Sequence[str]) -> dict[str, dict[str, str]]:
        """For each of the ids that was ever used, every report id given under it with its address."""
        with self._database.reading() as connection:
            return numbers.used_reports(connection, ids)

    def history(self, identifier: str, *, removed: bool = False) -> list[Version]:
        """Every version of a record, oldest first; raises NotFound, and Gone unless `removed` is given."""
        with self._database.reading() as connection:
            return reading.history(connection, identifier, removed=removed)

    def version(self, identifier: str, number: int, *, removed: bool = False) -> Version:
        """One version of a record, numbered from 1; raises NotFound, and Gone unless `removed` is given."""
        with self._database.reading() as connection:
            return reading.version(connection, identifier, number, removed=removed)

    # Changing

    def commit(
        self, batch: Batch, progress: Progress | None = None, *, together: Together | None = None
    ) -> DatasetVersion:
        """Store a prepared batch in one transaction: all of it or nothing; an empty one changes nothing.

        `progress` gets the numbers done and to do. `together` runs at the end of that transaction with the
        connection and the version made; what it raises leaves nothing stored. Raises Conflict when the
        batch was prepared against another version than the current one.
        """
        with self._writing() as work:
            version = commit.commit(work, batch, progress)
            if together is not None:
                together(work.connection, version)
            return version

    def undo_preview(self, batch_id: int) -> UndoPlan:
        """What undoing a batch would do now: which records go back, and which need a decision.

        Raises NotFound for an unknown batch and Conflict for one that cannot be undone.
        """
        with self._database.reading() as connection:
            return undoing.preview(connection, batch_id)

    def undo(
        self,
        batch_id: int,
        author: str = "",
        note: str = "",
        *,
        private_note: str = "",
        decisions: Mapping[str, Decision] | None = None,
    ) -> DatasetVersion:
        """Bring back what stood before a batch, as a new batch; `note` is public.

        Records that it added are removed and answer Gone. `decisions` says for each record that later
        batches changed whether it is kept, only loses the batch's sources or goes back too. Raises
        NotFound for an unknown batch and Conflict, naming the records, without a decision to follow.
        """
        about = About(kind="undo", author=author, public_note=note, private_note=private_note)
        with self._writing() as work:
            return undoing.undo(work, batch_id, about, decisions or {})

    def restore(
        self,
        identifier: str,
        number: int,
        author: str = "",
        public_note: str = "",
        *,
        private_note: str = "",
        join: Join | None = None,
    ) -> DatasetVersion:
        """Bring a record back to one of its versions, also one that is gone, as a new batch.

        `join` gives its joined fields from the current reference data; without it they are as they were.
        Raises NotFound, Conflict when that version holds nothing or already stands, and DataRefused when
        it uses a code that is no longer in the reference data.
        """
        about = About(kind="restore", author=author, public_note=public_note, private_note=private_note)
        with self._writing() as work:
            return restoring.restore(work, identifier, number, about, join)

    def redact(
        self,
        identifier: str,
        field: str | None = None,
        *,
        reason: str,
        author: str = "",
        forget: Iterable[Forget] = (),
    ) -> DatasetVersion:
        """Overwrite a field in every version, or take a report or a whole record out of all of them.

        `reason` is public. `identifier` is that of an incident or of a report. A whole record answers Gone
        for ever. Each of `forget` runs in the same transaction. The database file is rewritten so that
        nothing is left in it, which takes its size again on disk. Raises NotFound, BadParameters for a
        field that must have its value, and Conflict for the only report of a record.
        """
        asked = blanking.asked(identifier, field)
        with self._writing() as work:
            version = redaction.redact(
                work, asked, About(kind=undoing.REDACTION, author=author), reason, forget
            )
        self._database.dialect.clean(self._database.engine)
        return version

    def rejoin(
        self, joined: Iterable[tuple[str, Joined]], author: str = "", note: str = ""
    ) -> DatasetVersion:
        """Store joined fields computed anew; records whose values stay the same get no new version."""
        with self._writing() as work:
            return rejoin.rejoin(work, joined, About(kind="rejoin", author=author, public_note=note))

    # Versions

    def batches(self) -> list[BatchInfo]:
        """Every batch, newest first; authors and private notes are for editors only."""
        with self._database.reading() as connection:
            return reading.all_batches(connection)

    def log(self, limit: int, offset: int = 0) -> list[Logged]:
        """Versions of the data set with their batches, newest first."""
        with self._database.reading() as connection:
            return log.log(connection, limit, offset)

    def logged(self, number: int) -> Logged:
        """One version of the data set with its batch; raises NotFound."""
        with self._database.reading() as connection:
            return log.entry(connection, number)

    def log_length(self) -> int:
        """How many versions of the data set there are."""
        with self._database.reading() as connection:
            return log.count(connection)

    def changed_since(self, number: int) -> Iterator[Changed]:
        """Every record that is different from what it was at that version of the data set (0: the empty one).

        One snapshot; the first step raises NotFound for a version that never was.
        """
        with self._database.reading() as connection:
            yield from changed_since(connection, number)

    def record_changes(self, batch_id: int, limit: int, offset: int = 0) -> list[RecordChange]:
        """The records that a batch touched, by id, each before and after it."""
        with self._database.reading() as connection:
            return log.record_changes(connection, batch_id, limit, offset)

    def reference_changes(self, number: int) -> list[str]:
        """What a version of the data set changed in the reference data, in lines for people."""
        with self._database.reading() as connection:
            return log.reference_changes(connection, number)

    def current(self) -> DatasetVersion:
        """The current version; number 0 when nothing was ever stored."""
        with self._database.reading() as connection:
            return versions.current(connection)

    def manifest(self) -> bytes:
        """The manifest of the current version's chunks, JSON; see `geoapp.columns`."""
        with self._database.reading() as connection:
            return versions.manifest(connection)

    def chunk(self, content_hash: str) -> bytes:
        """A chunk of map columns, brotli; raises NotFound when no kept version has it."""
        with self._database.reading() as connection:
            return chunks.read(connection, content_hash)

    @contextmanager
    def _writing(self) -> Iterator[Writing]:
        with self._database.writing() as connection:
            known = self._known.get(connection, versions.current(connection))
            yield Writing(connection, self._database.dialect, known)

    @contextmanager
    def _asking(self, filters: Filters) -> Iterator[tuple[Connection, list[Condition]]]:
        with self._database.reading() as connection:
            yield connection, self._where(connection, versions.current(connection))(filters)

    def lay_codes(self) -> None:
        """Keep what filters compare as arrays, where counting would take long without; see `store.coding`."""
        if self._known.codes is not None:
            self._known.codes.lay(self._database)

    def _counted(
        self, asked: Asked[Counted], count: Callable[[Connection, Filters, Where], Counted]
    ) -> Counted:
        with self._database.reading() as connection:
            now = versions.current(connection)
            ask = partial(count, connection, asked.filters, self._where(connection, now))
            return self._known.counted(connection, now, asked, ask)

    def _where(self, connection: Connection, now: DatasetVersion) -> Where:
        return Where(connection, now, self._known, self._database.dialect)
