"""Rows of one incident -> its reports: matched with the stored ones, or new with the next number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from geoapp.incident import REPORT_COLUMNS, REPORT_FIELDS, Report
from geoapp.ingest.checking.cells import BAD, Cells
from geoapp.ingest.checking.groups import Group

Used = Callable[[Group], Mapping[str, str]]
# Far more than any incident had; each is held against the others, and all of them stand on one page.
MOST_REPORTS = 1_000
_REFUSED = ""
_REQUIRED = tuple(item.name for item in REPORT_FIELDS if item.required)
_POINT = ("claimed_latitude", "claimed_longitude")


class Reports:
    """Builds the reports of one incident; faults are noted in the cells and make `ok` false.

    `used` tells which report ids were ever given for the incident, and the address each stood
    for: a number is never given to another source. It is asked only when something is new.
    """

    def __init__(self, cells: Cells, group: Group, used: Used) -> None:
        self.ok = True
        self._cells, self._group, self._ask_used = cells, group, used
        self._given = cells.given(REPORT_COLUMNS)
        stored = group.before.incident.reports if group.before else ()
        self._stored = {report.report_id: report for report in stored if report.report_id}
        self._rows: dict[str, int] = {}
        self._by_row = cells.by_row(self._given)

    @cached_property
    def _used(self) -> Mapping[str, str]:
        return self._ask_used(self._group)

    def build(self) -> tuple[Report, ...]:
        """Stored and new reports, by number."""
        if len(self._group.rows) > MOST_REPORTS:
            self._too_many()
            return ()
        return self._all_new() or self._one_by_one()

    def _all_new(self) -> tuple[Report, ...]:
        """The reports where nothing is stored and no row leaves a question, as in most of a large file."""
        group = self._group
        if group.before is not None or not self._cells.once(_doubtful).isdisjoint(group.rows) or self._used:
            return ()
        rows = [self._by_row[row] for row in group.rows]
        if len(rows) > 1 and len(set(rows)) < len(rows):
            return ()
        values = [dict(zip(self._given, row, strict=True)) for row in rows]
        for number, each in enumerate(values, start=1):
            each["report_id"] = f"{group.id}/{number}"
        return tuple(Report(**each) for each in values)

    def _one_by_one(self) -> tuple[Report, ...]:
        found = dict(self._stored)
        unnumbered: list[tuple[int, dict[str, Any]]] = []
        for row, values in self._rows_with_report():
            name = self._match(row, values)
            if name is None:
                self._warn_of_twin(row, values, unnumbered)
                unnumbered.append((row, values))
            elif name != _REFUSED and self._claim(row, name):
                found |= self._merged(row, name, values)
        found = {name: found[name] for name in sorted(found, key=_number)}
        if len(found) + len(unnumbered) > MOST_REPORTS:
            self._too_many()
        elif unnumbered:
            for number, (row, values) in enumerate(unnumbered, start=self._highest(found) + 1):
                found |= self._merged(row, f"{self._group.id}/{number}", values)
        return tuple(found.values())

    def _warn_of_twin(
        self, row: int, values: Mapping[str, Any], earlier: list[tuple[int, dict[str, Any]]]
    ) -> None:
        """Say so once: for each of many twins it would be as many warnings as there are pairs."""
        other = next((other for other, same in earlier if same == values), None)
        if other is not None:
            line = self._cells.line(other)
            self._cells.warn(row, "source_url", f"the same report as on line {line}; both are stored")

    def _too_many(self) -> None:
        self._fail(self._group.rows[-1], "id", f"an incident of at most {MOST_REPORTS:,} reports")

    def _rows_with_report(self) -> list[tuple[int, dict[str, Any]]]:
        given, blank = self._given, (None,) * len(self._given)
        return [
            (row, dict(zip(given, self._by_row[row], strict=True)))
            for row in self._group.rows
            if self._by_row[row] != blank
        ]

    def _fail(self, row: int, column: str, expected: str, suggestion: str | None = None) -> None:
        self.ok = False
        self._cells.refuse(row, column, expected, suggestion)

    def _match(self, row: int, values: Mapping[str, Any]) -> str | None:
        """The id of the stored or numbered report that this row is about; None: it is a new one."""
        name = values.get("report_id")
        if name is BAD:
            self.ok = False
            return _REFUSED
        if name is not None:
            return str(name)
        return self._match_by_source(row, values)

    def _match_by_source(self, row: int, values: Mapping[str, Any]) -> str | None:
        if not self._stored:
            return None
        same = [
            name
            for name, report in self._stored.items()
            if report.source_url == values.get("source_url")
            and ("attributed_to" not in values or report.attributed_to == values["attributed_to"])
        ]
        if len(same) > 1:
            # The file that was read before says the same again: no doubt which one is meant.
            equal = [name for name in same if name not in self._rows and self._says(name, values)]
            if not equal:
                listed = " and ".join(same)
                self._fail(row, "report_id", f"a report_id: {listed} share this source_url and attributed_to")
            return equal[0] if equal else _REFUSED
        if not same and values.get("source_url") is None:
            self._fail(row, "source_url", "the source_url or report_id of the report that this row is about")
            return _REFUSED
        return same[0] if same else None

    def _says(self, name: str, values: Mapping[str, Any]) -> bool:
        report = self._stored[name]
        return all(
            getattr(report, column) == value for column, value in values.items() if column != "report_id"
        )

    def _claim(self, row: int, name: str) -> bool:
        """Whether the row may write to this report id: each once, of this incident, never reused."""
        if name in self._rows:
            line = self._cells.line(self._rows[name])
            expected = f"a report_id: line {line} is about {name} too (a new report can have the next number)"
            self._fail(row, "report_id", expected, f"{self._group.id}/{self._highest(self._stored) + 1}")
            return False
        self._rows[name] = row
        if name.rpartition("/")[0] != self._group.id:
            self._fail(row, "report_id", f"a report_id that begins with {self._group.id}/")
            return False
        used_for = None if name in self._stored else self._used.get(name)
        if used_for is not None and used_for != self._cells.value("source_url", row):
            self._fail(row, "report_id", f"a number that was never used ({name} stood for {used_for})")
            return False
        return True

    def _merged(self, row: int, name: str, values: Mapping[str, Any]) -> dict[str, Report]:
        """The report with this row's values in place of the stored ones, under its id."""
        if BAD in values.values():
            self.ok = False
            return {}
        stored = self._stored.get(name)
        for column in _REQUIRED:
            if column in values and values[column] is None:
                self._fail(row, column, "a value, which every report needs")
            elif column not in values and stored is None:
                self._fail(row, column, "this column, which a new report needs")
        if not self.ok:
            return {}
        values = {**values, "report_id": name}
        report = replace(stored, **values) if stored else Report(**values)
        if (report.claimed_latitude is None) != (report.claimed_longitude is None):
            missing = "claimed_latitude" if report.claimed_latitude is None else "claimed_longitude"
            self._fail(row, missing, "both claimed_latitude and claimed_longitude, or neither")
        return {name: report}

    def _highest(self, found: Mapping[str, Report]) -> int:
        return max((_number(name) for name in [*found, *self._used, *self._rows]), default=0)


def _doubtful(cells: Cells) -> frozenset[int]:
    """The rows that are more or less than a new report with all that it needs."""
    columns, every = cells.columns, frozenset(range(len(cells.table)))
    if any(name not in columns for name in _REQUIRED):
        return every
    nowhere = [None] * len(every)
    found = every - _where(columns.get("report_id", nowhere), None)
    for name in cells.given(REPORT_COLUMNS):
        found |= _where(columns[name], BAD)
    for name in _REQUIRED:
        found |= _where(columns[name], None)
    points = zip(*(columns.get(name, nowhere) for name in _POINT), strict=True)
    return found.union(row for row, (y, x) in enumerate(points) if (y is None) != (x is None))


def _where(values: Sequence[Any], wanted: object) -> frozenset[int]:
    """The rows that hold just this."""
    if wanted not in values:
        return frozenset()
    return frozenset(row for row, value in enumerate(values) if value is wanted)


def _number(name: str) -> int:
    return int(name.rpartition("/")[2])
