"""Names of places: in the reader's language first, where it is known; what a record says stays as it is."""

from __future__ import annotations

from geoapp.gazetteer import Gazetteer, Place
from geoapp.incident import Incident, Joined
from geoapp.web import context, language
from geoapp.web.catalogs import label


def of(place: Place, gazetteer: Gazetteer) -> str:
    """The name in the language of the page, else the English one; namesakes stand with their district."""
    local = "" if language.code() == language.DEFAULT else place.names.get(language.code(), "")
    if not local:
        return gazetteer.name(place)
    is_told_apart = place.district and gazetteer.name(place) != place.name_en
    return f"{local} ({label('district', place.district or '')})" if is_told_apart else local


def known_as(english: str) -> str:
    """The reader's name of a place that goes by this canonical English name."""
    if language.code() == language.DEFAULT:
        return english
    gazetteer = context.reference().gazetteer
    place = gazetteer.find(english).place
    return of(place, gazetteer) if place else english


def of_incident(incident: Incident, joined: Joined, gazetteer: Gazetteer) -> tuple[str, bool]:
    """Where an incident was, and whether that is the record's own wording.

    The reader's name stands for the record's only where the record says no more than a name.
    """
    place = gazetteer.by_id.get(joined.place_id) if joined.place_id else None
    if place is None or language.code() == language.DEFAULT or language.code() not in place.names:
        return incident.place, True
    says_a_name = incident.place in {place.name_en, gazetteer.name(place), *place.aliases}
    return (of(place, gazetteer), False) if says_a_name else (incident.place, True)
