"""How many publishers the record rests on, month by month and year by year: where it is thin."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain, groupby
from operator import itemgetter

import numpy as np
from sqlalchemy import Connection, select

from geoapp.query import Filters
from geoapp.store.counting.coded import Array
from geoapp.store.counting.meaning import Where
from geoapp.store.reading import bare_rows
from geoapp.store.schema import incident_links, incidents
from geoapp.store.search import Condition


def publishers(connection: Connection, where: Where) -> dict[str, int]:
    """How many different publishers report of what begins in each month (`2019-08`) and year (`2019`).

    Stretches without any are left out. A date that covers whole years says nothing of a month.
    """
    tally = where.tally()
    told = _spans(connection, where(Filters())) if tally is None else tally.spans("publisher")
    begun: defaultdict[str, set[str]] = defaultdict(set)
    for publisher, first, last in told:
        begun[publisher].update(_beginnings(first, last))
    return dict(sorted(Counter(chain.from_iterable(begun.values())).items()))


def _beginnings(first: Array, last: Array) -> Iterator[str]:
    """The months and years in which spans of days begin (days since 1970-01-01)."""
    begin, after = first.astype("datetime64[D]"), (last + 1).astype("datetime64[D]")
    months, years = begin.astype("datetime64[M]"), begin.astype("datetime64[Y]")
    whole = (begin == years) & (after == after.astype("datetime64[Y]"))
    yield from np.unique(months[~whole]).astype(str).tolist()
    yield from np.unique(years).astype(str).tolist()


def _spans(connection: Connection, meant: list[Condition]) -> Iterator[tuple[str, Array, Array]]:
    """First and last days of the incidents that each publisher reports of, from their rows."""
    keys, first, last = _days(connection, meant)
    for publisher, named in _of_each_publisher(connection) if len(keys) else ():
        at = np.minimum(np.searchsorted(keys, named), len(keys) - 1)
        at = at[keys[at] == named]
        yield publisher, first[at], last[at]


def _days(connection: Connection, meant: list[Condition]) -> tuple[Array, Array, Array]:
    """The keys in order, with the first and last days."""
    columns = incidents.c
    # An index holds these columns and a key holds the publishers: both are read from one end to the other.
    # Joined by the database, a million incidents took two minutes from a disk.
    asked = select(columns.key, columns.day_from, columns.day_to).where(*meant)
    rows = [np.array(some, np.int64) for some in bare_rows(connection.execute(asked))]
    key, first, last = np.concatenate([np.empty((0, 3), np.int64), *rows]).T
    order = np.argsort(key)
    return key[order], first[order], last[order]


def _of_each_publisher(connection: Connection) -> Iterator[tuple[str, Array]]:
    """The keys of what each publisher reports of, retracted incidents included."""
    links = incident_links.c
    asked = select(links.value, links.incident_key).where(links.name == "publisher").order_by(links.value)
    rows = chain.from_iterable(bare_rows(connection.execute(asked)))
    for publisher, named in groupby(rows, itemgetter(0)):
        yield publisher, np.fromiter((key for _, key in named), np.int64)
