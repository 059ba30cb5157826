"""The cells of one incident as somebody writes them: text by column, of the incident and of each report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geoapp.accounts import derived_status
from geoapp.incident import INCIDENT_FIELDS, REPORT_FIELDS, Field, Incident

INCIDENT_CELLS = tuple(each for each in INCIDENT_FIELDS if each.name != "id")
_FOLLOWS_REPORTS = ("single_source", "uncontested")

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Every cell of an incident but its id; a report without `report_id` is new."""

    incident: Cells
    reports: tuple[Cells, ...]


def blank_sheet(reports: int = 1) -> Sheet:
    """A sheet with nothing in it but room for so many reports."""
    return Sheet(_blank(INCIDENT_CELLS), tuple(_blank(REPORT_FIELDS) for _ in range(reports)))


def blank_report() -> dict[str, str]:
    """The cells of a report that nothing is known of yet."""
    return _blank(REPORT_FIELDS)


def _blank(listed: Iterable[Field]) -> dict[str, str]:
    return {each.name: "" for each in listed}


def sheet_of(incident: Incident) -> Sheet:
    """The cells that give this incident; a status that follows from the reports is blank."""
    cells = _cells(incident, INCIDENT_CELLS)
    if incident.status in _FOLLOWS_REPORTS and incident.status == derived_status(incident):
        cells["status"] = ""
    return Sheet(cells, tuple(_cells(report, REPORT_FIELDS) for report in incident.reports))


def _cells(item: Any, listed: Iterable[Field]) -> dict[str, str]:
    values = ((each, getattr(item, each.name)) for each in listed)
    return {each.name: "" if value is None else each.kind.format(value) for each, value in values}
