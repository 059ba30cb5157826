"""Joined fields computed anew: what changed becomes a version, an unchanged row is only stamped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, select, update

from geoapp.incident import Joined, Record, record_to_dict
from geoapp.store import chunks, reading, versions
from geoapp.store.counting.known import Writing
from geoapp.store.dialect import in_batches
from geoapp.store.rows import body_of
from geoapp.store.schema import incidents, record_versions
from geoapp.store.versions import DatasetVersion
from geoapp.store.writing.commit import WRITTEN_AT_ONCE, About, add_batch, write
from geoapp.store.writing.slices import Write

MENDED = "Files of the map written anew"


def rejoin(work: Writing, joined: Iterable[tuple[str, Joined]], about: About) -> DatasetVersion:
    """Store new joined fields; see `Store.rejoin`. Ids that are not stored are passed over.

    Where nothing changed, chunks of the map that are damaged are written anew from the records.
    """
    given = dict(joined)
    writes: list[Write] = []
    for ids in in_batches(list(given), WRITTEN_AT_ONCE):
        for record in reading.get_many(work.connection, ids):
            fresh = replace(record, joined=given[record.incident.id])
            if _same(record, fresh):
                _stamp(work.connection, fresh)
            else:
                writes.append(Write(record.incident.id, fresh))
    if writes:
        return write(work, writes, about)
    now = versions.current(work.connection)
    if not chunks.are_damaged(work.connection, now.number):
        return now
    about = replace(about, public_note=MENDED)
    return versions.add(work.connection, add_batch(work.connection, about), work.known.reference)


def _same(old: Record, new: Record) -> bool:
    return replace(old.joined, layers_hash=new.joined.layers_hash) == new.joined


def _stamp(connection: Connection, record: Record) -> None:
    """Note under which reference data the same values were found again; readers see no new version."""
    stamp = record.joined.layers_hash
    of_row = (incidents.c.key == record.key) & incidents.c.joined_layers_hash.is_distinct_from(stamp)
    if connection.execute(select(incidents.c.key).where(of_row)).first() is None:
        return
    connection.execute(update(incidents).where(of_row).values(joined_layers_hash=stamp))
    body = body_of(record_to_dict(record))
    connection.execute(
        update(record_versions)
        .where(record_versions.c.key == record.key, record_versions.c.version == record.version)
        .values(body=body)
    )
