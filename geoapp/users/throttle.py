"""Failed tries to sign in, counted so that guessing takes long and nobody can shut another person out.

Counted are the pair of name and address, and the address alone: who fails elsewhere never makes a person
wait here. What is counted is kept as an HMAC under a salt that is made anew every day, so that the
database holds neither addresses nor names as typed (which may be passwords, in the wrong field).
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from geoapp.store.user_tables import sign_in_failures, sign_in_salts
from geoapp.users.model import folded

# Pauses in seconds after the free tries, one after another; the last one stays.
PAUSES_S = (60, 120, 240, 480, 900)
FREE_TRIES = 5
# Several people can share an address; this stops trying many names from one.
FREE_TRIES_OF_ADDRESS = 20
FORGOTTEN_AFTER_S = 3600


@dataclass(frozen=True, slots=True)
class Tried:
    """One try, counted as failed until `forgive` says otherwise.

    `wait_s` above 0: it came too early and must not be looked at. Else, if it fails, `tries_left` more
    are free, and a pause of `pause_s` seconds follows them.
    """

    wait_s: int
    tries_left: int
    pause_s: int


@dataclass(frozen=True, slots=True)
class _Counter:
    key: str
    free: int
    failures: int
    until: float

    @property
    def pause_s(self) -> int:
        """The pause that follows one more failure, in seconds."""
        over = self.failures + 1 - self.free
        return PAUSES_S[min(over, len(PAUSES_S) - 1)] if over >= 0 else 0

    @property
    def tries_left(self) -> int:
        """The free tries left after one more failure."""
        return max(self.free - self.failures - 1, 0)


def count_try(connection: Connection, name: str, address: str, now: datetime) -> Tried:
    """Count a try as failed before it is looked at, so that many at once count as many.

    Needs a connection that is alone among writers.
    """
    seconds = now.timestamp()
    counters = [
        _read(connection, key, free, seconds) for key, free in _keys(connection, name, address, now).items()
    ]
    wait = max(counter.until for counter in counters) - seconds
    if wait > 0:
        return Tried(max(1, round(wait)), 0, 0)
    pause = max(counter.pause_s for counter in counters) or PAUSES_S[0]
    for counter in counters:
        _write(connection, counter, seconds)
    return Tried(0, min(counter.tries_left for counter in counters), pause)


def forgive(connection: Connection, name: str, address: str, now: datetime) -> None:
    """The try was right: the pair is forgotten, and it does not count against the address."""
    pair, alone = _keys(connection, name, address, now)
    connection.execute(delete(sign_in_failures).where(sign_in_failures.c.key == pair))
    found = _read(connection, alone, FREE_TRIES_OF_ADDRESS, now.timestamp())
    values = {"failures": max(found.failures - 1, 0), "until": 0.0}
    connection.execute(update(sign_in_failures).where(sign_in_failures.c.key == alone).values(**values))


def _keys(connection: Connection, name: str, address: str, now: datetime) -> dict[str, int]:
    """What this try counts against, with the free tries of each: the pair, then the address."""
    salt, network = salt_of(connection, now), network_of(address)
    return {
        keyed(salt, "pair", folded(name), network): FREE_TRIES,
        keyed(salt, "address", network): FREE_TRIES_OF_ADDRESS,
    }


def keyed(salt: bytes, *parts: str) -> str:
    """What is kept in the place of these parts: their HMAC under the salt, hex."""
    return hmac.new(salt, "\0".join(parts).encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def network_of(address: str) -> str:
    """What one person can change at will counts as one: of IPv6 the first 64 bits, whole IPv4."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or ipaddress.ip_network((known, 64), strict=False))


def salt_of(connection: Connection, now: datetime) -> bytes:
    """The salt of today; making it drops yesterday's, and with it the meaning of all that was counted."""
    day = now.date().isoformat()
    found: bytes | None = connection.execute(
        select(sign_in_salts.c.salt).where(sign_in_salts.c.day == day)
    ).scalar_one_or_none()
    if found is None:
        found = secrets.token_bytes(32)
        connection.execute(delete(sign_in_salts))
        connection.execute(delete(sign_in_failures))
        connection.execute(insert(sign_in_salts).values(day=day, salt=found))
    return found


def _read(connection: Connection, key: str, free: int, now: float) -> _Counter:
    row = connection.execute(select(sign_in_failures).where(sign_in_failures.c.key == key)).one_or_none()
    if row is None or row.last + FORGOTTEN_AFTER_S < now:
        return _Counter(key, free, 0, 0.0)
    return _Counter(key, free, row.failures, row.until)


def _write(connection: Connection, counter: _Counter, now: float) -> None:
    values = {"failures": counter.failures + 1, "last": now, "until": now + counter.pause_s}
    mine = sign_in_failures.c.key == counter.key
    if connection.execute(update(sign_in_failures).where(mine).values(**values)).rowcount == 0:
        connection.execute(insert(sign_in_failures).values(key=counter.key, **values))
