"""What the store keeps about links, and which of them are cited, due or in a state."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, select

from geoapp.links.model import Check, Result, State
from geoapp.links.suggestion import archived_copy
from geoapp.store import Store
from geoapp.store.schema import incidents, link_checks, reports

_checked = link_checks.c.checked


@dataclass(frozen=True, slots=True)
class Cited:
    """One report that gives the link: its incident, and the archived copy that it names or could name."""

    incident_id: str
    title: str
    archived: str | None
    suggested: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A link of the data set with its last check (None: never checked) and the reports that give it."""

    url: str
    check: Check | None
    cited: tuple[Cited, ...]


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def save(store: Store, url: str, result: Result, at: datetime | None = None) -> None:
    """Keep the result of a check in place of the one before; `at` is UTC, without it now."""
    row = {
        "digest": _digest(url),
        "url": url,
        "state": result.state,
        "checked": (at or datetime.now(UTC)).isoformat(timespec="microseconds"),
        "moved_to": result.moved_to,
        "reason": result.reason,
    }
    with store.writing() as connection:
        forget(connection, [url])
        connection.execute(insert(link_checks), row)


def forget(connection: Connection, urls: Iterable[str]) -> None:
    """Remove what is kept about these addresses, as when they are redacted; the caller's transaction."""
    for url in urls:
        connection.execute(delete(link_checks).where(link_checks.c.digest == _digest(url)))


def checks_of(store: Store, urls: Sequence[str]) -> Mapping[str, Check]:
    """The last check of each of these addresses; those never checked are left out."""
    asked = select(link_checks).where(link_checks.c.digest.in_(set(map(_digest, urls))))
    with store.reading() as connection:
        return {row.url: _check(row) for row in connection.execute(asked)}


def stamp(store: Store) -> str:
    """Changes whenever a check is kept: what pages that show checks go by."""
    with store.reading() as connection:
        return connection.execute(select(func.max(_checked))).scalar_one() or ""


def due(store: Store, before: datetime, limit: int | None = None) -> list[str]:
    """Cited addresses never checked yet, then those last checked before that time (UTC), oldest first."""
    cited = _links(select(reports.c.source_url, _checked))
    old = cited.where(_checked.is_(None) | (_checked < before.isoformat(timespec="microseconds")))
    ordered = old.distinct().order_by(_checked.asc().nulls_first(), reports.c.source_url).limit(limit)
    with store.reading() as connection:
        return [row.source_url for row in connection.execute(ordered)]


def count(store: Store) -> dict[State, int]:
    """How many cited addresses are in each state."""
    state = link_checks.c.state
    asked = _links(select(state, func.count(reports.c.source_url.distinct()))).group_by(state)
    with store.reading() as connection:
        return {row[0] or "not_checked": row[1] for row in connection.execute(asked)}


def listed(store: Store, state: State, limit: int, offset: int = 0) -> list[Listed]:
    """Cited addresses in a state, by address, with the reports that give them."""
    page = _links(select(reports.c.source_url, link_checks)).where(_is(state)).distinct()
    page = page.order_by(reports.c.source_url).limit(limit).offset(offset)
    with store.reading() as connection:
        rows = connection.execute(page).all()
        cited = _cited(connection, [row.source_url for row in rows])
    return [
        Listed(row.source_url, _check(row) if row.checked else None, tuple(cited[row.source_url]))
        for row in rows
    ]


def _is(state: State) -> ColumnElement[bool]:
    return link_checks.c.state.is_(None) if state == "not_checked" else link_checks.c.state == state


def _links(chosen: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return chosen.select_from(reports.outerjoin(link_checks, link_checks.c.url == reports.c.source_url))


def _cited(connection: Connection, urls: Sequence[str]) -> dict[str, list[Cited]]:
    asked = (
        select(reports, incidents.c.id, incidents.c.title, incidents.c.date)
        .join(incidents, incidents.c.key == reports.c.incident_key)
        .where(reports.c.source_url.in_(urls))
        .order_by(incidents.c.id, reports.c.position)
    )
    found: dict[str, list[Cited]] = {url: [] for url in urls}
    for row in connection.execute(asked):
        day = date.fromisoformat(row.source_date or row.date)
        suggested = archived_copy(row.source_url, day)
        found[row.source_url].append(Cited(row.id, row.title, row.source_archive_url, suggested))
    return found


def _check(row: Row[Any]) -> Check:
    result = Result(row.state, row.moved_to, row.reason)
    return Check(row.url, result, datetime.fromisoformat(row.checked))
