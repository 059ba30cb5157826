"""Writing: every change of the data set goes through `write`, in one transaction, and makes a version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select, update

from geoapp.batch import Batch
from geoapp.errors import Conflict, DataRefused, Problem
from geoapp.incident import Record, record_to_dict
from geoapp.store import versions
from geoapp.store.chunks import Marks
from geoapp.store.counting.known import Writing
from geoapp.store.dialect import in_batches
from geoapp.store.rows import content_number, from_body
from geoapp.store.schema import batches, incident_links, incidents, record_versions, reports
from geoapp.store.versions import DatasetVersion, Totals
from geoapp.store.writing import keys
from geoapp.store.writing.numbers import numbered
from geoapp.store.writing.slices import Place, Planned, Slice, Write, check_codes, slice_of

WRITTEN_AT_ONCE = 2_000
# So many records change what a server knows of its tables.
MANY = 1_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the log says about a batch; see `BatchInfo`."""

    kind: str
    author: str = ""
    public_note: str = ""
    private_note: str = ""
    file_name: str = ""
    file_hash: str = ""
    undoes: int | None = None


@dataclass(slots=True)
class _Tally:
    """What the writes add up to: the sum of content numbers, numbers of rows, and what the map shows."""

    marks: Marks
    content: int = 0
    incidents: int = 0
    reports: int = 0

    def come(self, some: Slice) -> None:
        """Add what a slice adds."""
        self.marks.come(some.marks)
        self.content += some.content
        self.incidents += some.incidents
        self.reports += some.reports

    def go(self, stored: Sequence[Record]) -> None:
        """Take records away."""
        self.marks.go(stored)
        for record in stored:
            self.content -= content_number(record_to_dict(record))
            self.incidents -= 1
            self.reports -= len(record.incident.reports)


def commit(work: Writing, batch: Batch, progress: Progress | None) -> DatasetVersion:
    """Store a prepared batch; an empty one changes nothing. Raises Conflict when its base is not current."""
    now = versions.current(work.connection)
    if batch.base_version != now.number:
        raise Conflict(
            f"the data set is at version {now.number}, the change was prepared against {batch.base_version}"
        )
    if not batch.changes:
        return now
    writer = Writer(work, about_import(batch))
    take(work, writer, batch, progress)
    return writer.finish()


def about_import(batch: Batch) -> About:
    """What the log says of an import."""
    return About(
        kind="import",
        author=batch.author,
        public_note=batch.public_note,
        private_note=batch.private_note,
        file_name=batch.file_name,
        file_hash=batch.file_hash,
    )


def take(work: Writing, writer: Writer, batch: Batch, progress: Progress | None = None) -> None:
    """Write the changes of a batch, or of a slice of one; raises Conflict and DataRefused."""
    _check_stands(work.connection, batch)
    check_codes(work.known.reference, [change.after for change in batch.changes])
    records = numbered(work.connection, [change.after for change in batch.changes])
    writer.write([Write(record.incident.id, record) for record in records], progress)


def _check_stands(connection: Connection, batch: Batch) -> None:
    """A change must speak of what is stored: new means absent, changed means that very version."""
    known = keys.known_ids(connection, [change.id for change in batch.changes])
    gone = [identifier for identifier, row in known.items() if row.gone is not None]
    refuse_redacted(keys.redacted_ids(connection, gone), batch.file_name)
    for change in batch.changes:
        stored = known.get(change.id)
        present = stored is not None and stored.gone is None
        expected = None if change.before is None else change.before.version
        if expected != (stored.version if present and stored else None):
            raise Conflict(f"{change.id} is not as it was when the change was prepared")


def refuse_redacted(redacted: Iterable[str], file_name: str) -> None:
    """Raise DataRefused where there are any."""
    advice = "another id: the record that had this one was redacted, and its id stays gone"
    source = file_name or "batch"
    if problems := [Problem("error", source, advice, column="id", value=each) for each in redacted]:
        raise DataRefused(problems)


def write(work: Writing, writes: Sequence[Write], about: About) -> DatasetVersion:
    """Store or remove records, with history, both indexes, chunks and manifest, as one new version."""
    writer = Writer(work, about)
    writer.write(writes)
    return writer.finish()


class _Beside:
    """One piece of work at a time in a thread of its own: while the engine takes rows in, the next are made.

    The block ends when nothing runs any more, so that a transaction is not dropped under an insert.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._running: Future[None] | None = None

    def __enter__(self) -> _Beside:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()

    def start(self, work: Callable[..., None], *given: object) -> None:
        """Begin with this when what was begun before is done; raises what that raised."""
        self.wait()
        self._running = self._thread.submit(work, *given)

    def wait(self) -> None:
        """Until nothing runs; raises what it raised."""
        if self._running is not None:
            self._running.result()
            self._running = None


class Writer:
    """One new version of the data set, written in one transaction by any number of slices."""

    def __init__(self, work: Writing, about: About) -> None:
        self._work, self.batch = work, add_batch(work.connection, about)
        self._tally = _Tally(versions.marking(work.connection, work.known.reference))
        self._counts: Counter[str] = Counter()

    def write(self, writes: Sequence[Write], progress: Progress | None = None) -> None:
        """Store or remove records; no id comes twice."""
        places = self.places([write.id for write in writes])
        planned = sorted((Planned(*places[each.id], each) for each in writes), key=lambda each: each.key)
        done = 0
        with _Beside() as beside:
            for some in in_batches(planned, WRITTEN_AT_ONCE):
                made = slice_of(self._work.known.names, self.batch, some)
                beside.start(self.put, made)
                done += len(some)
                if progress is not None:
                    progress(done, len(planned))
            beside.wait()

    def places(self, ids: Iterable[str]) -> dict[str, Place]:
        """Where records of these ids go; those that were never used have their key from here on."""
        asked = list(dict.fromkeys(ids))
        known = keys.known_ids(self._work.connection, asked)
        fresh = keys.new_keys(self._work.connection, [each for each in asked if each not in known])
        found: dict[str, Place] = {identifier: (key, 1, None) for identifier, key in fresh.items()}
        for row in known.values():
            found[row.id] = (row.key, row.version + 1, row.version if row.gone is None else None)
        return found

    def put(self, made: Slice) -> None:
        """Write a slice, whose ids are in no other."""
        if made.gone:
            _take_away(self._work, made.gone, self._tally)
        made.insert(self._work.connection, self._work.dialect)
        self._tally.come(made)
        self._counts.update(made.counts)

    def finish(self) -> DatasetVersion:
        """Write the line of the log, chunks and manifest; nothing can be written after."""
        work, tally = self._work, self._tally
        row = batches.c.id == self.batch
        work.connection.execute(update(batches).where(row).values(dict(self._counts)))
        if self._counts.total() >= MANY:
            work.dialect.learn(work.connection)
        totals = Totals(tally.content, tally.incidents, tally.reports)
        return versions.add(work.connection, self.batch, work.known.reference, totals, tally.marks)


def add_batch(connection: Connection, about: About) -> int:
    """Write the log's line with counts of 0; gives the batch's id."""
    values = {name: getattr(about, name) for name in About.__slots__}
    values |= {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "base_version": versions.current(connection).number,
        **dict.fromkeys(("created_count", "updated_count", "removed_count"), 0),
    }
    made = connection.execute(insert(batches).values(values)).inserted_primary_key
    assert made is not None  # a single INSERT always has one
    return int(made[0])


def _take_away(work: Writing, gone: Sequence[int], tally: _Tally) -> None:
    tally.go(_stored(work.connection, gone))
    for table, column in (
        (reports, reports.c.incident_key),
        (incident_links, incident_links.c.incident_key),
        (incidents, incidents.c.key),
    ):
        work.connection.execute(delete(table).where(column.in_(gone)))
    work.dialect.unindex(work.connection, gone)


def _stored(connection: Connection, asked: Sequence[int]) -> list[Record]:
    joined = (record_versions.c.key == incidents.c.key) & (record_versions.c.version == incidents.c.version)
    found = select(record_versions.c.body).join(incidents, joined).where(incidents.c.key.in_(asked))
    return [from_body(body) for body in connection.execute(found).scalars()]
