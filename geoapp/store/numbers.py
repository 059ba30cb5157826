"""Which report numbers were ever given: a number is never given to another source."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from geoapp.store.dialect import in_batches
from geoapp.store.rows import from_body
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
            reports = from_body(body).incident.reports
            numbers = found.setdefault(identifier, {})
            numbers |= {each.report_id: each.source_url for each in reports if each.report_id}
    return found
