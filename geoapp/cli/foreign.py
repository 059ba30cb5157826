"""A file as it comes -> our columns, for `geoapp import`: what was taken for what is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geoapp.cli.group import Refused, WrongUse
from geoapp.errors import DataRefused, Problem

if TYPE_CHECKING:
    from geoapp.ingest import Table
    from geoapp.ingest.reading.files import Sheet
    from geoapp.ingest.reading.mapping import ColumnMap


def read(data: bytes, name: str, given: Mapping[str, str | None]) -> Table:
    """The table of a file by the options `mapping`, `link` and `sheet`.

    Raises DataRefused where the file cannot be read, has headings that nobody knows, or days that could
    be read in two ways.
    """
    from geoapp.ingest.reading.files import read_file
    from geoapp.ingest.reading.mapping import apply

    sheet = read_file(data, name, given["sheet"])
    plan = _linked(_plan(sheet, given["mapping"]), given["link"])
    table = apply(sheet, _with_order(sheet, plan))
    if not given["mapping"]:
        table = replace(table, faults=(*table.faults, *_unknown(sheet, plan)))
    return table


def settled_plan(sheet: Sheet, given: Mapping[str, str | None]) -> ColumnMap | None:
    """How the columns become ours; None without a mapping where headings are not exactly ours."""
    from geoapp.ingest.reading.recognise import recognise

    if given["mapping"] is None and not recognise(sheet).exact:
        return None
    return _linked(_plan(sheet, given["mapping"]), given["link"])


def _linked(plan: ColumnMap, link: str | None) -> ColumnMap:
    return replace(plan, constants={**plan.constants, "source_url": link}) if link else plan


def _plan(sheet: Sheet, mapping: str | None) -> ColumnMap:
    from geoapp.ingest.reading.ready import read_mapping, ready_mappings
    from geoapp.ingest.reading.recognise import recognise

    if mapping is None:
        recognised = recognise(sheet)
        if not recognised.exact:
            _tell(sheet, recognised.plan)
        return recognised.plan
    ready = ready_mappings()
    if mapping in ready:
        return ready[mapping].plan
    try:
        return read_mapping(Path(mapping)).plan
    except OSError as error:
        names = ", ".join(ready)
        raise WrongUse(f"--mapping: cannot read {mapping}: {error.strerror} (ready ones: {names})") from error


def _tell(sheet: Sheet, plan: ColumnMap) -> None:
    """Say how the file was read and which headings were taken for which columns."""
    click.echo(f"{sheet.source}: read as {sheet.form}", err=True)
    for heading, column in plan.columns.items():
        if column and heading != column:
            click.echo(f"{sheet.source}: {heading!r} taken as {column}", err=True)
    for column, template in plan.templates.items():
        click.echo(f"{sheet.source}: {column} put together as {template}", err=True)


def _with_order(sheet: Sheet, plan: ColumnMap) -> ColumnMap:
    from geoapp.ingest.reading.questions import date_question, settled_order

    if plan.date_order is not None:
        return plan
    question = date_question(sheet, plan)
    if question is None:
        return replace(plan, date_order=settled_order(sheet, plan))
    proofs = [f"{text} on line {line}" for line, text in question.only_day_first[:3]]
    proofs += [f"{text} on line {line}" for line, text in question.only_month_first[:3]]
    only = f"; one way only: {', '.join(proofs)}" if proofs else ""
    expected = (
        f"days that can be read in one way: {question.as_day_first} or {question.as_month_first} "
        f'({question.both_ways} such days{only}); say date_order = "day" or "month" in a --mapping file'
    )
    raise DataRefused([Problem("error", sheet.source, expected, value=question.example)])


def _unknown(sheet: Sheet, plan: ColumnMap) -> Iterable[Problem]:
    """Headings that nothing is taken from: without a mapping that leaves them out, an error each."""
    from geoapp.ingest.reading.ready import ready_mappings
    from geoapp.ingest.reading.recognise import ERRORS, nearest

    for name, preset in ready_mappings().items():
        if preset.signs <= set(sheet.columns):
            fits = f"--mapping {name}, which leaves out what has no column of ours: the headings are those of"
            yield Problem("error", sheet.source, f"{fits} {preset.title}", sheet.top)
            return
    for heading in sheet.columns:
        if heading and not plan.uses(heading) and heading.strip().lower() != ERRORS:
            told = "the name of a column", sheet.top, heading, heading, nearest(heading)
            yield Problem("error", sheet.source, *told)


def write_errors(target: Path, table: Table, problems: Iterable[Problem]) -> None:
    """Write the rows with a column of errors beside them; raises Refused where the file cannot be written."""
    from geoapp.ingest.error_file import error_file
    from geoapp.ingest.reading.recognise import ERRORS

    try:
        target.write_bytes(error_file(table, problems, ERRORS))
    except OSError as error:
        raise Refused(f"cannot write {target}: {error.strerror}") from error
    click.echo(f"The rows with their errors are in {target}.", err=True)
