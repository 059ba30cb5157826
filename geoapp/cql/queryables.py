"""What a filter may name, and what it asks of the database engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement

Type = Literal["text", "number", "boolean", "day", "interval", "geometry", "array"]
Clause = ColumnElement[Any]
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """How a geometry column is asked: whether it stands in a relation to a shape (WGS 84 degrees), and
    whether there is one at all."""

    relates: Callable[[str, BaseGeometry], Condition]
    is_null: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Queryable:
    """One name that a filter may use.

    `columns` holds one column, or first and last day of an interval; `encode` makes a day what those
    columns hold. `having` gives, for an array, the condition that it has one of some values, and
    `others` that it has a value beside them.
    """

    name: str
    type: Type
    json_schema: Mapping[str, Any] = field(default_factory=dict)
    columns: tuple[Clause, ...] = ()
    encode: Callable[[date], Any] = date.isoformat
    shaped: Shaped | None = None
    having: Callable[[Sequence[str]], Condition] | None = None
    others: Callable[[Sequence[str]], Condition] | None = None


class Engine(Protocol):
    """What differs between database engines."""

    def like(self, text: Clause, pattern: str) -> Condition:
        """Whether a text fits a pattern of CQL2: `%` any run, `_` one letter, `\\` before a literal one."""

    def without_case(self, text: Clause) -> Clause:
        """The text in the form in which case does not matter (`folding.without_case`)."""

    def without_accents(self, text: Clause) -> Clause:
        """The text without accents (`folding.without_accents`)."""
