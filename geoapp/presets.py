"""Named ranges of days that the timeline offers; they are data of a boundary, not of the program."""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from geoapp.errors import DataRefused, Problem
from geoapp.kinds import DateRange

FILE = "presets.toml"


@dataclass(frozen=True, slots=True)
class Preset:
    """A named range: fixed days, or the last so many days of what is covered, or (neither) all of it."""

    label: str
    fixed: DateRange | None = None
    last_days: int | None = None

    def within(self, covered: DateRange) -> DateRange:
        """The range that is meant, cut to the days that the incidents cover."""
        if self.fixed:
            first, last = self.fixed
        elif self.last_days:
            length = min(self.last_days, (covered.last - covered.first).days + 1)
            first, last = covered.last - timedelta(days=length - 1), covered.last
        else:
            return covered
        return DateRange(
            min(max(first, covered.first), covered.last), max(min(last, covered.last), covered.first)
        )


def covered(days: Collection[date]) -> DateRange:
    """Whole months that hold every day on which an incident begins (this month when there is none)."""
    first, last = (min(days), max(days)) if days else (date.today(), date.today())
    return DateRange(first.replace(day=1), last.replace(day=monthrange(last.year, last.month)[1]))


def load(data_dir: Path) -> tuple[Preset, ...]:
    """The presets of `presets.toml` in their order, none without it; raises DataRefused with every fault."""
    path = data_dir / FILE
    if not path.is_file():
        return ()
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("preset", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataRefused([Problem("error", FILE, f"TOML ({error})")]) from error
    presets = []
    problems = []
    for number, table in enumerate(tables, 1):
        try:
            presets.append(_read(table))
        except ValueError as error:
            problems.append(Problem("error", FILE, str(error), column=f"preset {number}", value=str(table)))
    if problems:
        raise DataRefused(problems)
    return tuple(presets)


def _read(table: Any) -> Preset:
    known = {"label", "from", "to", "last_days"}
    if not isinstance(table, dict) or not table.keys() <= known or not isinstance(table.get("label"), str):
        raise ValueError("a label, and `from` with `to`, or `last_days`, or neither")
    first, last, length = table.get("from"), table.get("to"), table.get("last_days")
    if first is None and last is None:
        if length is not None and (type(length) is not int or length < 1):
            raise ValueError("`last_days` as a whole number, 1 or more")
        return Preset(table["label"], last_days=length)
    if type(first) is not date or type(last) is not date or first > last or length is not None:
        raise ValueError("`from` and `to` as days, the first not after the last, without `last_days`")
    return Preset(table["label"], fixed=DateRange(first, last))
