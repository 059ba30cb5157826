"""What the reference layers add to incidents: distance, areas, nearest place and crossing point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geoapp import accounts
from geoapp.errors import Problem
from geoapp.incident import Incident, Joined
from geoapp.layers import Feature, Layers
from geoapp.reference import Reference
from geoapp.spatial_join.accuracy import LineAccuracy, interval_m
from geoapp.spatial_join.crossings import Crossings, Nearest
from geoapp.spatial_join.distance import LineDistances
from geoapp.spatial_join.locate import Location, Locator
from geoapp.spatial_join.plane import Floats, Geometries, Plane

# A statement is placed where it speaks of, not where it was made: a distance would say nothing about it.
WITHOUT_DISTANCE = "talks_and_statements"
PRECISE = frozenset({"exact", "village"})
UNUSED_AS_NEAREST = frozenset({"derived", "unlocated"})


@dataclass(frozen=True, slots=True)
class _Points:
    """The incidents that have a point: row in the batch, degrees, radius in metres, planar point."""

    rows: list[int]
    longitudes: Floats
    latitudes: Floats
    radii: Floats
    planar: Geometries


class Joiner:
    """Joins incidents to one state of the reference data; build it once and use it for many."""

    def __init__(self, reference: Reference) -> None:
        layers = reference.layers
        lines = [each.geometry for each in layers.line.features if each.geometry is not None]
        checkpoints = _features(layers, "checkpoints")
        self._reference = reference
        self._plane = Plane(lines)
        self._line = LineDistances(lines, self._plane)
        self._accuracy = LineAccuracy(layers, self._plane)
        self._crossings = Crossings(
            checkpoints, self._plane, lambda identifier, day: reference.state_on(identifier, day).state
        )
        self._locator = Locator(reference.gazetteer, checkpoints)
        self._areas = [each for each in _features(layers, "areas") if each.geometry is not None]
        self._area_tree = shapely.STRtree([each.geometry for each in self._areas])
        self._area_edges = np.array(
            [self._plane.project(shapely.boundary(each.geometry)) for each in self._areas], dtype=object
        )
        self._places = [
            place
            for place in reference.gazetteer
            if place.longitude is not None
            and place.latitude is not None
            and place.kind not in UNUSED_AS_NEAREST
        ]
        self._place_tree = shapely.STRtree(
            self._plane.points(*_columns((place.longitude, place.latitude) for place in self._places))
        )

    def locate(self, incident: Incident) -> tuple[Location, list[Problem]]:
        """The location of an incident; warnings when no point was found or several places fit its name."""
        return self._locator.locate(incident)

    def distance_to_line_m(self, longitudes: Floats, latitudes: Floats) -> Floats:
        """Geodesic distances in metres of points (WGS 84 degrees) to the drawn line, right to 0.1 m.

        That is arithmetic, not knowledge: the line is schematic, and nothing finer than 100 m is shown.
        """
        return self._line.metres(np.asarray(longitudes, np.float64), np.asarray(latitudes, np.float64))

    def join(self, incidents: Sequence[Incident]) -> list[Joined]:
        """The joined fields of every incident, in their order."""
        locations = [self.locate(incident)[0] for incident in incidents]
        found = [self._of_the_record(*pair) for pair in zip(incidents, locations, strict=True)]
        points = self._points(locations)
        if points.rows:
            parts = (
                self._distances([found[row]["distance_note"] is None for row in points.rows], points),
                self._containing_areas(points),
                self._nearest_places(locations, points),
                self._nearest_crossings(incidents, points),
            )
            for part in parts:
                for row, fields in zip(points.rows, part, strict=True):
                    found[row] |= fields
        return [Joined(**fields) for fields in found]

    def _of_the_record(self, incident: Incident, location: Location) -> dict[str, Any]:
        """The fields that need no arithmetic."""
        place = location.place
        administered_by, note = _administered_by(incident, location)
        return {
            "longitude": location.longitude,
            "latitude": location.latitude,
            "location_origin": location.origin,
            "location_radius_m": location.radius_m,
            "placed_by_description": location.by_description,
            "place_id": place.id if place else None,
            "administered_by": administered_by,
            "administered_by_note": note,
            "distance_note": self._distance_note(incident, location),
            "crossing_note": "no_point" if location.origin is None else None,
            "parties": tuple(sorted(accounts.parties(incident, self._reference))),
            "publishers": len(accounts.publishers(incident)),
            "differs": accounts.differs(incident, self._reference),
            "layers_hash": self._reference.hash,
        }

    def _distance_note(self, incident: Incident, location: Location) -> str | None:
        category = self._reference.categories.get(incident.category)
        if location.origin is None:
            return "no_point"
        if category is not None and category.group == WITHOUT_DISTANCE:
            return "category"
        if incident.location_precision not in PRECISE:
            return "precision"
        return "derived" if location.by_description else None

    def _points(self, locations: Sequence[Location]) -> _Points:
        rows = [row for row, location in enumerate(locations) if location.origin is not None]
        columns = _columns((locations[row].longitude, locations[row].latitude) for row in rows)
        radii = np.array([locations[row].radius_m for row in rows], dtype=np.float64)
        return _Points(rows, *columns, radii, self._plane.points(*columns))

    def _distances(self, wanted: Sequence[bool], points: _Points) -> list[dict[str, Any]]:
        chosen = np.flatnonzero(wanted)
        radii = points.radii[chosen]
        metres = self._line.metres(points.longitudes[chosen], points.latitudes[chosen])
        spread = radii + self._accuracy.p95_m(points.planar[chosen], metres, radii)
        fields: list[dict[str, Any]] = [{} for _ in points.rows]
        for index, distance, around in zip(chosen, metres, spread, strict=True):
            low, high = interval_m(float(distance), float(around))
            fields[index] = {"distance_min_m": low, "distance_max_m": high}
        return fields

    def _containing_areas(self, points: _Points) -> list[dict[str, Any]]:
        """Areas that hold the point; "near" are those of them that the circle around the point leaves."""
        degrees = shapely.points(points.longitudes, points.latitudes)
        rows, areas = self._area_tree.query(degrees, predicate="intersects")
        to_edge = shapely.distance(points.planar[rows], self._area_edges[areas])
        fields: list[dict[str, Any]] = [{"areas": (), "areas_near": ()} for _ in points.rows]
        for index in np.lexsort((areas, rows)):
            row, identifier = rows[index], self._areas[areas[index]].id
            fields[row]["areas"] += (identifier,)
            if to_edge[index] < points.radii[row]:
                fields[row]["areas_near"] += (identifier,)
        return fields

    def _nearest_places(self, locations: Sequence[Location], points: _Points) -> list[dict[str, Any]]:
        """The named place where the point is its own, else the nearest place of the gazetteer."""
        if not self._places:
            return [{} for _ in points.rows]
        nearest = self._place_tree.nearest(points.planar)
        labels = []
        for row, index in zip(points.rows, nearest, strict=True):
            own = locations[row].place if locations[row].origin == "gazetteer" else None
            labels.append({"nearest_place": self._reference.gazetteer.name(own or self._places[index])})
        return labels

    def _nearest_crossings(self, incidents: Sequence[Incident], points: _Points) -> list[dict[str, Any]]:
        days = [incidents[row].interval.first for row in points.rows]
        found = self._crossings.nearest(points.longitudes, points.latitudes, points.radii, days)
        return [_crossing_fields(nearest) for nearest in found]


def _crossing_fields(nearest: Nearest) -> dict[str, Any]:
    return {
        "nearest_crossing": nearest.id,
        "crossing_state": nearest.state,
        "crossing_note": nearest.note,
        "crossings": nearest.candidates,
    }


def _administered_by(incident: Incident, location: Location) -> tuple[str | None, str | None]:
    """Who administers the named place, or why that is not given."""
    if location.place is None:
        return None, "no_place"
    if incident.location_precision not in PRECISE:
        return None, "precision"
    if not location.place.administered_by:
        return None, "not_stated"
    return location.place.administered_by, None


def _features(layers: Layers, role: str) -> list[Feature]:
    return [feature for layer in layers.of_role(role) for feature in layer.features]


def _columns(pairs: Iterable[tuple[float | None, float | None]]) -> tuple[Floats, Floats]:
    table = np.array(list(pairs), dtype=np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]
