"""Ready mappings for the exports of other data sets: TOML files of the data folder."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from geoapp.config import resource
from geoapp.errors import DataRefused, Problem
from geoapp.incident import COLUMNS
from geoapp.ingest.reading.mapping import ColumnMap

_TABLES = ("columns", "constants", "templates", "values")


@dataclass(frozen=True, slots=True)
class Preset:
    """A mapping for the exports of one data set, known by the headings that only it has."""

    title: str
    signs: frozenset[str]
    plan: ColumnMap


@cache
def ready_mappings() -> Mapping[str, Preset]:
    """The mappings that come with the program, by the names of their files."""
    return {file.stem: read_mapping(file) for file in sorted((resource("data") / "mappings").glob("*.toml"))}


def read_mapping(file: Path) -> Preset:
    """A mapping from a TOML file; raises OSError, and DataRefused with every fault of the file."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataRefused([Problem("error", file.name, f"a mapping in TOML; {error}")]) from error
    if problems := [Problem("error", file.name, fault) for fault in _faults(told)]:
        raise DataRefused(problems)
    plan = ColumnMap.from_dict({**ColumnMap().to_dict(), **told})
    return Preset(told.get("title", file.stem), frozenset(told.get("signs", ())), plan)


def _faults(told: Mapping[str, Any]) -> list[str]:
    """What is wrong with a mapping, told one by one."""
    faults = [
        f"{name} is not known; a mapping has title, signs, date_order, {', '.join(_TABLES)}"
        for name in told
        if name not in ("title", "signs", "date_order", *_TABLES)
    ]
    if told.get("date_order", "day") not in ("day", "month"):
        faults.append('date_order = "day" or "month"')
    for name in _TABLES:
        table = told.get(name, {})
        if not isinstance(table, dict):
            faults.append(f"[{name}] as a table")
            continue
        targets = table.values() if name == "columns" else table
        faults += [f"[{name}]: {each!r} is no column of ours" for each in targets if not _is_ours(each, name)]
    return faults


def _is_ours(column: object, table: str) -> bool:
    return column in COLUMNS or (table == "columns" and column == "")
