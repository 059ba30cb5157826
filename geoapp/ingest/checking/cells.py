"""Columns of text -> columns of values; every distinct text of a column is parsed once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from geoapp.errors import Problem
from geoapp.formulas import unprotect
from geoapp.incident import COLUMNS, FIELD_BY_COLUMN
from geoapp.ingest.codebook import Codebook
from geoapp.ingest.table import Table
from geoapp.kinds import CONTROL, LINE, TEXT, Invalid


class _Bad:
    """Stands where a cell could not be read, so that later checks do not complain about it again."""

    def __repr__(self) -> str:
        return "BAD"


BAD: Final = _Bad()
Found = TypeVar("Found")
# What may stand around a value. str.strip() alone would also swallow control characters.
_BLANKS = "".join(char for char in map(chr, range(0x3001)) if char.isspace() and not CONTROL.match(char))
# A line break or a tab at the edge of a single line is refused like one inside of it.
_LINE_BLANKS = _BLANKS.translate({ord(char): None for char in "\t\r\n"})
_POSITION = {name: number for number, name in enumerate(COLUMNS)}


@dataclass(slots=True)
class Cells:
    """The parsed columns of a table: None is blank, BAD could not be read; problems gather here."""

    table: Table
    columns: Mapping[str, Sequence[Any]]
    problems: list[Problem] = field(default_factory=list)
    _known: dict[Any, Any] = field(default_factory=dict)

    def once(self, ask: Callable[..., Found], *about: Any) -> Found:
        """What a function finds out about all rows; it is asked once."""
        if (key := (ask, about)) not in self._known:
            self._known[key] = ask(self, *about)
        found: Found = self._known[key]
        return found

    def given(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those of `names` that the file has, in their own order."""
        return self.once(_given, names)

    def by_row(self, names: tuple[str, ...]) -> list[tuple[Any, ...]]:
        """The values of these columns row by row; they are put together once."""
        return self.once(_by_row, names)

    def value(self, column: str, row: int) -> Any:
        """The value in a cell; None where the file has no such column."""
        values = self.columns.get(column)
        return None if values is None else values[row]

    def text(self, column: str, row: int) -> str | None:
        """The cell as it stands in the file; None where the file has no such column."""
        if column not in self.columns:
            return None
        return self.table.rows[row][self.table.columns.index(column)]

    def line(self, row: int) -> int:
        """The line of the file on which the row starts."""
        return self.table.lines[row]

    def refuse(self, row: int, column: str, expected: str, suggestion: str | None = None) -> None:
        """Note an error in a cell."""
        self._note("error", row, column, expected, suggestion)

    def warn(self, row: int, column: str, expected: str, suggestion: str | None = None) -> None:
        """Note a warning about a cell."""
        self._note("warning", row, column, expected, suggestion)

    def _note(self, level: Any, row: int, column: str, expected: str, suggestion: str | None) -> None:
        text = self.text(column, row) or None
        source, line = self.table.source, self.line(row)
        self.problems.append(Problem(level, source, expected, line, column, text, suggestion))

    def sorted_problems(self) -> list[Problem]:
        """All problems in the order of the file: by line, then by column."""
        return in_order(self.problems)


def _given(cells: Cells, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in cells.columns)


def _by_row(cells: Cells, names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    columns = [cells.columns[name] for name in names]
    return list(zip(*columns, strict=True)) if columns else [()] * len(cells.table)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems of one file by line, then by column."""
    return sorted(problems, key=lambda each: (each.line or 0, _POSITION.get(each.column or "", len(COLUMNS))))


def parse_cells(table: Table, codebook: Codebook) -> Cells:
    """Parse every cell; faults are noted in the result with line, column and what was expected."""
    columns: dict[str, list[Any]] = {}
    faults: list[tuple[int, str, Invalid]] = []
    by_column = zip(*table.rows, strict=True) if table.rows else ((),) * len(table.columns)
    for name, texts in zip(table.columns, by_column, strict=True):
        columns[name], invalid = parse_column(name, texts, codebook)
        if invalid:
            faults += [(row, name, invalid[text]) for row, text in enumerate(texts) if text in invalid]
    cells = Cells(table, columns, list(table.warnings))
    for row, name, fault in faults:
        cells.refuse(row, name, fault.expected, fault.suggestion)
    return cells


def parse_column(name: str, texts: Sequence[str], codebook: Codebook) -> tuple[list[Any], dict[str, Invalid]]:
    """The values of the cells of one column (None is blank, BAD could not be read), and what is wrong."""
    distinct = set(texts)
    values, invalid = _parse_distinct(name, distinct, codebook)
    if len(distinct) == 1:  # most columns of most files are blank
        return [*values.values()] * len(texts), invalid
    return list(map(values.__getitem__, texts)), invalid


def _parse_distinct(
    name: str, texts: set[str], codebook: Codebook
) -> tuple[dict[str, Any], dict[str, Invalid]]:
    """The value of every distinct text of a column, and what is wrong with those that have none."""
    kind, parse = FIELD_BY_COLUMN[name].kind, codebook.parser(name)
    values: dict[str, Any] = {}
    invalid: dict[str, Invalid] = {}
    for text in texts:
        if not text.strip(_BLANKS):
            values[text] = None
            continue
        content = text if kind.numeric else unprotect(text)
        if kind is not TEXT and not (content := content.strip(_LINE_BLANKS if kind is LINE else _BLANKS)):
            values[text] = None
            continue
        try:
            values[text] = parse(content)
        except Invalid as fault:
            values[text], invalid[text] = BAD, fault
    return values, invalid
