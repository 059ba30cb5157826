"""Some records of a commit as rows for every table, made without a word to the database.

A slice is plain values, so that another process can make it (`plain`, `from_plain`) and who holds the
transaction only writes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, update

from geoapp.columns import Mark
from geoapp.errors import Conflict, DataRefused, Problem
from geoapp.incident import Record, record_to_dict
from geoapp.reference import Reference
from geoapp.store.chunks import mark_of
from geoapp.store.dialect import Dialect
from geoapp.store.names import Names
from geoapp.store.rows import Rows, Values, body_of, content_number
from geoapp.store.schema import identities, record_versions

REMOVED = "withdrawn by the editors together with the import that had added it"


@dataclass(frozen=True, slots=True)
class Write:
    """One record to be stored; `after` None removes it, and `why` is then what the public may know.

    `again` is the version that an undo says again, 0 where there was none.
    """

    id: str
    after: Record | None
    why: str = REMOVED
    again: int | None = None


@dataclass(frozen=True, slots=True)
class Planned:
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
class Slice:
    """Rows for every table, what the map shows of them, and what they add up to.

    `gone` are the keys of records whose earlier version leaves; `content` is the sum of content numbers.
    """

    rows: Rows = field(default_factory=Rows)
    kept: list[tuple[Any, ...]] = field(default_factory=list)
    known: list[Values] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    content: int = 0
    incidents: int = 0
    reports: int = 0

    def insert(self, connection: Connection, dialect: Dialect) -> None:
        """Write all of them."""
        self.rows.insert(connection, dialect)
        columns = ("key", "version", "batch", "previous", "body", "again")
        dialect.insert(connection, record_versions, columns, self.kept)
        changed = update(identities).where(identities.c.key == bindparam("of"))
        if self.known:
            values = changed.values(version=bindparam("now"), gone=bindparam("why"))
            connection.execute(values, self.known)

    def plain(self) -> tuple[Any, ...]:
        """Lists, tuples, dicts, texts and numbers alone, as `marshal` takes them."""
        rows = (self.rows.incidents, self.rows.reports, self.rows.links, self.rows.indexed)
        totals = (self.content, self.incidents, self.reports)
        return rows, self.kept, self.known, [*map(tuple, self.marks)], self.gone, dict(self.counts), totals

    @classmethod
    def from_plain(cls, values: tuple[Any, ...]) -> Slice:
        """The inverse of `plain`."""
        rows, kept, known, marks, gone, counts, totals = values
        return cls(Rows(*rows), kept, known, [*map(Mark._make, marks)], gone, Counter(counts), *totals)


def slice_of(names: Names, batch: int, planned: Iterable[Planned]) -> Slice:
    """What these writes of a batch come to."""
    made = Slice()
    for each in planned:
        body = None
        if each.write.after is not None:
            record = _stamped(each.write.after, each, batch)
            values = record_to_dict(record)
            made.marks.append(mark_of(record, names))
            made.rows.add(record, values, names)
            made.content += content_number(values)
            made.incidents += 1
            made.reports += len(record.incident.reports)
            body = body_of(values)
        made.kept.append((each.key, each.version, batch, each.previous, body, each.write.again))
        if each.previous is not None:
            made.gone.append(each.key)
        if each.version > 1 or body is None:
            why = each.write.why if body is None else None
            made.known.append({"of": each.key, "now": each.version, "why": why})
        made.counts[each.counted_as] += 1
    return made


def _stamped(record: Record, planned: Planned, batch: int) -> Record:
    return Record(
        incident=record.incident,
        joined=record.joined,
        key=planned.key,
        version=planned.version,
        batch=batch,
    )


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


# The key, new version and replaced version (None: there is none) of an id.
Place = tuple[int, int, int | None]


def planned_at(places: Mapping[str, Place], changes: Sequence[tuple[int | None, Record]]) -> list[Planned]:
    """The records at their places, by key; each comes with the version that it was prepared against.

    Raises Conflict where another one stands there. By key, tables and the text index grow at their ends,
    and FTS5 keeps its buffer.
    """
    planned = []
    for expected, record in changes:
        identifier = record.incident.id
        key, version, previous = places[identifier]
        if previous != expected:
            raise Conflict(f"{identifier} is not as it was when the change was prepared")
        planned.append(Planned(key, version, previous, Write(identifier, record)))
    return sorted(planned, key=lambda each: each.key)
