"""The columns of a foreign file as a page: what goes where, what the values mean, what every row shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from geoapp.drafts.reading import Reading
from geoapp.drafts.saved import Mappings
from geoapp.folding import fold
from geoapp.incident import COLUMNS, FIELD_BY_COLUMN
from geoapp.ingest.codebook import Codebook
from geoapp.ingest.reading.questions import DateQuestion, value_questions
from geoapp.kinds import LOCATION_PRECISIONS, STATUSES
from geoapp.reference import Reference
from geoapp.web import wording

# What every new incident and report needs; a foreign file may have one text of it for all rows.
NEEDED = tuple(name for name in COLUMNS if FIELD_BY_COLUMN[name].required and name not in ("id", "status"))
# What may be put together from several headings.
TEMPLATED = ("date", "title", "summary", "statement", "place")
MOST_EXAMPLE = 40
MOST_LINES = 6


@dataclass(frozen=True)
class Heading:
    """One heading of the file with its first text, where it goes, and how sure that is."""

    number: int
    name: str
    example: str
    column: str
    state: str
    is_question: bool


@dataclass(frozen=True)
class Choice:
    """A text of the file that is no code of ours: in how many rows it stands, and what it becomes."""

    text: str
    count: int
    chosen: str


@dataclass(frozen=True)
class Values:
    """The texts of one coded column, and the codes that they may become."""

    column: str
    choices: tuple[Choice, ...]
    codes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shared:
    """One text for all rows: for a column that the file does not have."""

    column: str
    text: str
    codes: tuple[tuple[str, str], ...]
    is_needed: bool


@dataclass(frozen=True)
class ColumnsPage:
    """Everything that the page asks and says."""

    reading: Reading
    dates: DateQuestion | None
    order: str
    headings: tuple[Heading, ...]
    left_out: tuple[Heading, ...]
    values: tuple[Values, ...]
    shared: tuple[Shared, ...]
    templates: Mapping[str, str]
    kept: tuple[str, ...]
    waiting: tuple[str, ...]
    columns: tuple[str, ...] = COLUMNS
    templated: tuple[str, ...] = TEMPLATED


def describe(
    reading: Reading, mappings: Mappings, reference: Reference, *, asked: bool = False
) -> ColumnsPage:
    """The page for a file; `asked` says that the editor sent it without the order in dates."""
    plan = reading.plan
    headings = tuple(_headings(reading))
    missing = [each for each in _shared(reading, reference) if each.is_needed and not each.text]
    waiting = ["the order in dates"] if reading.dates else []
    waiting += [f"{each.column.replace('_', ' ')} for all rows, or a column for it" for each in missing]
    return ColumnsPage(
        reading=reading,
        dates=reading.dates,
        order="missing" if asked and reading.dates else plan.date_order or "",
        headings=tuple(each for each in headings if each.column or each.is_question),
        left_out=tuple(each for each in headings if not each.column and not each.is_question),
        values=tuple(_values(reading, reference)),
        shared=tuple(_shared(reading, reference)),
        templates={column: plan.templates.get(column, "") for column in TEMPLATED},
        kept=tuple(each.name for each in mappings.all()),
        waiting=tuple(waiting),
    )


def _headings(reading: Reading) -> list[Heading]:
    sheet, plan, found = reading.sheet, reading.plan, []
    dated = {"date", "end_date", "source_date"} if reading.dates else set()
    for number, name in enumerate(sheet.columns):
        column = plan.columns.get(name, "")
        example = next((text for row in sheet.rows[:50] if (text := row[number].strip())), "")
        state = "Question" if column in dated else _state(name, column, reading)
        found.append(Heading(number, name, example[:MOST_EXAMPLE], column, state, column in dated))
    return found


def _state(name: str, column: str, reading: Reading) -> str:
    if not column:
        return "Left out"
    if reading.recognised.plan.columns.get(name) != column:
        return "Chosen"
    return "By table" if reading.plan.values.get(column) else "Recognised"


def _values(reading: Reading, reference: Reference) -> list[Values]:
    bare = replace(reading.plan, values={})
    found = []
    for question in value_questions(reading.sheet, bare, Codebook(reference)):
        chosen = reading.plan.values.get(question.column, {})
        codes = codes_of(question.column, reference)
        # Words of another data set's codebook may be ours and mean something else: its editor is asked.
        own = {} if reading.recognised.preset else _named(codes)
        choices = tuple(
            Choice(text, count, chosen.get(text, own.get(fold(text), "?"))) for text, count in question.texts
        )
        found.append(Values(question.column, choices, codes))
    return found


def _named(codes: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Codes by their folded code and name; a name that two of them have stands for none."""
    found: dict[str, set[str]] = {}
    for code, words in codes:
        for name in (code, words, words.removeprefix(f"{code}, ")):
            found.setdefault(fold(name), set()).add(code)
    return {name: code for name, (code, *others) in found.items() if not others}


def _shared(reading: Reading, reference: Reference) -> list[Shared]:
    plan = reading.plan
    filled = {*plan.columns.values(), *plan.templates}
    return [
        Shared(column, plan.constants.get(column, ""), codes_of(column, reference), column not in filled)
        for column in NEEDED
        if column not in filled or column in plan.constants
    ]


def codes_of(column: str, reference: Reference) -> tuple[tuple[str, str], ...]:
    """The codes of a coded column with their words; empty for a column of free text."""
    listed: Mapping[str, Mapping[str, str]] = {
        "category": {code: each.label for code, each in reference.categories.items()},
        "actors": {code: f"{code}, {each.name}" for code, each in reference.actors.items()},
        "attributed_to": {code: f"{code}, {each.name}" for code, each in reference.actors.items()},
        "status": {code: wording.status_label(code) for code in STATUSES},
        "date_precision": {"day": "day", "month": "month", "year": "year"},
        "location_precision": {code: meaning for code, (_, meaning) in LOCATION_PRECISIONS.items()},
        "source_language": wording.languages(),
    }
    return tuple(listed.get(column, {}).items())


def lines_of(listed: tuple[tuple[int, str], ...]) -> str:
    """`24/11/2023 line 4, 15/02/2024 line 5 and 3 more`."""
    told = ", ".join(f"{text} line {line:,}" for line, text in listed[:MOST_LINES])
    more = len(listed) - MOST_LINES
    return f"{told} and {more:,} more" if more > 0 else told
