"""Pages of incidents as finished Features, by keyset: each page starts behind the last one's place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from geoapp.cql import Expression, Queryable, condition
from geoapp.query import Box, Filters
from geoapp.store import versions
from geoapp.store.counting import coverage, facets
from geoapp.store.counting.known import Asked, Cache
from geoapp.store.counting.meaning import Where
from geoapp.store.dialect import Dialect
from geoapp.store.engine import Database
from geoapp.store.queryables import incident_queryables
from geoapp.store.reading import bare_rows, count, known
from geoapp.store.rows import day_of, feature_in, features_in
from geoapp.store.schema import incidents, record_versions
from geoapp.store.search import RETRACTED, Condition, before, order_by, order_of
from geoapp.store.versions import DatasetVersion

Place = Sequence[str | int]


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Some incidents as GeoJSON Features, how many there are in all, and where the next page begins.

    `next` is the place of the last one in the order that was asked for; None when no more follow.
    """

    version: DatasetVersion
    matched: int
    features: list[bytes]
    next: tuple[str | int, ...] | None


@dataclass(frozen=True, slots=True)
class Extent:
    """Where and when the incidents lie: box in WGS 84 degrees, first and last day; None without any."""

    box: Box | None
    days: tuple[date, date] | None


class Items:
    """What programs ask for, as `Store.items`; every method raises StoreFailed."""

    def __init__(self, database: Database, known: Cache, where: Callable[..., Where]) -> None:
        self._database, self._known, self._where = database, known, where

    def page(
        self, filters: Filters, expression: Expression | None = None, after: Place | None = None
    ) -> ItemPage:
        """At most `limit` Features behind `after` (the `next` of the page before), with the number of all.

        Raises BadParameters when the expression (CQL2) asks for what incidents do not have.
        """
        with self._database.reading() as connection:
            now = versions.current(connection)
            where = self._where(connection, now)
            if expression is None and after is None:
                # One more tells whether another page follows.
                meant = where.page(filters, more=1)
            else:
                meant = _meant(expression, filters, where, self._database.dialect)
            found, following = _page(connection, filters, meant, after)
            asked, ask = Asked("count", filters, int), partial(facets.count, connection, filters, where)
            if expression is not None:
                asked, ask = Asked(f"count {expression.text}", filters), partial(count, connection, meant)
            matched = self._known.counted(connection, now, asked, ask)
            return ItemPage(now, matched, found, following)

    def one(self, identifier: str) -> bytes:
        """The Feature of the current record, a retracted one too; raises NotFound, and Gone when removed."""
        with self._database.reading() as connection:
            found = known(connection, "id", identifier)
            same = (record_versions.c.key == found.key) & (record_versions.c.version == found.version)
            return feature_in(connection.execute(select(record_versions.c.body).where(same)).scalar_one())

    def extent(self) -> Extent:
        """Where and when the incidents lie, retracted ones left out."""
        with self._database.reading() as connection:
            now = versions.current(connection)
            measure = partial(_measured, connection, self._where(connection, now))
            return self._known.counted(connection, now, Asked("extent", restored=_restored), measure)

    def coverage(self) -> dict[str, int]:
        """How many publishers report of what begins in each month (`2019-08`) and year (`2019`)."""
        with self._database.reading() as connection:
            now = versions.current(connection)
            count = partial(coverage.publishers, connection, self._where(connection, now))
            return self._known.counted(connection, now, Asked("coverage", restored=dict), count)

    def queryables(self) -> Mapping[str, Queryable]:
        """What a CQL2 filter may name of an incident."""
        return incident_queryables(self._database.dialect)


def _meant(
    expression: Expression | None, filters: Filters, where: Where, dialect: Dialect
) -> list[Condition]:
    # Retracted ones are meant only where one of the two names them.
    if expression is None:
        return where(filters)
    found = where(filters, every_status=RETRACTED in expression.literals())
    return [*found, condition(expression, incident_queryables(dialect), dialect)]


def places(sortby: Sequence[str]) -> list[type]:
    """The types of what `ItemPage.next` holds for this order."""
    return [column.type.python_type for column, _ in order_of(sortby)]


def _page(
    connection: Connection, filters: Filters, meant: list[Condition], after: Place | None
) -> tuple[list[bytes], tuple[str | int, ...] | None]:
    """At most `limit` Features behind `after`, and the place of the last one where more follow."""
    limit = filters.limit or 0
    ordered = order_of(filters.sortby)
    behind = [] if after is None else [before(filters.sortby, after, after=True)]
    columns = [column.label(f"order_{position}") for position, (column, _) in enumerate(ordered)]
    # One more than asked for tells whether a next page exists. Found first, without their bodies: an index
    # that covers what is compared then never leads to the rows that are left out.
    asked = select(incidents.c.key, incidents.c.version, *columns).where(*meant, *behind)
    asked = asked.order_by(*order_by(filters.sortby)).limit(limit + 1)
    found = (asked.offset(filters.offset) if filters.offset else asked).subquery("found")
    bodies = select(record_versions.c.body, *(_found(column.name) for column in columns))
    same = (record_versions.c.key == _found("key")) & (record_versions.c.version == _found("version"))
    told = connection.execute(bodies.select_from(found).join(record_versions, same))
    # A few bodies at a time, each let go of when its Feature is cut out of it.
    rows: list[tuple[Any, ...]] = []
    for some in bare_rows(told):
        _, *place = zip(*some, strict=True)
        rows += zip(features_in(some), *place, strict=True)
    # Put in order here: the database would move all of the bodies for that.
    for position, (_, descends) in reversed(list(enumerate(ordered, 1))):
        rows.sort(key=itemgetter(position), reverse=descends)
    following = rows[limit - 1][1:] if len(rows) > limit else None
    return [row[0] for row in rows[:limit]], following


def _found(name: str) -> ColumnElement[Any]:
    """A column of what was found, by name: SQLAlchemy takes as long to derive them as the query takes."""
    return literal_column(f"found.{name}")


def _measured(connection: Connection, where: Where) -> Extent:
    if (tally := where.tally()) is not None:
        return _extent(*tally.extent())
    longitude, latitude = incidents.c.joined_longitude, incidents.c.joined_latitude
    ends = (func.min(longitude), func.min(latitude), func.max(longitude), func.max(latitude))
    days = (func.min(incidents.c.day_from), func.max(incidents.c.day_to))
    asked = select(*ends, *days).where(*where(Filters()))
    west, south, east, north, first, last = connection.execute(asked).one()
    box = None if west is None else (west, south, east, north)
    return _extent(box, None if first is None else (first, last))


def _extent(box: Box | None, days: tuple[int, int] | None) -> Extent:
    return Extent(box, days and (day_of(days[0]), day_of(days[1])))


def _restored(kept: Mapping[str, Any]) -> Extent:
    """An extent out of its JSON."""
    box, days = kept["box"], kept["days"]
    first_and_last = days and (date.fromisoformat(days[0]), date.fromisoformat(days[1]))
    return Extent(box and (box[0], box[1], box[2], box[3]), first_and_last)
