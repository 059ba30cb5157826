"""A sheet against the rules of an upload: it becomes the rows of a table and goes the way of every file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from geoapp.batch import Batch, Change
from geoapp.by_hand.sheet import INCIDENT_CELLS, Sheet
from geoapp.errors import DataRefused, Gone, Level, NotFound, Problem
from geoapp.export.rows import protect
from geoapp.incident import COLUMNS, FIELD_BY_COLUMN, INCIDENT_COLUMNS, REPORT_COLUMNS
from geoapp.ingest import Table, prepare
from geoapp.ingest.checking.groups import make_id
from geoapp.kinds import Invalid, parse_day
from geoapp.store import Store

SOURCE = "form"
# Stands for the id of an incident whose date or title cannot be read yet; never stored.
_UNNAMED = "not-named-yet"
_NEEDED = tuple(each.name for each in INCIDENT_CELLS if each.required and each.name != "status")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, or looks wrong, in one cell: of the incident (`report` None) or of a report, from 0."""

    level: Level
    report: int | None
    column: str
    expected: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a sheet comes to: faults, and without errors the batch; one without changes changes nothing."""

    identifier: str
    faults: tuple[Fault, ...]
    batch: Batch | None = None

    @property
    def change(self) -> Change | None:
        """The one change that saving would make."""
        return self.batch.changes[0] if self.batch and self.batch.changes else None

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that must be mended first."""
        return tuple(fault for fault in self.faults if fault.level == "error")


def check(store: Store, sheet: Sheet, identifier: str | None = None) -> Checked:
    """Check the sheet of a stored incident, or of a new one without `identifier`; nothing is written."""
    name, faults = (identifier, []) if identifier else _new_name(store, sheet)
    if identifier and not any(text.strip() for text in sheet.incident.values()):
        # A file may leave all of an incident's cells blank and mean "unchanged"; a form cannot.
        faults = [Fault("error", None, column, "a value, which every incident needs") for column in _NEEDED]
    name = name or _UNNAMED
    try:
        batch = prepare(store, _table(store, sheet, name, is_new=identifier is None))
    except DataRefused as refused:
        return Checked(name, (*faults, *_faults(refused.problems)))
    faults += _faults(batch.warnings)
    is_refused = any(fault.level == "error" for fault in faults)
    return Checked(name, tuple(faults), None if is_refused else batch)


def _new_name(store: Store, sheet: Sheet) -> tuple[str | None, list[Fault]]:
    """The id for a new incident, by its date and title; one that is stored with both is no new one."""
    cells = sheet.incident
    title, precision = cells["title"].strip(), cells["date_precision"]
    try:
        base = make_id(parse_day(cells["date"].strip()), precision or "day", title)
    except (Invalid, KeyError):
        return None, []
    if not title:
        return None, []
    name, number, faults = base, 1, []
    while (stored := _title_under(store, name)) is not None:
        if stored == title:
            expected = f"another title or date: {name} is stored with both; open that one to change it"
            faults = [Fault("error", None, "title", expected)]
        number += 1
        name = f"{base}-{number}"
    return name, faults


def _title_under(store: Store, name: str) -> str | None:
    """The title stored under an id; blank where something stood that is gone, None where nothing ever did."""
    try:
        return store.get(name).incident.title
    except Gone:
        return ""
    except NotFound:
        return None


def _table(store: Store, sheet: Sheet, name: str, *, is_new: bool) -> Table:
    """The rows that an upload with these cells would have, line 1 being the first report."""
    numbers = _Numbers({} if is_new else store.used_reports([name]).get(name, {}), name)
    rows = []
    for place, report in enumerate(sheet.reports or ({},)):
        cells = {**dict.fromkeys(COLUMNS, ""), **report, "id": name}
        if not place:
            cells |= sheet.incident
        if not is_new and sheet.reports and not cells["report_id"]:
            # Without a number it could be taken for a stored report with the same link.
            cells["report_id"] = numbers.next()
        rows.append(tuple(_as_in_file(column, cells[column]) for column in COLUMNS))
    digest = sha256("\x1e".join("\x1f".join(row) for row in rows).encode("utf-8", "replace")).hexdigest()
    return Table(SOURCE, digest, COLUMNS, tuple(rows), tuple(range(1, len(rows) + 1)))


class _Numbers:
    """Report ids that were never given under an incident."""

    def __init__(self, used: dict[str, str], name: str) -> None:
        self._name = name
        self._last = max((int(each.rpartition("/")[2]) for each in used), default=0)

    def next(self) -> str:
        self._last += 1
        return f"{self._name}/{self._last}"


def _as_in_file(column: str, text: str) -> str:
    """The cell as a file would hold it, so that a leading apostrophe that was typed stays."""
    return text if FIELD_BY_COLUMN[column].kind.numeric else protect(text)


def as_csv(store: Store, sheet: Sheet, found: Checked, identifier: str | None) -> bytes:
    """The file (CSV, UTF-8) that an upload of what was checked would be; `identifier` as for `check`."""
    table = _table(store, sheet, found.identifier, is_new=identifier is None)
    file = io.StringIO(newline="")
    csv.writer(file).writerows((table.columns, *table.rows))
    return file.getvalue().encode()


def _faults(problems: tuple[Problem, ...]) -> list[Fault]:
    return list(dict.fromkeys(_placed(problems)))


def _placed(problems: tuple[Problem, ...]) -> Iterator[Fault]:
    for problem in problems:
        column, line = problem.column or "title", problem.line or 1
        report = line - 1 if column in REPORT_COLUMNS else None
        if report is None and column not in INCIDENT_COLUMNS:
            column = "title"
        yield Fault(problem.level, report, column, problem.expected, problem.suggestion)


def noted(batch: Batch, author: str, public_note: str, private_note: str) -> Batch:
    """The batch with who made it and why; what it came from is the form."""
    return replace(batch, author=author, public_note=public_note, private_note=private_note, file_name=SOURCE)
