"""Which report numbers were ever given: a number is never given to another source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count

from sqlalchemy import Connection, select

from geoapp.incident import Record
from geoapp.store.dialect import in_batches
from geoapp.store.rows import numbers_in
from geoapp.store.schema import identities, record_versions


def used_reports(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """For each id that was ever used: every report id of any version, with the address it stood for."""
    found: dict[str, dict[str, str]] = {}
    for some in in_batches(ids):
        asked = (
            select(identities.c.id, record_versions.c.body)
            .join(record_versions, record_versions.c.key == identities.c.key)
            .where(identities.c.id.in_(some), record_versions.c.body.is_not(None))
            .order_by(record_versions.c.version)
        )
        for identifier, body in connection.execute(asked):
            found[identifier] = found.get(identifier, {}) | numbers_in(body)
    return found


def numbered(connection: Connection, records: Sequence[Record]) -> list[Record]:
    """The records with the next numbers of each for the reports that have no id yet."""
    blank = [record.incident.id for record in records if _lacks_ids(record)]
    used = used_reports(connection, blank)
    return [_number(each, used.get(each.incident.id, {})) if _lacks_ids(each) else each for each in records]


def _lacks_ids(record: Record) -> bool:
    return not all(report.report_id for report in record.incident.reports)


def _number(record: Record, used: Iterable[str]) -> Record:
    incident = record.incident
    ids = {report.report_id for report in incident.reports if report.report_id}.union(used)
    free = count(1 + max((int(each.rpartition("/")[2]) for each in ids), default=0))
    reports = tuple(
        report if report.report_id else replace(report, report_id=f"{incident.id}/{next(free)}")
        for report in incident.reports
    )
    return replace(record, incident=replace(incident, reports=reports))
