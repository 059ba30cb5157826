"""What changed since a version, as CSV: one row per record, removals too, never an editor's name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from csv import writer
from io import StringIO

from geoapp.batch import Change
from geoapp.export.pieces import in_pieces
from geoapp.export.rows import protect
from geoapp.incident import JOINED_FIELDS, Record
from geoapp.store import Changed

COLUMNS = (
    "id", "kind", "version_from", "version_to", "changed", "dataset_version", "date", "public_note",
)  # fmt: skip
RETRACTED = "retracted"
# A new hash of the reference data alone changes nothing that anyone counts.
_STAMP = "layers_hash"


def csv(changes: Iterable[Changed]) -> Iterator[bytes]:
    """One row per record; `changed` lists the names of its columns, those of a report after its id."""
    return in_pieces(_parts(changes))


def _parts(changes: Iterable[Changed]) -> Iterator[bytes]:
    lines = StringIO(newline="")
    rows = writer(lines, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for each in changes:
        rows.writerow(_row(each))
        yield _taken(lines)
    yield _taken(lines)


def _row(each: Changed) -> list[str]:
    last, both = each.steps[-1], each.records()
    notes = "; ".join(dict.fromkeys(step.note for step in each.steps if step.note))
    return [
        each.id,
        _kind_of(each, both),
        "" if each.version_from is None else str(each.version_from),
        str(each.version_to),
        ";".join(_changed_names(*both)) if both else "",
        str(last.version),
        last.made.date().isoformat(),
        protect(notes),
    ]


def _kind_of(each: Changed, both: tuple[Record, Record] | None) -> str:
    """`redacted`, `removed`, `added`, `retracted` or `changed`: the first of them that holds."""
    if any(step.kind == "redact" for step in each.steps):
        return "redacted"
    if both is None:
        return "removed" if each.after is None else "added"
    before, after = (record.incident.status == RETRACTED for record in both)
    return RETRACTED if after and not before else "changed"


def _changed_names(before: Record, after: Record) -> list[str]:
    """Names of the columns that differ, and of reports that went."""
    names = [name.replace(" ", "/") for name, _, _ in Change(before, after).fields()]
    gone = _reports(before) - _reports(after)
    joined = [
        field.name
        for field in JOINED_FIELDS
        if field.name != _STAMP and getattr(before.joined, field.name) != getattr(after.joined, field.name)
    ]
    return [*names, *sorted(gone), *joined]


def _reports(record: Record) -> set[str]:
    return {str(report.report_id) for report in record.incident.reports}


def _taken(lines: StringIO) -> bytes:
    content = lines.getvalue().encode()
    lines.seek(0)
    lines.truncate()
    return content
