"""The check of an upload as a page: every error and warning of the file, each with what would mend it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from geoapp.drafts.table import titles
from geoapp.drafts.work import Checked
from geoapp.errors import Problem
from geoapp.ingest import Table
from geoapp.ingest.checking.rows import MISSING
from geoapp.web.wording import plural

# More errors than that are told by their number and in the file with the error column.
MOST_SHOWN = 500


@dataclass(frozen=True)
class Row:
    """One problem: where, what stood there, the record it belongs to, and whether it can be mended here."""

    problem: Problem
    title: str
    can_correct: bool

    @property
    def is_missing(self) -> bool:
        """Whether it is about a column that the file does not have, and so about every row."""
        return self.problem.expected == MISSING

    @property
    def cell(self) -> str:
        """The cell, as the form for correcting names it."""
        return f"{self.problem.line}:{self.problem.column}"

    @property
    def action(self) -> str:
        """What the button of the suggestion says."""
        suggestion = self.problem.suggestion
        return f"Use {suggestion}" if suggestion else "Leave it blank"


@dataclass(frozen=True)
class CheckPage:
    """Everything that the page says about a check."""

    headline: str
    rows: int
    bad_rows: int
    error_count: int
    errors: tuple[Row, ...]
    warning_count: int
    warnings: tuple[Row, ...]
    suggestions: int
    corrected: int
    can_preview: bool

    @property
    def waiting(self) -> str:
        """What is said of the rows without an error while others have some; blank where none has."""
        well = self.rows - self.bad_rows
        if not self.bad_rows:
            return ""
        return (
            f"; {well:,} {'is in order and waits' if well == 1 else 'are in order and wait'} for the others"
        )


def describe(checked: Checked) -> CheckPage:
    """The page of a check."""
    errors, warnings = checked.errors, checked.warnings
    lines = set(checked.table.lines)
    bad = {each.line for each in errors if each.line is not None}
    if any(each.expected == MISSING for each in errors):
        bad |= lines
    return CheckPage(
        headline=headline(len(errors), len(bad), len(checked.table)),
        rows=len(checked.table),
        bad_rows=len(bad & lines),
        error_count=len(errors),
        errors=rows_of(errors[:MOST_SHOWN], checked.table),
        warning_count=len(warnings),
        warnings=rows_of(warnings[:MOST_SHOWN], checked.table),
        suggestions=len(suggested(checked)),
        corrected=len(checked.draft.answers.corrections),
        can_preview=not errors,
    )


def unread(problems: Sequence[Problem]) -> CheckPage:
    """The page of a file that nothing can be made of."""
    told = tuple(Row(each, "", False) for each in problems)
    return CheckPage(
        headline=headline(len(told), 0, 0), rows=0, bad_rows=0, error_count=len(told), errors=told,
        warning_count=0, warnings=(), suggestions=0, corrected=0, can_preview=False,
    )  # fmt: skip


def headline(errors: int, bad_rows: int, rows: int) -> str:
    """The result in one sentence."""
    if not errors:
        return f"No errors in {plural(rows, 'row')}. Nothing is saved yet."
    where = f" in {plural(bad_rows, 'row')}" if bad_rows else ""
    return f"{plural(errors, 'error')}{where}. Nothing is saved yet."


def rows_of(problems: Iterable[Problem], table: Table) -> tuple[Row, ...]:
    """Problems with the titles of their records."""
    named, lines = titles(table), set(table.lines)
    return tuple(Row(each, _title(each, named), is_cell(each, lines, table.columns)) for each in problems)


def is_cell(problem: Problem, lines: Collection[int], columns: Collection[str]) -> bool:
    """Whether the problem is about a cell of the file, so that another text can stand for it."""
    return problem.line in lines and problem.column in columns


def suggested(checked: Checked) -> list[Problem]:
    """The errors whose cell has one safe suggestion."""
    lines, columns = set(checked.table.lines), checked.table.columns
    return [each for each in checked.errors if each.suggestion is not None and is_cell(each, lines, columns)]


def _title(problem: Problem, named: Mapping[int, str]) -> str:
    title = named.get(problem.line or 0, "")
    return "" if problem.column == "title" and title == problem.value else title
