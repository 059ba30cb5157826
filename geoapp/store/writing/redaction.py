"""Redacting: the one change that no history keeps. A value, a report or a record leaves every version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, select, update

from geoapp.errors import Conflict, NotFound
from geoapp.incident import Record, record_to_dict
from geoapp.store import versions
from geoapp.store.counting.known import Writing
from geoapp.store.reading import identity
from geoapp.store.rows import body_of, from_body, numbers_in
from geoapp.store.schema import record_versions
from geoapp.store.versions import DatasetVersion
from geoapp.store.writing import blanking
from geoapp.store.writing.blanking import Redaction
from geoapp.store.writing.commit import About, write
from geoapp.store.writing.slices import Write

Forget = Callable[[Connection, Redaction], None]


def redact(
    work: Writing, asked: Redaction, about: About, reason: str, forget: Iterable[Forget]
) -> DatasetVersion:
    """Overwrite in every version and make a new one that says so; nothing is written when nothing is left."""
    connection = work.connection
    known = identity(connection, "id", asked.id)
    stored = _versions(connection, known.key)
    if asked.report_id is not None and not any(asked.report_id in _reports(row) for row in stored):
        raise NotFound("report", asked.report_id)
    texts = dict.fromkeys(text for row in stored for text in blanking.values_of(_record(row), asked))
    asked = replace(asked, values=tuple(texts))
    for function in forget:
        function(connection, asked)
    if not texts:
        return versions.current(connection)
    work.dialect.leave_no_trace(connection)
    about = replace(about, public_note=_note(asked, reason))
    if asked.field is None and asked.report_id is None:
        made = write(work, [Write(asked.id, None, f"redacted by the editors: {reason}")], about)
        connection.execute(
            update(record_versions).where(record_versions.c.key == known.key).values(body=None)
        )
    else:
        made = _blank(work, known, stored, asked, about)
    return versions.anew(connection, made, work.known.reference)


def _note(asked: Redaction, reason: str) -> str:
    what = "A value was" if asked.field else "A report was" if asked.report_id else "A record was"
    return f"{what} redacted: {reason}"


def _blank(
    work: Writing, known: Row[Any], stored: Sequence[Row[Any]], asked: Redaction, about: About
) -> DatasetVersion:
    """A new version without it, then every earlier one: what was current is still needed for the sums."""
    reference = work.known.reference
    after = None if known.gone is not None else blanking.blanked(_record(stored[-1]), asked, reference)
    if after is not None and not after.incident.reports:
        raise Conflict(f"{asked.id} has no other report; redact the whole record")
    made = write(work, [Write(asked.id, after, known.gone or "")], about)
    for row in stored:
        without = blanking.blanked(_record(row), asked, reference)
        kept = {report.report_id for report in without.incident.reports}
        numbers = sorted(number for number in numbers_in(row.body) if number not in kept)
        body = body_of(record_to_dict(without), numbers)
        of_version = (record_versions.c.key == known.key) & (record_versions.c.version == row.version)
        work.connection.execute(update(record_versions).where(of_version).values(body=body))
    return made


def _versions(connection: Connection, key: int) -> Sequence[Row[Any]]:
    known = record_versions.c
    there = (known.key == key) & known.body.is_not(None)
    return list(connection.execute(select(known.version, known.body).where(there).order_by(known.version)))


def _record(row: Row[Any]) -> Record:
    return from_body(row.body)


def _reports(row: Row[Any]) -> set[str | None]:
    return {report.report_id for report in _record(row).incident.reports}
