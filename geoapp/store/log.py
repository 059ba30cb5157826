"""The log of the data set: its versions, the batches that made them, and the records that each changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import Connection, Select, and_, func, select

from geoapp import reference
from geoapp.errors import NotFound
from geoapp.incident import Record
from geoapp.store.reading import BatchInfo, batch_info
from geoapp.store.rows import from_body
from geoapp.store.schema import batches, dataset_versions, identities, record_versions, reference_sets
from geoapp.store.versions import DatasetVersion


@dataclass(frozen=True, slots=True)
class Logged:
    """One version of the data set and its batch; `undoes` is the version whose batch it took back, if any."""

    version: DatasetVersion
    batch: BatchInfo
    undoes: int | None


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record in one batch, numbered from 1; `before` is None for a new one, `after` for a removed one.

    `gone` is why the record is no longer readable today (410), None while it is.
    """

    id: str
    number: int
    before: Record | None
    after: Record | None
    gone: str | None


_VERSION_COLUMNS = ("number", "content_hash", "incidents", "reports", "reference_hash")
_BATCH_LABELS = {column.name: f"batch_{column.name}" for column in batches.c}


def _entries() -> Select[tuple[object, ...]]:
    undone = dataset_versions.alias()
    return (
        select(
            *(dataset_versions.c[name] for name in _VERSION_COLUMNS),
            *(batches.c[name].label(label) for name, label in _BATCH_LABELS.items()),
            undone.c.number.label("undone_number"),
        )
        .join(batches, batches.c.id == dataset_versions.c.batch)
        .outerjoin(undone, undone.c.batch == batches.c.undoes)
    )


def _read(connection: Connection, asked: Select[tuple[object, ...]]) -> list[Logged]:
    found = []
    for row in connection.execute(asked):
        known = row._mapping
        told = {name: known[label] for name, label in _BATCH_LABELS.items()}
        made = datetime.fromisoformat(told["created"])
        version = DatasetVersion(created=made, **{name: known[name] for name in _VERSION_COLUMNS})
        found.append(Logged(version, batch_info(told), known["undone_number"]))
    return found


def log(connection: Connection, limit: int, offset: int) -> list[Logged]:
    """Versions of the data set, newest first."""
    newest = _entries().order_by(dataset_versions.c.number.desc())
    return _read(connection, newest.limit(limit).offset(offset))


def entry(connection: Connection, number: int) -> Logged:
    """One version of the data set; raises NotFound."""
    found = _read(connection, _entries().where(dataset_versions.c.number == number))
    if not found:
        raise NotFound("version of the data set", str(number))
    return found[0]


def count(connection: Connection) -> int:
    """How many versions there are."""
    return connection.execute(select(func.count()).select_from(dataset_versions)).scalar_one()


def record_changes(connection: Connection, batch: int, limit: int, offset: int) -> list[RecordChange]:
    """The records that a batch touched, by id, as they were before and after it."""
    old = record_versions.alias()
    same = and_(old.c.key == record_versions.c.key, old.c.version == record_versions.c.previous)
    asked = (
        select(
            identities.c.id,
            identities.c.gone,
            record_versions.c.version,
            record_versions.c.body,
            old.c.body.label("body_before"),
        )
        .join(identities, identities.c.key == record_versions.c.key)
        .outerjoin(old, same)
        .where(record_versions.c.batch == batch)
        .order_by(identities.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [
        RecordChange(row.id, row.version, _record(row.body_before), _record(row.body), row.gone)
        for row in connection.execute(asked)
    ]


def _record(body: bytes | None) -> Record | None:
    return None if body is None else from_body(body)


def reference_changes(connection: Connection, number: int) -> list[str]:
    """What a version changed in the reference data, in lines for people; none where none stood before."""
    hashes = [
        connection.execute(
            select(dataset_versions.c.reference_hash).where(dataset_versions.c.number == each)
        ).scalar_one_or_none()
        for each in (number - 1, number)
    ]
    if None in hashes or hashes[0] == hashes[1]:
        return []
    stored = select(reference_sets.c.hash, reference_sets.c.body).where(reference_sets.c.hash.in_(hashes))
    bodies = {row.hash: row.body for row in connection.execute(stored)}
    before, after = (reference.from_dict(orjson.loads(bodies[each])) for each in hashes)
    return reference.changes(before, after)
