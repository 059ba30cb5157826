"""From the text of a filter to its tree, bounded in length and depth; faults are told with their position.

The `cql2` parser recurses without a limit of its own, and deep nesting ends the process: the bounds
below are checked before it sees the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cql2
from shapely import Polygon, to_geojson

from geoapp.errors import BadParameters, Fault

LANGUAGES = ("cql2-text", "cql2-json")
MAX_LENGTH = 8_000
MAX_DEPTH = 32
# Engines bound how large a condition may grow (SQLite: 1,000 levels, and a chain of ORs is one level each).
MAX_PARTS = 400
# The parser's own stack bears about a thousand; no filter of that length that a person means comes near.
MAX_BRACKETS = 400
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
_PREFIXES = re.compile(rf"(?:(?:\bnot\b|-)[\s(]*){{{MAX_DEPTH},}}", re.IGNORECASE)
_PLACE = re.compile(r"(?:-->\s*(\d+):(\d+))|(?:line (\d+) column (\d+))")
Tree = Any


class Misfit(ValueError):
    """A part of the tree cannot be used; `expected` completes "expected ...", `word` is what stood there."""

    def __init__(self, expected: str, word: str = "") -> None:
        self.expected, self.word = expected, word
        super().__init__(expected)


@dataclass(frozen=True, slots=True)
class Expression:
    """A filter that was read: its text as given, and its tree in the form of CQL2 JSON."""

    text: str
    language: str
    tree: Tree

    def fault(self, misfit: Misfit) -> BadParameters:
        """The misfit as a fault of the parameter `filter`, with the position of its word in the text."""
        at = self.text.lower().find(misfit.word.lower()) if misfit.word else -1
        return _refused(self.text, misfit.expected, at + 1 if at >= 0 else None)

    def literals(self) -> Iterator[str]:
        """Every text that the filter compares with."""
        return _texts(self.tree)


def read(text: str, language: str = LANGUAGES[0]) -> Expression:
    """The expression in that language; raises BadParameters with the position (from 1) of the fault."""
    if not text.strip() or len(text) > MAX_LENGTH:
        raise _refused(text, f"an expression of 1 to {MAX_LENGTH} characters")
    if language == LANGUAGES[0]:
        _check_nesting(text)
    parse = cql2.parse_text if language == LANGUAGES[0] else cql2.parse_json
    try:
        tree = parse(text).to_json()
    except Exception as error:  # of a shape without positions the parser raises just that
        raise _unreadable(text, language, str(error)) from error
    depth, parts = measure(tree)
    if depth > MAX_DEPTH or parts > MAX_PARTS:
        raise _refused(text, f"at most {MAX_DEPTH} levels of operators and {MAX_PARTS} conditions and values")
    return Expression(text, language, tree)


def within(shape: Polygon, expression: Expression | None) -> Expression:
    """What has a point in common with the shape (WGS 84) and meets the expression, if there is one."""
    outline = json.loads(to_geojson(shape))
    tree: Tree = {"op": "s_intersects", "args": [{"property": "geometry"}, outline]}
    if expression is None:
        return Expression(shape.wkt, LANGUAGES[0], tree)
    both = {"op": "and", "args": [expression.tree, tree]}
    return Expression(f"{expression.text} {shape.wkt}", expression.language, both)


def measure(tree: Tree) -> tuple[int, int]:
    """How deep operators stand in one another, and how many conditions and values there are.

    Coordinates do not count.
    """
    deepest, parts, waiting = 0, 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest, parts = max(deepest, depth), parts + 1
        inner = node.get("args") if isinstance(node, dict) else node
        waiting += [(each, depth + 1) for each in inner] if isinstance(inner, list) else []
    return deepest, parts


def _check_nesting(text: str) -> None:
    masked = _QUOTED.sub(lambda found: "'" * len(found.group()), text)
    depth = 0
    for position, letter in enumerate(masked, start=1):
        depth += (letter == "(") - (letter == ")")
        if depth > MAX_DEPTH:
            raise _refused(text, f"at most {MAX_DEPTH} brackets in one another", position)
    if text.count("(") > MAX_BRACKETS:
        raise _refused(text, f"at most {MAX_BRACKETS} brackets")
    if found := _PREFIXES.search(masked):
        raise _refused(text, f"fewer than {MAX_DEPTH} signs or NOT after one another", found.start() + 1)


def _unreadable(text: str, language: str, reason: str) -> BadParameters:
    place = _PLACE.search(reason)
    position = None
    if place is not None:
        line, column = (int(part) for part in place.groups() if part is not None)
        position = sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + column
    return _refused(text, _wanted(reason, language), position)


def _wanted(reason: str, language: str) -> str:
    """What the parser could have gone on with, in words."""
    if language != LANGUAGES[0]:
        return "an expression of CQL2 JSON (application/json)"
    named = set(re.findall(r"\w+", reason.partition("= expected")[2]))
    if "EOI" in named or "And" in named:
        return "a comparison, AND, OR or the end"
    return "a property, a value or a bracket"


def _refused(text: str, expected: str, position: int | None = None) -> BadParameters:
    where = "" if position is None else f" at character {position}"
    return BadParameters([Fault("filter", text, expected + where)])


def _texts(node: Tree) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, dict):
        yield from _texts(node.get("args", []))
