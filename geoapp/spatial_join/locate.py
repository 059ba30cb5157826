"""Where an incident lies: the point it states, or the point of the place it names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import shapely

from geoapp.errors import Problem
from geoapp.gazetteer import Gazetteer, Match, Place
from geoapp.incident import Incident
from geoapp.kinds import LOCATION_PRECISIONS
from geoapp.layers import Feature

DERIVED = "derived"
SAME_POINT_DECIMALS = 6  # as many as the contract keeps


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """The point of an incident (WGS 84 degrees), the radius in metres within which it lies, and its origin.

    `by_description` says that the position was placed from a description, by us.
    """

    longitude: float | None = None
    latitude: float | None = None
    origin: str | None = None
    radius_m: int | None = None
    by_description: bool = False
    place: Place | None = None


class Locator:
    """Finds the point of an incident; every place name is looked up once."""

    def __init__(self, gazetteer: Gazetteer, checkpoints: Iterable[Feature]) -> None:
        self._gazetteer = gazetteer
        self._matches: dict[str, Match] = {}
        self._derived_points = {
            _rounded(float(shapely.get_x(each.geometry)), float(shapely.get_y(each.geometry)))
            for each in checkpoints
            if each.geometry is not None and each.properties.get("location_kind") == DERIVED
        }

    def locate(self, incident: Incident) -> tuple[Location, list[Problem]]:
        """The location of an incident, and a warning when no point was found or several places fit."""
        match = self._match(incident.place)
        radius = LOCATION_PRECISIONS[incident.location_precision][0]
        if incident.longitude is not None and incident.latitude is not None:
            derived = _rounded(incident.longitude, incident.latitude) in self._derived_points
            location = Location(
                longitude=incident.longitude,
                latitude=incident.latitude,
                origin="stated",
                radius_m=radius,
                by_description=derived,
                place=match.place,
            )
            return location, []
        place = match.place
        if place is None or place.longitude is None or place.latitude is None:
            return Location(place=place), [self._warning(incident, match)]
        location = Location(
            longitude=place.longitude,
            latitude=place.latitude,
            origin="gazetteer",
            radius_m=round(max(radius, place.precision_m or 0)),
            by_description=place.is_derived,
            place=place,
        )
        return location, []

    def _match(self, text: str) -> Match:
        if text not in self._matches:
            self._matches[text] = self._gazetteer.find(text)
        return self._matches[text]

    def _warning(self, incident: Incident, match: Match) -> Problem:
        suggestion = None
        if match.rivals:
            named = " or ".join(f"{rival.name_en} ({rival.id})" for rival in match.rivals)
            expected = f"a name that fits one place only, not {named}"
        elif match.place:
            expected = f"coordinates, because the position of {match.place.name_en} is not known"
        else:
            expected = "a place that the gazetteer knows, or coordinates"
            suggestion = self._gazetteer.suggest(incident.place)
        return Problem(
            "warning",
            incident.id,
            f"{expected}; the incident is kept without a point",
            column="place",
            value=incident.place,
            suggestion=suggestion,
        )


def _rounded(longitude: float, latitude: float) -> tuple[float, float]:
    return round(longitude, SAME_POINT_DECIMALS), round(latitude, SAME_POINT_DECIMALS)
