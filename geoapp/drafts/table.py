"""The editor's answers carried out on the rows of a draft: corrected cells, records joined or left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from geoapp.drafts.model import AS_REPORTS, LEAVE_OUT, Cell
from geoapp.incident import FIELD_BY_COLUMN
from geoapp.ingest import Table


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one record of the file, by their places in the table, and what is decided about them.

    `stored` is the id of the record that they look like.
    """

    rows: tuple[int, ...]
    decision: str
    stored: str


def corrected(table: Table, corrections: Mapping[Cell, str]) -> Table:
    """The table with the texts that the editor put in the place of cells; unknown cells are passed over."""
    at = {name: number for number, name in enumerate(table.columns)}
    wanted: dict[int, list[tuple[int, str]]] = {}
    for cell, text in corrections.items():
        if cell.column in at:
            wanted.setdefault(cell.line, []).append((at[cell.column], text))
    if not wanted:
        return table
    rows = [
        _with(row, wanted[line]) if line in wanted else row
        for row, line in zip(table.rows, table.lines, strict=True)
    ]
    return replace(table, rows=tuple(rows))


def decided(table: Table, records: Sequence[Rows]) -> Table:
    """The table without the records left out, and with those that become reports of a stored record.

    The latter stand last: where the file also changes that record, its own row still comes first.
    """
    left_out = {row for each in records if each.decision == LEAVE_OUT for row in each.rows}
    moved = {row: each.stored for each in records if each.decision == AS_REPORTS for row in each.rows}
    if not left_out and not moved:
        return table
    table = _with_ids(table)
    stay = [number for number in range(len(table.rows)) if not (number in left_out or number in moved)]
    rows = [table.rows[number] for number in stay]
    rows += [_as_report(table.columns, table.rows[number], stored) for number, stored in moved.items()]
    lines = tuple(table.lines[number] for number in [*stay, *moved])
    return replace(table, rows=tuple(rows), lines=lines)


def _with_ids(table: Table) -> Table:
    """The table with a column for ids, blank where it had none."""
    if "id" in table.columns:
        return table
    return replace(table, columns=("id", *table.columns), rows=tuple(("", *row) for row in table.rows))


def _as_report(columns: Collection[str], row: Sequence[str], stored: str) -> tuple[str, ...]:
    """A row that says nothing of the incident and whose report has no key yet."""
    return tuple(
        stored if name == "id" else text if _is_of_report(name) else ""
        for name, text in zip(columns, row, strict=True)
    )


def _is_of_report(column: str) -> bool:
    return FIELD_BY_COLUMN[column].of == "report" and column != "report_id"


def _with(row: tuple[str, ...], changes: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    cells = list(row)
    for at, text in changes:
        cells[at] = text
    return tuple(cells)


def titles(table: Table) -> dict[int, str]:
    """The title of the record that each line belongs to: people know records, not lines."""
    at = {name: number for number, name in enumerate(table.columns)}
    if "title" not in at:
        return {}
    found, of_id = {}, dict[str, str]()
    for row, line in zip(table.rows, table.lines, strict=True):
        identifier = row[at["id"]].strip() if "id" in at else ""
        title = row[at["title"]].strip() or of_id.get(identifier, "")
        if title:
            found[line] = title
            if identifier:
                of_id.setdefault(identifier, title)
    return found
