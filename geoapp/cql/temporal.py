"""The temporal operators: relations of two intervals of days, both ends inclusive."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, literal, or_

from geoapp.cql.queryables import Clause, Condition, Queryable
from geoapp.cql.reading import Misfit
from geoapp.kinds import Invalid
from geoapp.query import read_days

Find = Callable[[Any], Queryable]
Day = date | Queryable
Relation = Callable[[Clause, Clause, Clause, Clause], Condition]

RELATIONS: Mapping[str, Relation] = {
    "t_after": lambda s1, e1, s2, e2: s1 > e2,
    "t_before": lambda s1, e1, s2, e2: e1 < s2,
    "t_contains": lambda s1, e1, s2, e2: and_(s1 < s2, e1 > e2),
    "t_disjoint": lambda s1, e1, s2, e2: or_(e1 < s2, s1 > e2),
    "t_during": lambda s1, e1, s2, e2: and_(s1 > s2, e1 < e2),
    "t_equals": lambda s1, e1, s2, e2: and_(s1 == s2, e1 == e2),
    "t_finishedby": lambda s1, e1, s2, e2: and_(s1 < s2, e1 == e2),
    "t_finishes": lambda s1, e1, s2, e2: and_(s1 > s2, e1 == e2),
    "t_intersects": lambda s1, e1, s2, e2: and_(s1 <= e2, e1 >= s2),
    "t_meets": lambda s1, e1, s2, e2: e1 == s2,
    "t_metby": lambda s1, e1, s2, e2: s1 == e2,
    "t_overlappedby": lambda s1, e1, s2, e2: and_(s1 > s2, s1 < e2, e1 > e2),
    "t_overlaps": lambda s1, e1, s2, e2: and_(s1 < s2, e1 > s2, e1 < e2),
    "t_startedby": lambda s1, e1, s2, e2: and_(s1 == s2, e1 > e2),
    "t_starts": lambda s1, e1, s2, e2: and_(s1 == s2, e1 < e2),
}


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day; an open end is the first or last day that there is."""

    first: Day
    last: Day


def day_of(text: Any) -> date:
    """The day of an RFC 3339 date or date-time; raises Misfit."""
    try:
        first, last = read_days(text)
    except (Invalid, TypeError, AttributeError) as error:
        raise Misfit("a day such as DATE('2019-08-24')", str(text)) from error
    if first is None or first != last:
        raise Misfit("a day such as DATE('2019-08-24')", str(text))
    return first


def relate(op: str, operands: tuple[Any, Any], find: Find) -> Condition:
    """The temporal relation `op` between two operands of the tree; `find` knows the properties."""
    one, other = _span(operands[0], find), _span(operands[1], find)
    known = [day for span in (one, other) for day in (span.first, span.last) if isinstance(day, Queryable)]
    encoders = {each.encode for each in known}
    if len(encoders) > 1:
        raise Misfit("`datetime` beside a day or an interval of days, not beside another property")
    encode = next(iter(encoders), date.isoformat)
    return RELATIONS[op](*_ends(one, encode), *_ends(other, encode))


def _ends(span: Span, encode: Callable[[date], Any]) -> tuple[Clause, Clause]:
    first = span.first.columns[0] if isinstance(span.first, Queryable) else literal(encode(span.first))
    last = span.last.columns[-1] if isinstance(span.last, Queryable) else literal(encode(span.last))
    return first, last


def _span(node: Any, find: Find) -> Span:
    if isinstance(node, dict) and "interval" in node:
        ends = node["interval"]
        if not isinstance(ends, list) or len(ends) != 2:
            raise Misfit("an interval with two ends", "INTERVAL")
        span = Span(_end(ends[0], date.min, find), _end(ends[1], date.max, find))
        if isinstance(span.first, date) and isinstance(span.last, date) and span.first > span.last:
            raise Misfit("an interval whose end is not before its start", str(ends[0]))
        return span
    day = _end(node, date.min, find)
    return Span(day, day)


def _end(node: Any, open_end: date, find: Find) -> Day:
    if isinstance(node, dict) and "property" in node:
        found = find(node)
        if found.type not in ("day", "interval"):
            raise Misfit("a property with a day", found.name)
        return found
    if isinstance(node, dict):
        node = node.get("date", node.get("timestamp"))
    return open_end if node == ".." else day_of(node)
