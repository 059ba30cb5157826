"""A set of changes prepared against one version of the data set; what is shown is what is committed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from geoapp.errors import Problem
from geoapp.incident import INCIDENT_FIELDS, REPORT_FIELDS, Record, Report


@dataclass(frozen=True, slots=True)
class Change:
    """One record before (None: it is new) and after."""

    before: Record | None
    after: Record

    @property
    def id(self) -> str:
        """The incident's id."""
        return self.after.incident.id

    def fields(self) -> list[tuple[str, Any, Any]]:
        """Every value that differs, as (name, old, new); a report's names begin with its id."""
        if self.before is None:
            return []
        old, new = self.before.incident, self.after.incident
        found = [
            (each.name, getattr(old, each.name), getattr(new, each.name))
            for each in INCIDENT_FIELDS
            if getattr(old, each.name) != getattr(new, each.name)
        ]
        known = {report.report_id: report for report in old.reports}
        for report in new.reports:
            found.extend(_report_fields(known.get(report.report_id), report))
        return found


def _report_fields(old: Report | None, new: Report) -> Iterator[tuple[str, Any, Any]]:
    for each in REPORT_FIELDS:
        before = None if old is None else getattr(old, each.name)
        after = getattr(new, each.name)
        if before != after:
            yield f"{new.report_id} {each.name}", before, after


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One import: its changes, the data set version it was prepared against, who, why, from what.

    `private_note` and `author` are never public. `file_hash` is the SHA-256 of the file's bytes.
    """

    changes: tuple[Change, ...]
    base_version: int
    unchanged: int = 0
    author: str = ""
    public_note: str = ""
    private_note: str = ""
    file_name: str = ""
    file_hash: str = ""
    warnings: tuple[Problem, ...] = ()

    @property
    def created(self) -> tuple[Change, ...]:
        """The changes that add a record."""
        return tuple(change for change in self.changes if change.before is None)

    @property
    def updated(self) -> tuple[Change, ...]:
        """The changes to records that exist."""
        return tuple(change for change in self.changes if change.before is not None)
