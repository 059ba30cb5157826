"""Where people are signed in: made at sign-in, ended by sign-out, by revoking, or by time.

The cookie holds a random token, the database its hash alone: who reads a copy of it is nobody.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from geoapp.errors import NotFound, StoreFailed
from geoapp.store import Store
from geoapp.store.user_tables import user_sessions, users
from geoapp.users import rows
from geoapp.users.model import Session, User

# Without use, and in any case; both are said on the sign-in page and in docs/decisions.
IDLE = timedelta(hours=12)
LONGEST = timedelta(days=14)
# Writing at every request would make readers of the editors' pages wait for whoever commits.
SEEN_EVERY = timedelta(minutes=5)
MOST_DEVICE = 60

_JOINED = select(user_sessions, *rows.USER).join(users, users.c.id == user_sessions.c.user)


def start(connection: Connection, user: User, device: str, now: datetime) -> str:
    """Sign somebody in: a new token, never one that was sent to us; also drops what has run out."""
    _drop_expired(connection, now)
    token = secrets.token_urlsafe(32)
    values = {
        "token_hash": _hash(token),
        "user": user.id,
        "created": rows.text_of(now),
        "seen": rows.text_of(now),
        "device": device[:MOST_DEVICE],
    }
    connection.execute(insert(user_sessions).values(**values))
    return token


class Sessions:
    """The sessions of one store; remembers, per process, when it last wrote that one is in use."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._noted: dict[int, datetime] = {}

    def find(self, token: str, now: datetime) -> Session | None:
        """The session of a token, or None when it ended or never was; notes that it is in use."""
        with self._store.reading() as connection:
            row = connection.execute(_JOINED.where(user_sessions.c.token_hash == _hash(token))).one_or_none()
        if row is None or _is_over(row, now) or row.user_disabled is not None:
            return None
        found = _session(row)
        self._note(found, now)
        return found

    def of(self, user: User, now: datetime) -> list[Session]:
        """Where somebody is signed in, last used first."""
        with self._store.reading() as connection:
            found = connection.execute(
                _JOINED.where(user_sessions.c.user == user.id).order_by(
                    user_sessions.c.seen.desc(), user_sessions.c.id.desc()
                )
            )
            return [_session(row) for row in found if not _is_over(row, now)]

    def end(self, token: str) -> None:
        """End the session of a token; nothing happens when it ended already."""
        with self._store.writing() as connection:
            connection.execute(delete(user_sessions).where(user_sessions.c.token_hash == _hash(token)))

    def revoke(self, user: User, number: int) -> None:
        """End one session of somebody; raises NotFound when it is not theirs."""
        mine = (user_sessions.c.user == user.id) & (user_sessions.c.id == number)
        with self._store.writing() as connection:
            if connection.execute(delete(user_sessions).where(mine)).rowcount == 0:
                raise NotFound("session", str(number))

    def _note(self, found: Session, now: datetime) -> None:
        if now - max(found.seen, self._noted.get(found.id, found.seen)) < SEEN_EVERY:
            return
        # Noted before it is tried: while another process commits for long, one request waits, not each.
        self._noted[found.id] = now
        try:
            with self._store.writing() as connection:
                mine = user_sessions.c.id == found.id
                connection.execute(update(user_sessions).where(mine).values(seen=rows.text_of(now)))
                _drop_expired(connection, now)
        except StoreFailed:
            return  # that it is in use is noted with a later request


def stands(connection: Connection, token: str) -> bool:
    """Whether nobody has ended the session of a token."""
    asked = select(user_sessions.c.id).where(user_sessions.c.token_hash == _hash(token))
    return connection.execute(asked).one_or_none() is not None


def end_all(connection: Connection, user: User, but: str | None = None) -> int:
    """End every session of somebody except that of the token `but`; gives how many."""
    theirs = user_sessions.c.user == user.id
    if but is not None:
        theirs = theirs & (user_sessions.c.token_hash != _hash(but))
    return int(connection.execute(delete(user_sessions).where(theirs)).rowcount)


def _drop_expired(connection: Connection, now: datetime) -> None:
    over = (user_sessions.c.seen < rows.text_of(now - IDLE)) | (
        user_sessions.c.created < rows.text_of(now - LONGEST)
    )
    connection.execute(delete(user_sessions).where(over))


def _is_over(row: Row[Any], now: datetime) -> bool:
    seen, created = datetime.fromisoformat(row.seen), datetime.fromisoformat(row.created)
    return now - seen > IDLE or now - created > LONGEST


def _session(row: Row[Any]) -> Session:
    return Session(
        id=row.id,
        user=rows.user(row),
        created=datetime.fromisoformat(row.created),
        seen=datetime.fromisoformat(row.seen),
        device=row.device,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
