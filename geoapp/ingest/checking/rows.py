"""The rows of one incident -> an Incident, or its faults noted cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from geoapp.accounts import derived_status, status_of
from geoapp.incident import INCIDENT_FIELDS, Incident, Record, Report, end_of
from geoapp.ingest.checking.cells import BAD, Cells
from geoapp.ingest.checking.groups import Group
from geoapp.ingest.checking.reports import Reports, Used

_COLUMNS = tuple(item.name for item in INCIDENT_FIELDS if item.name != "id")
_MADE = ("id", "status")
# An id is made from date and title and a status follows from the reports, so no row has to state them.
_REQUIRED = tuple(item.name for item in INCIDENT_FIELDS if item.required and item.name not in _MADE)
_FOLLOWS_REPORTS = ("single_source", "uncontested")
# Said of each row, told of the file once.
MISSING = "this column, which a new incident needs; a mapping can give one value for all rows"


@dataclass(frozen=True, slots=True)
class Draft:
    """An incident as the file would have it, beside what is stored."""

    group: Group
    incident: Incident

    @property
    def row(self) -> int:
        """The row that the incident's fields stand on."""
        return self.group.rows[0]

    @property
    def is_unchanged(self) -> bool:
        """Whether the file says what is stored already."""
        before = self.group.before
        return before is not None and before.incident == self.incident


def build_incident(cells: Cells, group: Group, used: Used) -> Draft | None:
    """The incident that the group's rows make; None when anything about it is refused."""
    noted = len(cells.problems)
    given = cells.given(_COLUMNS)
    values = _first_row(cells, group, given)
    _compare_rows(cells, group, given, values)
    reports = Reports(cells, group, used)
    listed = reports.build()
    if reports.ok and not listed:
        cells.refuse(
            group.rows[0], "source_url", "at least one report, because every incident needs a source"
        )
    if BAD in values.values() or not reports.ok or _errors_since(cells, noted):
        return None
    incident = _with_status(cells, group, values, listed)
    _check_dates(cells, group.rows[0], incident)
    _check_point(cells, group.rows[0], incident)
    if _errors_since(cells, noted):
        return None
    draft = Draft(group, incident)
    if draft.is_unchanged:
        del cells.problems[noted:]  # what was warned of when it came in need not be said again
    return draft


def _errors_since(cells: Cells, noted: int) -> bool:
    return any(problem.level == "error" for problem in cells.problems[noted:])


def _first_row(cells: Cells, group: Group, given: tuple[str, ...]) -> dict[str, Any]:
    """The incident's values after the upload, by column; BAD where a cell could not be read."""
    row, before = group.rows[0], group.before
    stored = _stored_values(before) if before else {}
    written = dict(zip(given, cells.by_row(given)[row], strict=True))
    if before and all(value is None for value in written.values()):
        return stored
    values = dict.fromkeys(_COLUMNS) | stored | written
    for name in _REQUIRED:
        if values[name] is None:
            needs = "a value, which every incident needs"
            cells.refuse(row, name, needs if name in given else MISSING)
    return values


def _stored_values(before: Record) -> dict[str, Any]:
    """The stored values by column; a status that followed from the reports goes on following them."""
    values = {name: getattr(before.incident, name) for name in _COLUMNS}
    if values["status"] in _FOLLOWS_REPORTS and values["status"] == derived_status(before.incident):
        values["status"] = None
    return values


def _compare_rows(cells: Cells, group: Group, given: tuple[str, ...], values: dict[str, Any]) -> None:
    rows, blank = cells.by_row(given), (None,) * len(given)
    first = rows[group.rows[0]]
    for row in group.rows[1:]:
        if rows[row] in (blank, first):
            continue
        for name, value in zip(given, rows[row], strict=True):
            if value is not None and value is not BAD and value != values[name] and values[name] is not BAD:
                line = cells.line(group.rows[0])
                cells.refuse(row, name, f"blank, or the same as on line {line}, where this incident begins")


def _with_status(cells: Cells, group: Group, values: dict[str, Any], reports: tuple[Report, ...]) -> Incident:
    """The incident with its status: as given, else from the reports; a given one is held against them."""
    given = values["status"]
    derived = status_of(reports)
    incident = Incident(id=group.id, **{**values, "status": given or derived}, reports=reports)
    if not incident.current_reports and given != "retracted":
        expected = "retracted: all reports are, and every other incident needs one that is not"
        cells.refuse(group.rows[0], "status", expected)
    elif given in _FOLLOWS_REPORTS and given != derived:
        cells.warn(group.rows[0], "status", f"the status is {given}, but the reports make it {derived}")
    return incident


def _check_dates(cells: Cells, row: int, incident: Incident) -> None:
    day, precision = incident.date, incident.date_precision
    first = day.replace(day=1) if precision == "month" else day.replace(month=1, day=1)
    if precision != "day" and day != first:
        cells.refuse(row, "date", f"the first day of the {precision}", first.isoformat())
    elif incident.end_date and incident.end_date < day:
        cells.refuse(row, "end_date", f"a day that is not before the date ({day.isoformat()})")
    elif incident.end_date and incident.end_date < end_of(day, precision):
        cells.warn(row, "end_date", f"the date covers its whole {precision}, which ends after the end_date")


def _check_point(cells: Cells, row: int, incident: Incident) -> None:
    if (incident.latitude is None) != (incident.longitude is None):
        missing = "latitude" if incident.latitude is None else "longitude"
        cells.refuse(row, missing, "both latitude and longitude, or neither")
    if incident.time_zone and not incident.time:
        cells.warn(row, "time", "a time_zone is given without a time")
