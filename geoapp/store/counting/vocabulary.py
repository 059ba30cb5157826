"""The codes and names that filters accept: those of the reference data and those in use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, func, select

from geoapp.folding import fold
from geoapp.kinds import LOCATION_PRECISIONS, STATUSES
from geoapp.query import Vocabulary
from geoapp.reference import Reference
from geoapp.store.dialect import dialect_of
from geoapp.store.names import Names
from geoapp.store.schema import incident_links, incidents


def in_use(connection: Connection) -> dict[str, list[str]]:
    """What records name that no list of the reference data has: publishers, languages, places; in order."""
    found = {name: _linked(connection, name) for name in ("publisher", "language")}
    places = connection.execute(select(incidents.c.place_name).distinct()).scalars()
    # In order: of two spellings that fold alike, the same one wins whatever the engine gives first.
    return found | {"place": sorted(places)}


def of(reference: Reference, names: Names, used: Mapping[str, Sequence[str]]) -> Vocabulary:
    """What `parse_filters` needs to know about a data set with these reference data and what is in use."""
    areas = {
        area.id: str(area.properties.get("name_en") or area.properties.get("name") or area.id)
        for layer in reference.layers.of_role("areas")
        for area in layer.features
    }
    return Vocabulary(
        codes={
            "category": {code: each.label for code, each in reference.categories.items()},
            "group": {code: each.label for code, each in reference.groups.items()},
            "actor": {code: each.name for code, each in reference.actors.items()},
            "party": {code: each.label for code, each in reference.parties.items()},
            "publisher": _themselves(used["publisher"]),
            "language": _themselves(used["language"]),
            "status": {code: code.replace("_", " ") for code in STATUSES},
            "area": areas,
            "precision": {code: meaning for code, (_, meaning) in LOCATION_PRECISIONS.items()},
        },
        place_names=_place_names(used["place"], names),
        group_of=names.group_of,
    )


def _themselves(values: Iterable[str]) -> dict[str, str]:
    return {value: value for value in values}


def _linked(connection: Connection, name: str) -> list[str]:
    """The values that any record links under a name.

    Where the engine keeps them in order: one step from each to the next, because a plain DISTINCT reads
    every link there is, which a million records have nearly three million of.
    """
    links = incident_links.c
    if not dialect_of(connection.dialect.name).links_in_order:
        return sorted(connection.execute(select(links.value).where(links.name == name).distinct()).scalars())
    least = select(func.min(links.value).label("value")).where(links.name == name)
    steps = least.cte(recursive=True)
    following = least.where(links.value > steps.c.value).scalar_subquery()
    steps = steps.union_all(select(following).where(steps.c.value.is_not(None)))
    return sorted(connection.execute(select(steps.c.value).where(steps.c.value.is_not(None))).scalars())


def _place_names(stored: Sequence[str], names: Names) -> dict[str, str]:
    """Every name by its folded form; a name that leads to no single place stands for itself."""
    listed: Iterable[str] = [
        *names.english.values(),
        *(each for many in names.spoken.values() for each in many),
    ]
    resolved = {fold(name): names.resolve(name) for name in dict.fromkeys(listed)}
    # What stands on a record wins: its name must find it even where the gazetteer knows two of that name.
    return {folded: name for folded, name in resolved.items() if folded} | {
        fold(name): name for name in stored
    }
