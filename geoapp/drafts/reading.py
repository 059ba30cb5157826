"""The bytes of a draft -> rows in our columns, as the headings or the editor's mapping say."""

from __future__ import annotations

from dataclasses import dataclass, replace

from geoapp.drafts.model import Draft
from geoapp.drafts.saved import Mappings
from geoapp.errors import DataRefused, Problem
from geoapp.ingest import Table
from geoapp.ingest.reading.files import Sheet, read_file
from geoapp.ingest.reading.mapping import ColumnMap, apply
from geoapp.ingest.reading.questions import DateQuestion, date_question, settled_order
from geoapp.ingest.reading.recognise import Recognised, recognise
from geoapp.store import Store

# The size of an upload alone does not bound the work: a few bytes make a row, and each step checks all rows.
MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft's file as it was read.

    `plan` is the mapping in force; `table` is None while the editor has not confirmed it or the order in
    dates is open. `kept_as` is the name of the remembered mapping that fits the headings, blank for none.
    """

    sheet: Sheet
    recognised: Recognised
    plan: ColumnMap
    dates: DateQuestion | None
    kept_as: str
    table: Table | None


def read(store: Store, draft: Draft) -> Reading:
    """Read the file and its columns; raises DataRefused where nothing can be made of it."""
    sheet = read_file(draft.content, draft.file_name)
    if not len(sheet):
        raise DataRefused([Problem("error", draft.file_name, "at least one row below the headings")])
    if len(sheet) > MOST_ROWS:
        expected = (
            f"at most {MOST_ROWS:,} rows in one upload (`geoapp import` takes more), found {len(sheet):,}"
        )
        raise DataRefused([Problem("error", draft.file_name, expected)])
    recognised = recognise(sheet)
    given, kept_as = draft.answers.mapping, ""
    plan, is_settled = recognised.plan, recognised.exact
    if given is not None:
        plan, is_settled = ColumnMap.from_dict(given), True
    elif not recognised.exact and (kept := _kept(store, sheet)):
        plan, kept_as, is_settled = ColumnMap.from_dict(kept[1]), kept[0], True
    if plan.date_order is None:
        plan = _with_settled_order(sheet, plan)
    dates = date_question(sheet, plan) if plan.date_order is None else None
    table = apply(sheet, plan) if is_settled and dates is None else None
    return Reading(sheet, recognised, plan, dates, kept_as, table)


def _kept(store: Store, sheet: Sheet) -> tuple[str, dict[str, object]] | None:
    """The remembered mapping for exactly these headings."""
    headings = set(sheet.columns)
    for each in Mappings(store).all():
        if set(each.mapping["columns"]) == headings:
            return each.name, dict(each.mapping)
    return None


def _with_settled_order(sheet: Sheet, plan: ColumnMap) -> ColumnMap:
    if date_question(sheet, plan) is not None:
        return plan
    order = settled_order(sheet, plan)
    return replace(plan, date_order=order) if order is not None else plan
