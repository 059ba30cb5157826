"""What is different between an earlier version of the data set and now, record by record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from geoapp.errors import NotFound
from geoapp.incident import Record
from geoapp.store.dialect import in_batches
from geoapp.store.rows import from_body
from geoapp.store.schema import batches, dataset_versions, identities, record_versions

COMPARED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One batch that touched a record: what it was, its public note, and the version it made (UTC)."""

    kind: str
    note: str
    version: int
    made: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A record then and now, with the batches between, oldest first.

    `before` and `after` are as the history keeps them, None where it was not there: reading them all, also
    where nothing is compared, was more than half of what a list of 100,000 new records took.
    """

    id: str
    version_from: int | None
    version_to: int
    before: bytes | None
    after: bytes | None
    steps: tuple[Step, ...]

    def records(self) -> tuple[Record, Record] | None:
        """The record then and now; None where it was not there at one of these times."""
        if self.before is None or self.after is None:
            return None
        return from_body(self.before), from_body(self.after)


def changed_since(connection: Connection, number: int) -> Iterator[Changed]:
    """Every record that a later version touched, by key; raises NotFound for a version that never was.

    Records that came and went in between are left out. Version 0 is the empty data set.
    """
    batch = _batch_of(connection, number)
    known = record_versions.c
    touched = connection.execute(
        select(known.key, func.min(known.version), func.max(known.version))
        .where(known.batch > batch)
        .group_by(known.key)
        .order_by(known.key)
    ).all()
    for some in in_batches(touched, COMPARED_AT_ONCE):
        yield from _compared(connection, [tuple(row) for row in some], batch)


def _batch_of(connection: Connection, number: int) -> int:
    if number == 0:
        return 0
    asked = select(dataset_versions.c.batch).where(dataset_versions.c.number == number)
    found = connection.execute(asked).scalar_one_or_none()
    if found is None:
        raise NotFound("version of the data set", str(number))
    return int(found)


def _compared(connection: Connection, some: Sequence[tuple[Any, ...]], batch: int) -> Iterator[Changed]:
    keys = [key for key, _, _ in some]
    wanted = {(key, first - 1) for key, first, _ in some} | {(key, last) for key, _, last in some}
    bodies = _bodies(connection, keys, wanted)
    named = select(identities.c.key, identities.c.id).where(identities.c.key.in_(keys))
    ids = {row.key: row.id for row in connection.execute(named)}
    steps = _steps(connection, keys, batch)
    for key, first, last in some:
        before, after = bodies.get((key, first - 1)), bodies.get((key, last))
        redacted = any(step.kind == "redact" for step in steps[key])
        # Of a record that was taken out everywhere no earlier version is left to tell that it was there.
        if before is not None or after is not None or (redacted and first > 1):
            yield Changed(
                id=ids[key],
                version_from=first - 1 if first > 1 else None,
                version_to=last,
                before=before,
                after=after,
                steps=tuple(steps[key]),
            )


def _bodies(
    connection: Connection, keys: Sequence[int], wanted: set[tuple[int, int]]
) -> dict[tuple[int, int], bytes]:
    known = record_versions.c
    numbers = {version for _, version in wanted}
    asked = select(known.key, known.version, known.body).where(
        known.key.in_(keys), known.version.in_(numbers), known.body.is_not(None)
    )
    rows = connection.execute(asked)
    return {(key, version): body for key, version, body in rows if (key, version) in wanted}


def _steps(connection: Connection, keys: Sequence[int], batch: int) -> dict[int, list[Step]]:
    known = record_versions.c
    asked = (
        select(
            known.key,
            batches.c.kind,
            batches.c.public_note,
            dataset_versions.c.number,
            batches.c.created,
        )
        .join(batches, batches.c.id == known.batch)
        .join(dataset_versions, dataset_versions.c.batch == batches.c.id)
        .where(known.key.in_(keys), known.batch > batch)
        .order_by(known.key, known.version)
    )
    found: dict[int, list[Step]] = defaultdict(list)
    for key, kind, note, number, created in connection.execute(asked):
        found[key].append(Step(kind, note, number, datetime.fromisoformat(created)))
    return found
