"""Counting what pages ask about a version of the data set before a reader waits for it."""

from __future__ import annotations

from time import monotonic
from typing import Any

from geoapp.query import Filters
from geoapp.store.counting.coding import Codes
from geoapp.store.counting.known import Cache
from geoapp.store.facade import Store

# Counting a million incidents takes a tenth of this when memory holds them.
COLD_S = 1.0


def count_ahead(store: Store) -> None:
    """Have every answer about the whole set that is kept, and keep it; seconds at a million incidents.

    Then what pages with a filter are counted from. Raises StoreFailed.
    """
    with store.view() as seen:
        _answers(seen)
    store.lay_codes()


def read_ahead(store: Store) -> bool:
    """Count everything once where what counting reads has to come from a disk first; tells whether it had.

    What is kept answers for the whole set alone: a million incidents with a filter took longer from a disk
    than a question may. Raises StoreFailed.
    """
    with store.view() as seen:
        seen._known = Cache()
        begun = monotonic()
        seen.count(Filters())
        if is_cold := monotonic() - begun > COLD_S:
            _answers(seen)
    return is_cold


def wrong_answers(store: Store) -> list[str]:
    """The names of those that are not what counting gives, or that arrays of codes give otherwise.

    Raises StoreFailed.
    """
    with store.view() as seen:
        told = _answers(seen)
        seen._known = Cache()
        counted = _answers(seen)
        seen._known = Cache()
        seen._known.codes = Codes()
        coded = _answers(seen)
    return [name for name, answer in counted.items() if not told[name] == answer == coded[name]]


def _answers(store: Store) -> dict[str, Any]:
    return {
        "in_use": store.vocabulary(),
        "count": store.count(Filters()),
        "days": store.days(Filters()),
        "facets": store.facets(Filters()),
        "extent": store.items.extent(),
        "coverage": store.items.coverage(),
    }
