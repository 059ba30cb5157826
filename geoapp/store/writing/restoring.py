"""Bringing one record back to what an earlier version of it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from geoapp.errors import Conflict, NotFound
from geoapp.incident import Incident, Joined, Record
from geoapp.store.counting.known import Writing
from geoapp.store.reading import identity
from geoapp.store.rows import from_body
from geoapp.store.schema import record_versions
from geoapp.store.versions import DatasetVersion
from geoapp.store.writing.commit import About, write
from geoapp.store.writing.slices import Write, check_codes

Join = Callable[[Sequence[Incident]], Sequence[Joined]]


def restore(work: Writing, identifier: str, number: int, about: About, join: Join | None) -> DatasetVersion:
    """Write the record again as it was in that version; see `Store.restore`."""
    known = identity(work.connection, "id", identifier)
    record = _version(work.connection, known.key, number)
    if record is None:
        raise Conflict(f"version {number} of {identifier} holds no record that could be brought back")
    if join is not None:
        record = replace(record, joined=join([record.incident])[0])
    if known.gone is None and _same(record, _version(work.connection, known.key, known.version)):
        raise Conflict(f"{identifier} already is as in version {number}")
    check_codes(work.known.reference, [record])
    return write(work, [Write(identifier, record)], about)


def _version(connection: Connection, key: int, number: int) -> Record | None:
    asked = select(record_versions.c.body).where(
        record_versions.c.key == key, record_versions.c.version == number
    )
    found = connection.execute(asked).one_or_none()
    if found is None:
        raise NotFound("version", str(number))
    return None if found.body is None else from_body(found.body)


def _same(one: Record, other: Record | None) -> bool:
    if other is None:
        return False
    hash_of_other = other.joined.layers_hash
    return one.incident == other.incident and other.joined == replace(one.joined, layers_hash=hash_of_other)
