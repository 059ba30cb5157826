"""Read `layers.toml`: which file is which layer, and what is known about it."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from geoapp.errors import DataRefused, Problem
from geoapp.kinds import CONTROL, Invalid, parse_day, parse_url
from geoapp.layers.model import ROLES, Layer

FILE = "layers.toml"
_NOT_IN_FILE = ("name", "content")
KEYS = {item.name: item for item in fields(Layer) if item.name not in _NOT_IN_FILE}
REQUIRED = tuple(
    name for name, item in KEYS.items() if item.default is MISSING and item.default_factory is MISSING
)


def near(value: str, known: Iterable[str]) -> str | None:
    """The known word most like this one, or None."""
    found = process.extractOne(value, list(known), scorer=fuzz.ratio, score_cutoff=70)
    return found[0] if found else None


def read(path: Path) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The tables of the file as they may be used, and every fault; raises DataRefused if it is no TOML."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise DataRefused([Problem("error", path.name, f"a readable TOML file ({reason})")]) from error
    good, problems = [], []
    for name, table in tables.items():
        values, faults = _table(name, table)
        problems.extend(faults)
        if values is not None:
            good.append(values)
    return good, problems + _count_roles(good)


def parse_as_of(text: str) -> str:
    """A year, month or day of the calendar; raises Invalid."""
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
        raise Invalid("a day, month or year: YYYY-MM-DD, YYYY-MM or YYYY")
    parse_day(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
    return text


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or CONTROL.search(value):
        raise Invalid("text that is not blank, without control characters")
    return value.strip()


def _of(parse: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda value: parse(_text(value))


def _role(value: Any) -> str:
    if value not in ROLES:
        raise Invalid(f"one of {', '.join(ROLES)}", near(str(value), ROLES))
    return str(value)


def _file(value: Any) -> str:
    text = _text(value)
    parts = Path(text).parts
    if Path(text).is_absolute() or ".." in parts or "\\" in text:
        raise Invalid("a path inside the data folder, with /")
    return text


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Invalid("true or false")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _metres(value: Any) -> float:
    if not _is_number(value) or value <= 0:
        raise Invalid("metres, a number above 0")
    return float(value)


def _bounds(value: Any) -> tuple[float, float, float, float]:
    expected = "four numbers in degrees: west, south, east, north"
    if not isinstance(value, list) or len(value) != 4 or not all(map(_is_number, value)):
        raise Invalid(expected)
    west, south, east, north = map(float, value)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise Invalid(expected)
    return west, south, east, north


def _style(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(
        isinstance(token, str) and re.fullmatch(r"--[a-z][a-z0-9-]*", token) for token in value.values()
    ):
        raise Invalid('names of CSS variables, such as { stroke = "--line" }')
    return dict(value)


_READ: Mapping[str, Callable[[Any], Any]] = {
    "role": _role,
    "file": _file,
    "as_of": _of(parse_as_of),
    "licence_url": _of(parse_url),
    "accuracy_p95_m": _metres,
    "visible": _flag,
    "collection": _flag,
    "bounds": _bounds,
    "style": _style,
}


def _reader(key: str) -> Callable[[Any], Any]:
    return _READ.get(key, _text)


def _table(name: str, table: Any) -> tuple[dict[str, Any] | None, list[Problem]]:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
        return None, [Problem("error", FILE, "a layer's name: a-z, 0-9 and _", value=name)]
    if not isinstance(table, dict):
        return None, [Problem("error", FILE, f"a table [{name}] with the layer's keys", column=name)]
    values: dict[str, Any] = {"name": name}
    problems = [
        Problem("error", FILE, "only keys that a layer has", None, f"{name}.{key}", key, near(key, KEYS))
        for key in table
        if key not in KEYS
    ]
    for key, value in table.items():
        if key in KEYS:
            try:
                values[key] = _reader(key)(value)
            except Invalid as error:
                where, hint = f"{name}.{key}", error.suggestion
                problems.append(Problem("error", FILE, error.expected, None, where, str(value), hint))
    problems.extend(_missing(name, table))
    return (None if problems else values), problems


def _missing(name: str, table: Mapping[str, Any]) -> list[Problem]:
    needed = list(REQUIRED)
    role = ROLES.get(str(table.get("role")))
    if role is not None and role.needs_accuracy:
        needed += ["accuracy", "accuracy_p95_m"]
    if table.get("role") == "relief":
        needed.append("bounds")
    return [
        Problem("error", FILE, f"{key} of the layer, which is missing", column=f"{name}.{key}")
        for key in needed
        if key not in table
    ]


def _count_roles(tables: list[dict[str, Any]]) -> list[Problem]:
    problems = []
    for code, role in ROLES.items():
        names = [table["name"] for table in tables if table["role"] == code]
        if len(names) < role.at_least:
            problems.append(Problem("error", FILE, f"a layer with role {code} ({role.meaning})"))
        if role.at_most is not None and len(names) > role.at_most:
            expected = f"at most {role.at_most} layer with role {code}"
            problems.append(Problem("error", FILE, expected, value=", ".join(names)))
    return problems
