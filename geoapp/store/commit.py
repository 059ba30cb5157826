"""Writing: every change of the data set goes through `write`, in one transaction, and makes a version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from geoapp.batch import Batch
from geoapp.errors import Conflict, DataRefused, Problem
from geoapp.incident import Record, record_to_dict
from geoapp.reference import Reference
from geoapp.store import keys, versions
from geoapp.store.chunks import Marks
from geoapp.store.dialect import in_batches
from geoapp.store.known import Writing
from geoapp.store.numbers import numbered
from geoapp.store.rows import Rows, Values, body_of, content_number, from_body
from geoapp.store.schema import (
    batches,
    identities,
    incident_links,
    incidents,
    record_versions,
    reports,
)
from geoapp.store.versions import DatasetVersion, Totals

WRITTEN_AT_ONCE = 2_000
# So many records change what a server knows of its tables.
MANY = 1_000
REMOVED = "withdrawn by the editors together with the import that had added it"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Write:
    """One record to be stored; `after` None removes it, and `why` is then what the public may know."""

    id: str
    after: Record | None
    why: str = REMOVED


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


@dataclass(frozen=True, slots=True)
class _Planned:
    """A write with its key, its new version, and the version that it replaces (None: there is none)."""

    key: int
    version: int
    previous: int | None
    write: Write

    @property
    def counted_as(self) -> str:
        """The column of the log that counts it."""
        if self.write.after is None:
            return "removed_count"
        return "created_count" if self.previous is None else "updated_count"


@dataclass(slots=True)
class _Tally:
    """What the writes add up to: the sum of content numbers, numbers of rows, and what the map shows."""

    marks: Marks
    content: int = 0
    incidents: int = 0
    reports: int = 0

    def count(self, record: Record, values: Mapping[str, Any], sign: int) -> None:
        """Add (sign 1) or take away (sign -1) one record."""
        self.content += sign * content_number(values)
        self.incidents += sign
        self.reports += sign * len(record.incident.reports)


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
    if redacted := keys.redacted_ids(connection, gone):
        advice = "another id: the record that had this one was redacted, and its id stays gone"
        source = batch.file_name or "batch"
        raise DataRefused(Problem("error", source, advice, column="id", value=each) for each in redacted)
    for change in batch.changes:
        stored = known.get(change.id)
        present = stored is not None and stored.gone is None
        expected = None if change.before is None else change.before.version
        if expected != (stored.version if present and stored else None):
            raise Conflict(f"{change.id} is not as it was when the change was prepared")


def check_codes(reference: Reference, records: Iterable[Record]) -> None:
    """Every code must be one of the reference data; raises DataRefused naming the first user of each."""
    users: dict[tuple[str, str], str] = {}
    for incident in (record.incident for record in records):
        speakers = {report.attributed_to for report in incident.reports if report.attributed_to}
        for actor in speakers.union(incident.actors):
            users.setdefault(("actors.csv", actor), incident.id)
        users.setdefault(("categories.csv", incident.category), incident.id)
    known = {"actors.csv": reference.actors, "categories.csv": reference.categories}
    missing = [(source, code, user) for (source, code), user in users.items() if code not in known[source]]
    if missing:
        raise DataRefused(
            Problem("error", source, f"a code of the list ({user} uses another)", value=code)
            for source, code, user in missing
        )


def write(
    work: Writing, writes: Sequence[Write], about: About, progress: Progress | None = None
) -> DatasetVersion:
    """Store or remove records, with history, both indexes, chunks and manifest, as one new version."""
    writer = Writer(work, about)
    writer.write(writes, progress)
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
        self._work, self._batch = work, add_batch(work.connection, about)
        self._tally = _Tally(versions.marking(work.connection, work.known.reference))
        self._counts: Counter[str] = Counter()

    def write(self, writes: Sequence[Write], progress: Progress | None = None) -> None:
        """Store or remove records; no id comes twice."""
        planned = _plan(self._work.connection, writes)
        done = 0
        with _Beside() as beside:
            for some in in_batches(planned, WRITTEN_AT_ONCE):
                gone = [each.key for each in some if each.previous is not None]
                if gone:
                    beside.wait()
                    _take_away(self._work, gone, self._tally)
                made = _made(self._work, self._batch, some, self._tally)
                beside.start(_Made.insert, made, self._work)
                self._counts.update(each.counted_as for each in some)
                done += len(some)
                if progress is not None:
                    progress(done, len(planned))
            beside.wait()

    def finish(self) -> DatasetVersion:
        """Write the line of the log, chunks and manifest; nothing can be written after."""
        work, tally = self._work, self._tally
        row = batches.c.id == self._batch
        work.connection.execute(update(batches).where(row).values(dict(self._counts)))
        if self._counts.total() >= MANY:
            work.dialect.learn(work.connection)
        totals = Totals(tally.content, tally.incidents, tally.reports)
        return versions.add(work.connection, self._batch, work.known.reference, totals, tally.marks)


def _plan(connection: Connection, writes: Iterable[Write]) -> list[_Planned]:
    by_id = {write.id: write for write in writes}
    known = keys.known_ids(connection, list(by_id))
    fresh = keys.new_keys(connection, [each for each in by_id if each not in known])
    planned = []
    for identifier, each in by_id.items():
        row = known.get(identifier)
        if row is None:
            planned.append(_Planned(fresh[identifier], 1, None, each))
        else:
            previous = row.version if row.gone is None else None
            planned.append(_Planned(row.key, row.version + 1, previous, each))
    # By key: tables and the text index then grow at their ends, and FTS5 keeps its buffer.
    return sorted(planned, key=lambda each: each.key)


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
    stored = _stored(work.connection, gone)
    tally.marks.go(stored)
    for record in stored:
        tally.count(record, record_to_dict(record), -1)
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


@dataclass(frozen=True, slots=True)
class _Made:
    """Rows for every table that a slice writes."""

    rows: Rows = field(default_factory=Rows)
    kept: list[tuple[Any, ...]] = field(default_factory=list)
    known: list[Values] = field(default_factory=list)

    def insert(self, work: Writing) -> None:
        """Write all of them."""
        self.rows.insert(work.connection, work.dialect)
        columns = ("key", "version", "batch", "previous", "body")
        work.dialect.insert(work.connection, record_versions, columns, self.kept)
        changed = update(identities).where(identities.c.key == bindparam("of"))
        if self.known:
            values = changed.values(version=bindparam("now"), gone=bindparam("why"))
            work.connection.execute(values, self.known)


def _made(work: Writing, batch: int, planned: Sequence[_Planned], tally: _Tally) -> _Made:
    """What is to be written; nothing is asked of the database."""
    made, shown = _Made(), list[Record]()
    for each in planned:
        body = None
        if each.write.after is not None:
            record = _stamped(each.write.after, each, batch)
            values = record_to_dict(record)
            shown.append(record)
            made.rows.add(record, values, work.known.names)
            tally.count(record, values, 1)
            body = body_of(values)
        made.kept.append((each.key, each.version, batch, each.previous, body))
        if each.version > 1 or body is None:
            why = each.write.why if body is None else None
            made.known.append({"of": each.key, "now": each.version, "why": why})
    tally.marks.come(shown, work.known.names)
    return made


def _stamped(record: Record, planned: _Planned, batch: int) -> Record:
    return Record(
        incident=record.incident,
        joined=record.joined,
        key=planned.key,
        version=planned.version,
        batch=batch,
    )
