"""From the tree of a filter to a condition of SQLAlchemy Core, the same for every engine.

Every operand has a type; operands of two types are refused with the word that does not fit, so that
no engine ever compares what cannot be compared. Absent values make a comparison neither true nor false.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process
from sqlalchemy import and_, false, literal, not_, or_, true

from geoapp.cql import spatial, temporal
from geoapp.cql.queryables import Clause, Condition, Engine, Queryable, Type
from geoapp.cql.reading import Expression, Misfit
from geoapp.folding import without_accents, without_case

COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
FOLDS: Mapping[str, Callable[[str], str]] = {"casei": without_case, "accenti": without_accents}
ARRAYS = ("a_contains", "a_overlaps", "a_containedby", "a_equals")
SCALARS: tuple[Type, ...] = ("text", "number", "boolean", "day")
WORDS: Mapping[Type, str] = {
    "text": "text in '...'",
    "number": "a number",
    "boolean": "TRUE or FALSE",
    "day": "a day such as DATE('2019-08-24')",
}


@dataclass(frozen=True, slots=True)
class Operand:
    """A value in SQL with its type; `text` is a literal's own text, for patterns; `word` is for faults."""

    clause: Clause
    type: Type
    word: str
    text: str | None = None


def condition(expression: Expression, queryables: Mapping[str, Queryable], engine: Engine) -> Condition:
    """What the expression asks of a row; raises BadParameters, with the position of what does not fit."""
    try:
        return _Compiler(queryables, engine).condition(expression.tree)
    except Misfit as misfit:
        raise expression.fault(misfit) from misfit


class _Compiler:
    """One pass over one tree."""

    def __init__(self, queryables: Mapping[str, Queryable], engine: Engine) -> None:
        self._queryables, self._engine = queryables, engine

    def condition(self, node: Any) -> Condition:
        if isinstance(node, bool):
            return true() if node else false()
        if isinstance(node, dict) and "property" in node:
            return self._flag(node)
        op, args = _operator(node)
        if op in COMPARISONS:
            return self._comparison(op, args)
        if op in temporal.RELATIONS:
            return temporal.relate(op, _pair(args, op), self._find)
        if op in spatial.RELATIONS:
            return self._spatial(op, *_pair(args, op))
        if op in ARRAYS:
            return self._array(op, *_pair(args, op))
        own: Mapping[str, Callable[[Sequence[Any]], Condition]] = {
            "and": lambda parts: and_(*self._parts(parts, "AND")),
            "or": lambda parts: or_(*self._parts(parts, "OR")),
            "not": lambda parts: not_(self.condition(_count(parts, 1, "NOT")[0])),
            "like": self._like,
            "between": self._between,
            "in": self._in,
            "isnull": self._is_null,
        }
        if op not in own:
            raise Misfit("an operator of CQL2 that compares; functions and arithmetic are not offered", op)
        return own[op](args)

    def _parts(self, parts: Sequence[Any], word: str) -> list[Condition]:
        if not parts:
            raise Misfit("at least one condition", word)
        return [self.condition(part) for part in parts]

    def _flag(self, node: Any) -> Condition:
        found = self._find(node)
        if found.type != "boolean":
            raise Misfit("a comparison; only TRUE-or-FALSE properties stand alone", found.name)
        return found.columns[0].is_(True)

    def _find(self, node: Any) -> Queryable:
        name = node["property"]
        found = self._queryables.get(name) if isinstance(name, str) else None
        if found is None:
            near = process.extractOne(str(name), list(self._queryables), score_cutoff=70)
            hint = f", such as {near[0]}" if near else ""
            raise Misfit(f"a queryable property{hint} (see /queryables)", str(name))
        return found

    def _operand(self, node: Any) -> Operand:
        if isinstance(node, dict) and "property" in node:
            found = self._find(node)
            if found.type not in SCALARS:
                raise Misfit(f"a single value; {found.name} is for {_suited(found.type)}", found.name)
            return Operand(found.columns[0], found.type, found.name)
        if isinstance(node, dict) and ("date" in node or "timestamp" in node):
            day = temporal.day_of(node.get("date", node.get("timestamp")))
            return Operand(literal(day.isoformat()), "day", day.isoformat())
        if isinstance(node, dict) and str(node.get("op", "")).lower() in FOLDS:
            return self._folded(node)
        if isinstance(node, dict) and "op" in node:
            raise Misfit("a property or a value; functions and arithmetic are not offered", str(node["op"]))
        return _literal(node)

    def _folded(self, node: Any) -> Operand:
        op, args = _operator(node)
        inner = self._operand(_count(args, 1, op)[0])
        if inner.type != "text":
            raise Misfit("text to fold", inner.word)
        if inner.text is not None:
            folded = FOLDS[op](inner.text)
            return Operand(literal(folded), "text", inner.word, text=folded)
        fold = self._engine.without_case if op == "casei" else self._engine.without_accents
        return Operand(fold(inner.clause), "text", inner.word)

    def _alike(self, nodes: Sequence[Any]) -> list[Operand]:
        """The operands, all of one type."""
        operands = [self._operand(node) for node in nodes]
        for other in operands[1:]:
            if other.type != operands[0].type:
                raise Misfit(f"{WORDS[operands[0].type]} beside {operands[0].word}", other.word)
        return operands

    def _comparison(self, op: str, args: Sequence[Any]) -> Condition:
        left, right = self._alike(_count(args, 2, op))
        if left.text is not None and right.text is not None:
            # Without a column the engine would compare by the rules of its own language.
            return true() if COMPARISONS[op](left.text, right.text) else false()
        found: Condition = COMPARISONS[op](left.clause, right.clause)
        return found

    def _like(self, args: Sequence[Any]) -> Condition:
        left, pattern = self._alike(_count(args, 2, "LIKE"))
        if left.type != "text" or pattern.text is None:
            raise Misfit("a text property and a pattern in '...'", pattern.word)
        return self._engine.like(left.clause, pattern.text)

    def _between(self, args: Sequence[Any]) -> Condition:
        value, low, high = self._alike(_count(args, 3, "BETWEEN"))
        if value.text is not None and low.text is not None and high.text is not None:
            return true() if low.text <= value.text <= high.text else false()
        return value.clause.between(low.clause, high.clause)

    def _in(self, args: Sequence[Any]) -> Condition:
        value, listed = _count(args, 2, "IN")
        if not isinstance(listed, list) or not listed:
            raise Misfit("a list of values", "IN")
        first, *others = self._alike([value, *listed])
        return or_(*(first.clause == other.clause for other in others))

    def _is_null(self, args: Sequence[Any]) -> Condition:
        node = _count(args, 1, "IS NULL")[0]
        if isinstance(node, dict) and "property" in node:
            found = self._find(node)
            if found.shaped is not None:
                return found.shaped.is_null
            if found.columns:
                return found.columns[0].is_(None)
        raise Misfit("a property with a single value before IS NULL")

    def _spatial(self, op: str, left: Any, right: Any) -> Condition:
        forward, backward = spatial.RELATIONS[op]
        if spatial.is_shape(left):
            left, right, forward = right, left, backward
        if not spatial.is_shape(right) or not (isinstance(left, dict) and "property" in left):
            raise Misfit(f"a property and {spatial.EXPECTED}", op)
        found = self._find(left)
        if found.shaped is None:
            raise Misfit("a property with a geometry", found.name)
        return found.shaped.relates(forward, spatial.shape_of(right))

    def _array(self, op: str, left: Any, right: Any) -> Condition:
        if not (isinstance(left, dict) and "property" in left) or not isinstance(right, list):
            raise Misfit("a property with several values, then a list of texts", op)
        found = self._find(left)
        if found.having is None or found.others is None:
            raise Misfit("a property with several values", found.name)
        values = [_text(value) for value in right]
        contains = and_(*(found.having([value]) for value in values))
        contained = not_(found.others(values))
        conditions = {
            "a_contains": contains,
            "a_overlaps": found.having(values),
            "a_containedby": contained,
            "a_equals": and_(contains, contained),
        }
        return conditions[op]


def _operator(node: Any) -> tuple[str, Sequence[Any]]:
    if not isinstance(node, dict) or not isinstance(node.get("op"), str):
        raise Misfit("a condition", "" if isinstance(node, dict) else str(node))
    args = node.get("args")
    if not isinstance(args, list):
        raise Misfit("arguments", node["op"])
    return node["op"].lower(), args


def _count(args: Sequence[Any], number: int, op: str) -> Sequence[Any]:
    if len(args) != number:
        raise Misfit(f"{number} arguments", op)
    return args


def _pair(args: Sequence[Any], op: str) -> tuple[Any, Any]:
    left, right = _count(args, 2, op)
    return left, right


def _literal(node: Any) -> Operand:
    if isinstance(node, bool):
        return Operand(literal(node), "boolean", str(node))
    if isinstance(node, str):
        return Operand(literal(_text(node)), "text", node, text=node)
    if isinstance(node, int | float) and math.isfinite(node):
        return Operand(literal(float(node)), "number", f"{node:g}")
    raise Misfit("a property or a value; absent values are asked for with IS NULL")


def _text(node: Any) -> str:
    if not isinstance(node, str) or "\0" in node:
        raise Misfit("text in '...'")
    return node


def _suited(kind: Type) -> str:
    suited = {"interval": "T_INTERSECTS and the like", "geometry": "S_INTERSECTS and the like"}
    return suited.get(kind, "A_CONTAINS and the like")
