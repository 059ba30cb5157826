"""Counts beside every choice: each group is counted with its own choice left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, case, func, select

from geoapp.query import Filters
from geoapp.store.rows import day_of
from geoapp.store.schema import LINK_NAMES, incident_links, incidents
from geoapp.store.search import COLUMN_OF, RETRACTED, Condition, is_located

Where = Callable[..., list[Condition]]
Counts = dict[str, int]
# Category and group are one tree on the screen: a choice in it must not empty the rest of the tree.
TOGETHER: Mapping[str, tuple[str, ...]] = {"category": ("category", "group"), "group": ("category", "group")}
FLAGS: Mapping[str, ColumnElement[Any]] = {
    "differs": case((incidents.c.joined_differs.is_(True), "true"), else_="false"),
    "located": case((is_located(), "true"), else_="false"),
}
FACETS = (*COLUMN_OF, *LINK_NAMES, *FLAGS)


def facets(connection: Connection, filters: Filters, where: Where) -> dict[str, Counts]:
    """For every name of FACETS how many records each code would leave, most frequent first."""
    base = filters.without("sortby", "limit", "offset")
    return {name: _facet(connection, name, base, where) for name in FACETS}


def _facet(connection: Connection, name: str, filters: Filters, where: Where) -> Counts:
    others = filters.without(*TOGETHER.get(name, (name,)))
    if name == "status":
        # Retracted records stay visible as a count, though nothing else shows them unasked.
        return _by_column(connection, incidents.c.status, where(others, every_status=True))
    if name in LINK_NAMES:
        return _by_link(connection, name, others, where)
    return _by_column(connection, COLUMN_OF[name] if name in COLUMN_OF else FLAGS[name], where(others))


def _by_column(
    connection: Connection, column: Column[Any] | ColumnElement[Any], meant: list[Condition]
) -> Counts:
    counted = select(column.label("code"), func.count().label("number")).where(*meant).group_by("code")
    return _ordered(connection, counted)


def _by_link(connection: Connection, name: str, filters: Filters, where: Where) -> Counts:
    links = incident_links.c
    counted = select(links.value.label("code"), func.count().label("number")).where(links.name == name)
    if filters.narrowing():
        keys = select(incidents.c.key).where(*where(filters))
        counted = counted.where(links.incident_key.in_(keys))
    else:
        # The same set said the short way: nearly all records are meant, and few are retracted.
        hidden = select(incidents.c.key).where(incidents.c.status == RETRACTED)
        counted = counted.where(links.incident_key.not_in(hidden))
    return _ordered(connection, counted.group_by(links.value))


def _ordered(connection: Connection, counted: Any) -> Counts:
    found = [(code, number) for code, number in connection.execute(counted)]
    return dict(sorted(found, key=lambda item: (-item[1], item[0])))


def days(connection: Connection, filters: Filters, where: Where) -> dict[date, int]:
    """How many records begin on each day; days without any are left out."""
    day = incidents.c.day_from
    counted = select(day, func.count()).where(*where(filters)).group_by(day).order_by(day)
    return {day_of(number): count for number, count in connection.execute(counted)}
