"""Counts beside every choice: each group is counted with its own choice left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from geoapp.query import Filters
from geoapp.store import reading
from geoapp.store.counting.meaning import Where
from geoapp.store.rows import day_of
from geoapp.store.schema import LINK_NAMES, incident_links, incidents
from geoapp.store.search import COLUMN_OF, RETRACTED, Condition, is_located

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
    # Groups without a choice of their own all mean the same records: those are gone through once.
    sharing: dict[Filters, list[str]] = {}
    for name in FACETS:
        sharing.setdefault(base.without(*TOGETHER.get(name, (name,))), []).append(name)
    found: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    tally = where.tally()
    for others, names in sharing.items():
        if tally is not None:
            found |= tally.counts(others, names)
            continue
        meant = where(others, every_status="status" in names)
        _by_columns(connection, [name for name in names if name not in LINK_NAMES], meant, found)
        links = [name for name in names if name in LINK_NAMES]
        _by_links(connection, links, where(others), others, found)
    return {name: _ordered(counts) for name, counts in found.items()}


def total_of(counts: Mapping[str, Counts], filters: Filters) -> int:
    """How many records the filters mean, by the counts beside their choices: each has a point or has none."""
    located = counts["located"]
    if filters.located is None:
        return sum(located.values())
    return located.get("true" if filters.located else "false", 0)


def _by_columns(
    connection: Connection, names: list[str], meant: list[Condition], found: dict[str, Counter[str]]
) -> None:
    """One pass counts the combinations that occur; their parts are then added up here.

    Where `status` is among the names, retracted records are meant too, and counted for it alone.
    """
    if not names:
        return
    # In the order of the index that has them all.
    names = sorted(names, key=lambda name: name != "status")
    columns = [COLUMN_OF[name] if name in COLUMN_OF else FLAGS[name] for name in names]
    labelled = [column.label(f"code_{position}") for position, column in enumerate(columns)]
    counted = select(func.count(), *labelled).select_from(incidents).where(*meant).group_by(*labelled)
    for number, *codes in connection.execute(counted):
        combination = dict(zip(names, codes, strict=True))
        if combination.get("status") == RETRACTED:
            combination = {"status": RETRACTED}
        for name, code in combination.items():
            found[name][code] += number


def _by_links(
    connection: Connection,
    names: list[str],
    meant: list[Condition],
    filters: Filters,
    found: dict[str, Counter[str]],
) -> None:
    if not names:
        return
    links = incident_links.c
    counted = select(links.name, links.value, func.count()).where(links.name.in_(names))
    if filters.narrowing():
        counted = counted.where(links.incident_key.in_(select(incidents.c.key).where(*meant)))
    else:
        # The same set said the short way: nearly all records are meant, and few are retracted.
        hidden = select(incidents.c.key).where(incidents.c.status == RETRACTED)
        counted = counted.where(links.incident_key.not_in(hidden))
    for name, code, number in connection.execute(counted.group_by(links.name, links.value)):
        found[name][code] = number


def _ordered(counts: Counter[str]) -> Counts:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def days(connection: Connection, filters: Filters, where: Where) -> dict[date, int]:
    """How many records begin on each day; days without any are left out."""
    if (tally := where.tally()) is not None:
        return {day_of(number): count for number, count in tally.days(filters).items()}
    day = incidents.c.day_from
    counted = select(day, func.count()).where(*where(filters)).group_by(day).order_by(day)
    return {day_of(number): count for number, count in connection.execute(counted)}


def restored_days(kept: Mapping[str, int]) -> dict[date, int]:
    """The same out of its JSON."""
    return {date.fromisoformat(day): count for day, count in kept.items()}


def count(connection: Connection, filters: Filters, where: Where) -> int:
    """How many records are meant, without paging."""
    tally = where.tally()
    return reading.count(connection, where(filters)) if tally is None else tally.count(filters)
