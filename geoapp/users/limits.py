"""Requests of programs, counted over all processes so that one address cannot take the place of all others.

A request adds to a count in memory; at most once a second the counts go to the database by a thread of their
own, and what other processes counted comes back. A request never waits for a writer, and one address
gets at most what its processes let through between two exchanges beyond its limit.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from geoapp.config import Rate
from geoapp.errors import StoreFailed
from geoapp.store import Store
from geoapp.store.user_tables import request_counts
from geoapp.users.model import utc_now
from geoapp.users.throttle import keyed, network_of, salt_of

SHARED_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Taken:
    """The outcome for one request: whether it may be answered, requests left, seconds to the next span."""

    allowed: bool
    left: int
    reset_s: int


class Limits:
    """The counts of one process; any thread may ask."""

    def __init__(
        self, store: Callable[[], Store], rate: Rate, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._store, self._rate, self._clock = store, rate, clock
        self._lock, self._sharing = threading.Lock(), threading.Lock()
        self._shared: dict[str, int] = {}
        self._own: Counter[str] = Counter()
        self._salt, self._day, self._span, self._last = b"", "", -1, 0.0

    def take(self, address: str) -> Taken:
        """Count a request of this address, of which only a salted hash is kept."""
        now = self._clock()
        seconds, most = now.timestamp(), self._rate.requests
        reset = max(1, round(self._rate.seconds - seconds % self._rate.seconds))
        try:
            with self._lock:
                store = self._store()
                key = self._key(store, address, now)
                used = self._shared[key] + self._own[key]
                allowed = used < most
                self._own[key] += allowed
                # Also by a request that is refused: the last ones before it may not have been told yet.
                is_due = seconds - self._last >= SHARED_EVERY_S
                self._last = seconds if is_due else self._last
        except StoreFailed:
            return Taken(True, most, reset)  # answering matters more than counting
        if is_due:
            threading.Thread(target=self._share, args=(store,), name="limits", daemon=True).start()
        return Taken(allowed, max(0, most - used - 1), reset)

    def share(self) -> None:
        """Bring what was counted here to the database, and what others counted here."""
        self._share(self._store())

    def _share(self, store: Store) -> None:
        with self._sharing:
            now = self._clock().timestamp()
            with self._lock:
                counted = {key: requests for key, requests in self._own.items() if requests}
            until = (now // self._rate.seconds + 1) * self._rate.seconds
            try:
                with store.writing() as connection:
                    totals = _add(connection, counted, now, until)
            except StoreFailed:
                return  # it stays counted here and goes along the next time
            with self._lock:
                for key, total in totals.items():
                    if key in self._shared:
                        self._shared[key] = total
                        self._own[key] -= counted[key]

    def _key(self, store: Store, address: str, now: datetime) -> str:
        """What the address is counted under; a new day or span begins with nothing counted."""
        day, span = now.date().isoformat(), int(now.timestamp() // self._rate.seconds)
        if day != self._day:
            with store.writing() as connection:
                self._salt = salt_of(connection, now)
        if (day, span) != (self._day, self._span):
            self._shared, self._own, self._day, self._span = {}, Counter(), day, span
        key = keyed(self._salt, "requests", network_of(address), str(span))
        if key not in self._shared:
            with store.reading() as connection:
                self._shared[key] = _read(connection, key)
        return key


def _read(connection: Connection, key: str) -> int:
    asked = select(request_counts.c.requests).where(request_counts.c.key == key)
    return connection.execute(asked).scalar() or 0


def _add(connection: Connection, counted: Mapping[str, int], now: float, until: float) -> dict[str, int]:
    """Add the counts; gives the new totals and drops those of spans that are over."""
    table = request_counts
    connection.execute(delete(table).where(table.c.until <= now))
    totals = {}
    for key, requests in sorted(counted.items()):
        mine = table.c.key == key
        more = update(table).where(mine).values(requests=table.c.requests + requests)
        if connection.execute(more).rowcount == 0:
            connection.execute(insert(table).values(key=key, requests=requests, until=until))
        totals[key] = _read(connection, key)
    return totals
