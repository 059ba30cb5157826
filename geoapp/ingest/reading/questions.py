"""What only the editor can answer about a foreign file: the order in dates, and values that are no codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from geoapp.ingest.codebook import Codebook
from geoapp.ingest.reading.files import Sheet
from geoapp.ingest.reading.mapping import DATE_COLUMNS, ColumnMap, DateOrder, apply, readings
from geoapp.kinds import Invalid

CODED = (
    *("category", "actors", "attributed_to", "status", "date_precision", "location_precision"),
    "source_language",
)
MOST_VALUES = 40


@dataclass(frozen=True, slots=True)
class DateQuestion:
    """Days that can be read in two ways: an example with both readings, and what speaks for each.

    `day_first` and `month_first` count the days that can be read in that way; the lines are of days that can
    be read in no other way.
    """

    example: str
    as_day_first: str
    as_month_first: str
    count: int
    both_ways: int
    day_first: int
    month_first: int
    only_day_first: tuple[tuple[int, str], ...]
    only_month_first: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ValueQuestion:
    """Texts of a coded column that are no codes, with the number of rows of each."""

    column: str
    texts: tuple[tuple[str, int], ...]


def date_question(sheet: Sheet, plan: ColumnMap) -> DateQuestion | None:
    """The question about the order in dates; None when every day says it by itself."""
    found = list(_days(sheet, plan))
    both = [each for each in found if each[2] and each[3] and each[2] != each[3]]
    if not both:
        return None
    line, text, as_day, as_month = both[0]
    return DateQuestion(
        example=text,
        as_day_first=as_day,
        as_month_first=as_month,
        count=len(found),
        both_ways=len(both),
        day_first=sum(bool(each[2]) for each in found),
        month_first=sum(bool(each[3]) for each in found),
        only_day_first=tuple((at, text) for at, text, day, month in found if day and not month),
        only_month_first=tuple((at, text) for at, text, day, month in found if month and not day),
    )


def settled_order(sheet: Sheet, plan: ColumnMap) -> DateOrder | None:
    """The order that the days say by themselves: some can be read in one way alone and all in that way."""
    found = list(_days(sheet, plan))
    day_first, month_first = all(each[2] for each in found), all(each[3] for each in found)
    if not found or day_first == month_first:
        return "day" if found and day_first else None
    return "day" if day_first else "month"


def _days(sheet: Sheet, plan: ColumnMap) -> Iterator[tuple[int, str, str, str]]:
    """Days written in numbers with the year last: line, text, read day first, read month first."""
    for heading, column in plan.columns.items():
        if column in DATE_COLUMNS and heading in sheet.columns:
            texts = sheet.texts(heading)
            known = {text: read for text in set(texts) if (read := readings(text)) is not None}
            for text, line in zip(texts, sheet.lines, strict=True) if known else ():
                if text in known:
                    yield line, text.strip(), *known[text]


def value_questions(sheet: Sheet, plan: ColumnMap, codebook: Codebook) -> list[ValueQuestion]:
    """Texts of coded columns that neither are codes nor are mapped to any, most frequent first."""
    table = apply(sheet, plan)
    return [
        question
        for number, column in enumerate(table.columns)
        if column in CODED
        and (question := _unknown(column, Counter(row[number] for row in table.rows), codebook))
    ]


def _unknown(column: str, counts: Mapping[str, int], codebook: Codebook) -> ValueQuestion | None:
    parts: Counter[str] = Counter()
    for text, count in counts.items():
        for part in text.split(";") if column == "actors" else (text,):
            if part.strip():
                parts[part.strip()] += count
    parse = codebook.parser(column)
    unknown = [(text, count) for text, count in parts.most_common() if not _is_known(parse, text)]
    return ValueQuestion(column, tuple(unknown[:MOST_VALUES])) if unknown else None


def _is_known(parse: object, text: str) -> bool:
    assert callable(parse)
    try:
        parse(text)
    except Invalid:
        return False
    return True
