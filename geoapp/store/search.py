"""The filter vocabulary as SQL, in one place: every read asks here which records are meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, false, not_, or_, select

from geoapp.folding import fold, latin, tokens
from geoapp.query import Box, Filters
from geoapp.store.dialect import Dialect
from geoapp.store.rows import day_number
from geoapp.store.schema import LINK_NAMES, incident_links, incidents

Condition = ColumnElement[bool]
RETRACTED = "retracted"

COLUMN_OF: Mapping[str, Column[Any]] = {
    "category": incidents.c.category,
    "group": incidents.c.category_group,
    "status": incidents.c.status,
    "precision": incidents.c.location_precision,
    "place": incidents.c.place_name,
}
# The last one makes every order total: equal dates would otherwise change places between two pages.
ORDERS: Mapping[str, tuple[Column[Any], ...]] = {
    "date": (incidents.c.day_from,),
    "title": (incidents.c.title_folded,),
    "place": (incidents.c.place_folded,),
    "category": (incidents.c.category,),
    "status": (incidents.c.status,),
    "updated": (incidents.c.batch,),
    "id": (incidents.c.id,),
}
DEFAULT_ORDER = ("date", "id")


def conditions(
    filters: Filters,
    dialect: Dialect,
    resolve: Callable[[str], str],
    *,
    every_status: bool = False,
    longest: Callable[[], int] | None = None,
    is_wide: Callable[[Box], bool] = lambda box: False,
) -> list[Condition]:
    """What a record must meet; retracted ones are left out unless `status` names them.

    `resolve` gives the English name of a place by any of its names; `every_status` takes retracted ones in;
    `longest` tells how many days the longest incident goes on after its first one, and `is_wide` whether so
    many points lie in a box that the index of boxes is of no use.
    """
    found = _coded(filters)
    if not filters.status and not every_status:
        found.append(incidents.c.status != RETRACTED)
    for name in LINK_NAMES:
        found += _linked(name, getattr(filters, name))
    if filters.place:
        found.append(incidents.c.place_folded.in_([fold(resolve(name)) for name in filters.place]))
    if filters.differs is not None:
        found.append(incidents.c.joined_differs.is_(filters.differs))
    if filters.located is not None:
        found.append(is_located() if filters.located else not_(is_located()))
    if filters.datetime is not None:
        found += _dated(*filters.datetime, longest)
    if filters.bbox is not None:
        # Where both ends are given, the index by date leaves fewer rows than the box, and in order.
        by_date = filters.datetime is not None and None not in filters.datetime
        found += _boxed(filters.bbox, None if by_date or is_wide(filters.bbox) else dialect)
    if filters.q is not None:
        found.append(_worded(filters.q, dialect))
    return found


def is_located() -> Condition:
    """Whether a point is known."""
    return incidents.c.joined_longitude.is_not(None)


def _coded(filters: Filters) -> list[Condition]:
    names = ("category", "group", "status", "precision")
    return [COLUMN_OF[name].in_(getattr(filters, name)) for name in names if getattr(filters, name)]


def _linked(name: str, values: Sequence[str]) -> list[Condition]:
    if not values:
        return []
    keys = select(incident_links.c.incident_key).where(
        incident_links.c.name == name, incident_links.c.value.in_(values)
    )
    return [incidents.c.key.in_(keys)]


def _dated(first: date | None, last: date | None, longest: Callable[[], int] | None) -> list[Condition]:
    found: list[Condition] = []
    if first is not None:
        found.append(incidents.c.day_to >= day_number(first))
        if longest is not None:
            # Says nothing new, but gives the index by first day where to begin.
            found.append(incidents.c.day_from >= day_number(first) - longest())
    if last is not None:
        found.append(incidents.c.day_from <= day_number(last))
    return found


def _boxed(box: Box, dialect: Dialect | None) -> list[Condition]:
    west, south, east, north = box
    longitude, latitude = incidents.c.joined_longitude, incidents.c.joined_latitude
    across = and_ if west <= east else or_
    indexed = [] if dialect is None else [dialect.in_box(box)]
    return [
        *indexed,
        latitude.between(south, north),
        across(longitude >= west, longitude <= east),
    ]


def _worded(words: str, dialect: Dialect) -> Condition:
    asked = spellings(words)
    # Punctuation alone is no word; finding everything would hide that nothing was understood.
    return incidents.c.key.in_(dialect.words_found(*asked)) if asked else false()


def spellings(words: str) -> list[tuple[str, ...]]:
    """The tokens to look for. Most statements are in Latin letters: others are looked for in both."""
    asked = tokens(words)
    return list(filter(None, dict.fromkeys((tuple(asked), tuple(latin(words).split()))))) if asked else []


def order_of(sortby: Sequence[str]) -> list[tuple[Column[Any], bool]]:
    """Columns with whether they descend; always ends with the id, so that the order is total."""
    found: dict[str, bool] = {}
    for name in sortby or DEFAULT_ORDER:
        found.setdefault(name.removeprefix("-"), name.startswith("-"))
    # The tie follows the last order asked for, so that "-date" is the exact reverse of "date".
    found.setdefault("id", next(reversed(found.values())))
    return [(column, descends) for name, descends in found.items() for column in ORDERS[name]]


def order_by(sortby: Sequence[str]) -> list[ColumnElement[Any]]:
    """The same for ORDER BY."""
    return [column.desc() if descends else column.asc() for column, descends in order_of(sortby)]


def before(sortby: Sequence[str], values: Sequence[Any], *, after: bool = False) -> Condition:
    """Whether a record stands before (or after) the one with these values in that order."""
    columns = order_of(sortby)
    found: list[Condition] = []
    for position, (column, descends) in enumerate(columns):
        equal = [other == value for (other, _), value in zip(columns[:position], values, strict=False)]
        larger: Callable[[Any], Condition] = column.__gt__ if descends != after else column.__lt__
        found.append(and_(*equal, larger(values[position])))
    return or_(*found)
