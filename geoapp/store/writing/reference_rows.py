"""Replacing the reference data: no code in use may go, and stored rows take the new names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import orjson
from sqlalchemy import Column, Connection, insert, select, true, update

from geoapp.errors import DataRefused, Problem
from geoapp.folding import fold
from geoapp.reference import Reference
from geoapp.store import versions
from geoapp.store.names import Names, names_of
from geoapp.store.schema import incident_links, incidents, reference_sets, reports
from geoapp.store.versions import DatasetVersion
from geoapp.store.writing.commit import About, add_batch

NAMED_USERS = 5


def save(connection: Connection, reference: Reference, author: str, note: str) -> DatasetVersion:
    """Make these the current reference data; see `Store.save_reference`."""
    now = versions.current(connection)
    if now.reference_hash == reference.hash:
        return now
    if problems := list(_missing(connection, reference)):
        raise DataRefused(problems)
    stored = select(reference_sets.c.hash).where(reference_sets.c.hash == reference.hash)
    if connection.execute(stored).first() is None:
        body = orjson.dumps(reference.to_dict())
        connection.execute(insert(reference_sets).values(hash=reference.hash, body=body))
    _rename(connection, names_of(reference))
    batch = add_batch(connection, About(kind="reload", author=author, public_note=note))
    return versions.add(connection, batch, reference)


def _missing(connection: Connection, reference: Reference) -> Iterator[Problem]:
    links = incident_links.c
    speakers = reports.c.attributed_to
    used = (
        ("actors.csv", reference.actors, links.value, links.incident_key, links.name == "actor"),
        ("actors.csv", reference.actors, speakers, reports.c.incident_key, speakers.is_not(None)),
        ("categories.csv", reference.categories, incidents.c.category, incidents.c.key, true()),
    )
    told: dict[tuple[str, str], set[str]] = {}
    for source, known, code, key, meant in used:
        asked = select(code).where(meant).distinct()
        for value in connection.execute(asked).scalars():
            if value not in known:
                told.setdefault((source, value), set()).update(_users(connection, code, key, value))
    for (source, value), users in sorted(told.items()):
        named = ", ".join(sorted(users)[:NAMED_USERS])
        more = ", ..." if len(users) > NAMED_USERS else ""
        yield Problem("error", source, f"a code in use, which must stay (used by {named}{more})", value=value)


def _users(connection: Connection, code: Column[str], key: Column[int], value: str) -> list[str]:
    asked = (
        select(incidents.c.id)
        .where(incidents.c.key.in_(select(key).where(code == value)))
        .order_by(incidents.c.id)
        .limit(NAMED_USERS + 1)
    )
    return list(connection.execute(asked).scalars())


def _rename(connection: Connection, names: Names) -> None:
    """Give the stored rows the groups and the place names of the new data."""
    grouped = select(incidents.c.category, incidents.c.category_group).distinct()
    for category, group in connection.execute(grouped).all():
        _change(
            connection,
            incidents.c.category,
            category,
            {"category_group": names.group_of.get(category, "")},
            group,
        )
    placed = select(incidents.c.joined_place_id, incidents.c.place_name).distinct()
    for place_id, name in connection.execute(placed.where(incidents.c.joined_place_id.is_not(None))).all():
        english = names.english.get(place_id, name)
        row = {"place_name": english, "place_folded": fold(english)}
        _change(connection, incidents.c.joined_place_id, place_id, row, name)


def _change(
    connection: Connection, column: Column[str], value: str, row: Mapping[str, str], stored: str
) -> None:
    if next(iter(row.values())) != stored:
        connection.execute(update(incidents).where(column == value).values(**row))
