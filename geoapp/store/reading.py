"""Reading records: lists, streams, single records, their history and their neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, CursorResult, Row, Select, func, select

from geoapp.errors import Gone, NotFound
from geoapp.incident import Record
from geoapp.query import Filters
from geoapp.store.dialect import in_batches
from geoapp.store.rows import features_in, from_body, records_from
from geoapp.store.schema import batches, identities, incidents, record_versions
from geoapp.store.search import Condition, before, order_by, order_of

STREAMED_AT_ONCE = 1_000
# Some 160 kB: with more of them the next steps find nothing in the processor's cache, a third of the cost.
FEATURES_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchInfo:
    """One commit as the log keeps it; `author` and `private_note` are never public, `created` is UTC."""

    id: int
    kind: str
    author: str
    created: datetime
    public_note: str
    private_note: str
    file_name: str
    file_hash: str
    base_version: int
    undoes: int | None
    created_count: int
    updated_count: int
    removed_count: int


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a record, from 1 up; `record` is None where the batch removed it."""

    number: int
    record: Record | None
    batch: BatchInfo


class Neighbours(NamedTuple):
    """Where a record stands in a list, from 1; position and neighbours are None when it is not in it."""

    position: int | None
    total: int
    previous_id: str | None
    next_id: str | None


def batch_info(row: Mapping[Any, Any]) -> BatchInfo:
    """A batch from its row."""
    return BatchInfo(**{**row, "created": datetime.fromisoformat(row["created"])})


def _paged(asked: Select[Any], filters: Filters) -> Select[Any]:
    asked = asked.order_by(*order_by(filters.sortby))
    if filters.limit is not None:
        asked = asked.limit(filters.limit)
    return asked.offset(filters.offset) if filters.offset else asked


def find(connection: Connection, filters: Filters, meant: list[Condition]) -> list[Record]:
    """The records in the order asked for, within limit and offset."""
    rows = connection.execute(_paged(select(incidents).where(*meant), filters)).all()
    return records_from(connection, rows)


def stream(connection: Connection, filters: Filters, meant: list[Condition]) -> Iterator[Record]:
    """The same, a thousand at a time, all of them as they were when the stream began."""
    asked = _paged(select(incidents).where(*meant), filters)
    found = connection.execute(asked.execution_options(yield_per=STREAMED_AT_ONCE))
    for rows in found.partitions():
        yield from records_from(connection, rows)


def features(connection: Connection, filters: Filters, meant: list[Condition]) -> Iterator[bytes]:
    """Each record as its Feature in JSON, as the last commit wrote it; all as they were at the start."""
    same = (record_versions.c.key == incidents.c.key) & (record_versions.c.version == incidents.c.version)
    asked = select(record_versions.c.body).select_from(incidents).join(record_versions, same).where(*meant)
    found = connection.execute(_paged(asked, filters).execution_options(yield_per=FEATURES_AT_ONCE))
    for rows in bare_rows(found):
        yield from features_in(rows)


def bare_rows(found: CursorResult[Any], most: int = FEATURES_AT_ONCE) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The rows as the driver gives them, a few at a time: one more object for each costs as much again."""
    while rows := found.cursor_strategy.fetchmany(found, found.cursor, most):
        yield rows


def count(connection: Connection, meant: list[Condition]) -> int:
    """How many records are meant, without paging."""
    return connection.execute(select(func.count()).select_from(incidents).where(*meant)).scalar_one()


def longest(connection: Connection) -> int:
    """How many days the longest incident goes on after its first day."""
    span = func.max(incidents.c.day_to - incidents.c.day_from)
    return connection.execute(select(span)).scalar_one() or 0


def column_of(connection: Connection, name: str, filters: Filters, meant: list[Condition]) -> list[Any]:
    """One column of the records (`id` or `key`) in the order asked for, within limit and offset."""
    return list(connection.execute(_paged(select(incidents.c[name]).where(*meant), filters)).scalars())


def get_many(connection: Connection, ids: Sequence[str]) -> list[Record]:
    """The records with these ids that exist, in the order given."""
    found: dict[str, Record] = {}
    for some in in_batches(ids):
        rows = connection.execute(select(incidents).where(incidents.c.id.in_(some))).all()
        found |= {record.incident.id: record for record in records_from(connection, rows)}
    return [found[each] for each in dict.fromkeys(ids) if each in found]


def get_by(connection: Connection, name: str, value: str | int) -> Record:
    """The record with this `id` or `key`, retracted ones too; raises NotFound, and Gone when removed."""
    rows = connection.execute(select(incidents).where(incidents.c[name] == value)).all()
    if not rows:
        known(connection, name, value)
        raise NotFound("incident", str(value))
    return records_from(connection, rows)[0]


def identity(connection: Connection, name: str, value: str | int) -> Row[Any]:
    """The identity that was ever given to this `id` or `key`, of a removed record too; raises NotFound."""
    found = connection.execute(select(identities).where(identities.c[name] == value)).one_or_none()
    if found is None:
        raise NotFound("incident", str(value))
    return found


def known(connection: Connection, name: str, value: str | int, *, removed: bool = False) -> Row[Any]:
    """The same; raises NotFound, and Gone for a removed record unless `removed` ones are asked for too."""
    found = identity(connection, name, value)
    if found.gone is not None and not removed:
        raise Gone("incident", found.id, found.gone)
    return found


def history(connection: Connection, identifier: str, *, removed: bool = False) -> list[Version]:
    """Every version of the record, oldest first; raises NotFound, and Gone unless `removed`."""
    key = known(connection, "id", identifier, removed=removed).key
    return [_version(row) for row in connection.execute(_versions(key))]


def version(connection: Connection, identifier: str, number: int, *, removed: bool = False) -> Version:
    """One version of the record; raises NotFound, and Gone unless `removed`."""
    key = known(connection, "id", identifier, removed=removed).key
    row = connection.execute(_versions(key).where(record_versions.c.version == number)).one_or_none()
    if row is None:
        raise NotFound("version", f"{identifier}/v/{number}")
    return _version(row)


_BATCH_LABELS = {column.name: f"batch_{column.name}" for column in batches.c}


def _versions(key: int) -> Select[Any]:
    told = [batches.c[name].label(label) for name, label in _BATCH_LABELS.items()]
    return (
        select(record_versions.c.version, record_versions.c.body, *told)
        .join(batches, batches.c.id == record_versions.c.batch)
        .where(record_versions.c.key == key)
        .order_by(record_versions.c.version)
    )


def _version(row: Row[Any]) -> Version:
    told = batch_info({name: row._mapping[label] for name, label in _BATCH_LABELS.items()})
    record = None if row.body is None else from_body(row.body)
    return Version(row.version, record, told)


def neighbours(
    connection: Connection, identifier: str, filters: Filters, meant: list[Condition]
) -> Neighbours:
    """Position, total and the ids before and after, in the order asked for and without paging."""
    total = count(connection, meant)
    columns = [column for column, _ in order_of(filters.sortby)]
    own = connection.execute(select(*columns).where(*meant, incidents.c.id == identifier)).one_or_none()
    if own is None:
        return Neighbours(None, total, None, None)
    earlier, later = before(filters.sortby, own), before(filters.sortby, own, after=True)
    turned = [column.asc() if descends else column.desc() for column, descends in order_of(filters.sortby)]
    return Neighbours(
        1 + count(connection, [*meant, earlier]),
        total,
        _first_id(connection, [*meant, earlier], turned),
        _first_id(connection, [*meant, later], order_by(filters.sortby)),
    )


def _first_id(connection: Connection, meant: list[Condition], ordered: Iterable[Any]) -> str | None:
    asked = select(incidents.c.id).where(*meant).order_by(*ordered).limit(1)
    return connection.execute(asked).scalar_one_or_none()


def all_batches(connection: Connection) -> list[BatchInfo]:
    """The log, newest first."""
    return [
        batch_info(row._mapping) for row in connection.execute(select(batches).order_by(batches.c.id.desc()))
    ]


def batch(connection: Connection, identifier: int) -> BatchInfo:
    """One batch; raises NotFound."""
    row = connection.execute(select(batches).where(batches.c.id == identifier)).one_or_none()
    if row is None:
        raise NotFound("batch", str(identifier))
    return batch_info(row._mapping)
