"""Drafts that wait for a second person: handed over, taken back, sent back with a remark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from geoapp.drafts.model import Draft
from geoapp.drafts.rows import BRIEF, as_text, change_row, draft_of, now
from geoapp.errors import Conflict, NotFound
from geoapp.store import Store
from geoapp.store.draft_tables import drafts


class Reviews:
    """The drafts of one store that wait; one that is sent or taken back is kept for `days` days again."""

    def __init__(self, store: Store, days: int, clock: Callable[[], datetime] = now) -> None:
        self._store, self._days, self._clock = store, days, clock

    def of_others(self, reviewer: str) -> list[Draft]:
        """Those that anybody but the reviewer handed over, the longest waiting first, without the bytes."""
        waiting = (drafts.c.state == "waiting") & (drafts.c.editor != reviewer)
        asked = select(*BRIEF).where(waiting).order_by(drafts.c.updated, drafts.c.id)
        with self._store.reading() as connection:
            return [draft_of(row._mapping) for row in connection.execute(asked)]

    def get(self, identifier: str, reviewer: str) -> Draft:
        """One that waits; raises NotFound, also for the reviewer's own: those are for another person."""
        waiting = (drafts.c.state == "waiting") & (drafts.c.editor != reviewer)
        with self._store.reading() as connection:
            row = connection.execute(select(drafts).where(drafts.c.id == identifier, waiting)).one_or_none()
        if row is None:
            raise NotFound("waiting draft", identifier)
        return draft_of(row._mapping)

    def hand_over(self, draft: Draft) -> None:
        """Let an open draft wait; raises Conflict when it is not as it was read."""
        self._move(draft, "open", {"state": "waiting", "remark": None})

    def take_back(self, draft: Draft) -> None:
        """Open a waiting draft again for its editor; raises Conflict when it was saved or sent back since."""
        self._move(draft, "waiting", {"state": "open", "expires": self._end()})

    def send_back(self, draft: Draft, remark: str) -> None:
        """Give a waiting draft back with what is to be mended; raises Conflict as above."""
        self._move(draft, "waiting", {"state": "open", "expires": self._end(), "remark": remark})

    def _move(self, draft: Draft, state: str, values: Mapping[str, Any]) -> None:
        if draft.state != state:
            raise Conflict("this draft was handed over, taken back or saved meanwhile")
        with self._store.writing() as connection:
            change_row(connection, draft, {**values, "updated": as_text(self._clock())})

    def _end(self) -> str:
        return as_text(self._clock() + timedelta(days=self._days))
