"""New records of a file that look like stored ones, and what the editor decides about each."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import Connection, false, or_, select

from geoapp.batch import Batch, Change
from geoapp.drafts.model import SEPARATE, Draft
from geoapp.drafts.same_link import host_of, link_key
from geoapp.drafts.table import Rows, decided
from geoapp.folding import fold
from geoapp.incident import Record
from geoapp.ingest import Table
from geoapp.ingest.checking.cells import parse_cells
from geoapp.ingest.checking.groups import group_rows
from geoapp.ingest.codebook import Codebook
from geoapp.store import Store
from geoapp.store.rows import day_number
from geoapp.store.schema import incidents, reports

NEAR_DAYS = 14
# Of 100: how alike two titles must be. The pairs of the shipped data that one would look at begin there.
LIKE_ENOUGH = 75
# Of several such titles, what the same day or the same category weighs: words such as a place's name are
# common to all that happened there.
_SAME_DAY, _SAME_CATEGORY = 10, 10
# Near in time and place is looked for record by record; beyond that many only equal links are.
MOST_COMPARED = 1_000
MOST_SHOWN = 200
# With more hosts than that in a file all stored addresses are gone through.
_MOST_HOSTS = 50
_READ_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Likeness:
    """A new record beside the stored one that it looks like, and why; `rows` are places in the table."""

    new: Change
    stored: Record
    reason: str
    rows: tuple[int, ...]
    lines: tuple[int, ...]
    decision: str


def likenesses(store: Store, draft: Draft, table: Table, batch: Batch) -> tuple[Likeness, ...]:
    """Every likeness of a batch with its decision; `separate` where none was taken, for it loses nothing."""
    found = alike(store, batch.created)
    if not found:
        return ()
    stored = {each.incident.id: each for each in store.get_many([name for name, _ in found.values()])}
    rows = _rows_of(store, table)
    told: list[Likeness] = []
    for change in batch.created:
        name, reason = found.get(change.id, ("", ""))
        if name in stored and len(told) < MOST_SHOWN:
            places = rows.get(change.id, ())
            lines = tuple(dict.fromkeys(table.lines[place] for place in places))
            decision = _decision(draft, change.id, name)
            told.append(Likeness(change, stored[name], reason, places, lines, decision))
    return tuple(told)


def carried_out(table: Table, found: tuple[Likeness, ...]) -> Table:
    """The table after the decisions; the same table where all stay separate."""
    chosen = [Rows(each.rows, each.decision, each.stored.incident.id) for each in found]
    return decided(table, [each for each in chosen if each.decision != SEPARATE])


def _decision(draft: Draft, new: str, stored: str) -> str:
    """What was decided about exactly this pair."""
    decision, about = draft.answers.decisions.get(new, (SEPARATE, stored))
    return decision if about == stored else SEPARATE


def _rows_of(store: Store, table: Table) -> dict[str, tuple[int, ...]]:
    """The places of each record's rows, by its id, also where the id was made."""
    cells = parse_cells(table, Codebook(store.reference()))
    return {group.id: group.rows for group in group_rows(cells, store)}


def alike(store: Store, new: Sequence[Change]) -> dict[str, tuple[str, str]]:
    """For the id of a new record the stored id that it looks like most, and why."""
    with store.reading() as connection:
        by_link = _by_link(connection, {key for change in new for key in _links(change)})
        found = {}
        for number, change in enumerate(new):
            near = _near(connection, change) if number < MOST_COMPARED else None
            same = next((by_link[key] for key in _links(change) if key in by_link), None)
            if near is not None:
                found[change.id] = near
            elif same is not None:
                found[change.id] = (same, "same source address as a stored incident")
    return found


def _links(change: Change) -> list[str]:
    return [link_key(report.source_url) for report in change.after.incident.reports]


def _by_link(connection: Connection, keys: Set[str]) -> dict[str, str]:
    """The first stored id for each of these links (`link_key`) that a stored report carries."""
    hosts = {host_of(key) for key in keys}
    asked = (
        select(reports.c.source_url, incidents.c.id)
        .join(incidents, incidents.c.key == reports.c.incident_key)
        .order_by(incidents.c.id.desc())
    )
    if len(hosts) <= _MOST_HOSTS:
        held = (reports.c.source_url.icontains(host, autoescape=True) for host in sorted(hosts))
        asked = asked.where(or_(false(), *held))
    stored = connection.execute(asked.execution_options(yield_per=_READ_AT_ONCE))
    return {key: row.id for row in stored if (key := link_key(row.source_url)) in keys}


def _near(connection: Connection, change: Change) -> tuple[str, str] | None:
    """The stored record near in time, at the same place, with the title, day and category most alike."""
    days = change.after.incident.interval
    first, last = day_number(days.first), day_number(days.last)
    place = change.after.joined.place_id
    told = incidents.c.id, incidents.c.title_folded, incidents.c.category
    asked = select(*told, incidents.c.day_from, incidents.c.day_to).where(
        incidents.c.day_from <= last + NEAR_DAYS,
        incidents.c.day_to >= first - NEAR_DAYS,
        incidents.c.joined_place_id == place
        if place
        else incidents.c.place_folded == fold(change.after.incident.place),
    )
    title = fold(change.after.incident.title)
    rated = [(fuzz.token_set_ratio(title, row.title_folded), row) for row in connection.execute(asked)]
    like = [(score, row) for score, row in rated if score >= LIKE_ENOUGH]
    if not like:
        return None

    def weight(score: float, row: Any) -> float:
        same_day = bool(row.day_from <= last and first <= row.day_to)
        same_category = bool(row.category == change.after.incident.category)
        return score + same_day * _SAME_DAY + same_category * _SAME_CATEGORY

    _, row = max(like, key=lambda each: (weight(each[0], each[1]), each[1].id))
    return row.id, f"{_apart(max(row.day_from - last, first - row.day_to))}, same place, similar title"


def _apart(days: int) -> str:
    return "same time" if days <= 0 else "1 day apart" if days == 1 else f"{days} days apart"
