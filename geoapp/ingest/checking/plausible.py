"""What is allowed and yet unlikely: points that look swapped or lie far off, names in two scripts."""

from __future__ import annotations

import math

import shapely

from geoapp.incident import Joined
from geoapp.ingest.checking.cells import Cells
from geoapp.ingest.checking.lookalikes import mixed_word
from geoapp.ingest.checking.rows import Draft
from geoapp.kinds import LOCATION_PRECISIONS, format_degrees
from geoapp.reference import Reference

NAMES = ("title", "place", "source_publisher", "claimed_place")
_REGION_ROLES = ("line", "areas", "checkpoints", "places")
# About 100 km around all that the layers hold.
REGION_MARGIN_DEGREES = 1.0
FAR_FROM_PLACE_M = 10_000
_EARTH_M = 6_371_000
Box = tuple[float, float, float, float]


class Plausibility:
    """Warns about the values of a draft that the rules allow and an editor will want to see again."""

    def __init__(self, cells: Cells, reference: Reference) -> None:
        self._cells, self._places = cells, reference.gazetteer.by_id
        self._names = [(name, cells.columns[name]) for name in cells.given(NAMES)]
        self._claimed = cells.columns.get("claimed_latitude", [None] * len(cells.table))
        geometries = [
            feature.geometry
            for role in _REGION_ROLES
            for layer in reference.layers.of_role(role)
            for feature in layer.features
            if feature.geometry is not None
        ]
        west, south, east, north = map(float, shapely.total_bounds(geometries))
        margin = REGION_MARGIN_DEGREES
        self._inner: Box = (west, south, east, north)
        self._region: Box = (west - margin, south - margin, east + margin, north + margin)

    def warn(self, draft: Draft, joined: Joined) -> None:
        """Note what is unlikely about a draft that is new or changed."""
        for row in draft.group.rows:
            for name, values in self._names:
                value = values[row]
                if isinstance(value, str) and not value.isascii():
                    self._warn_of_scripts(row, name, value)
            if self._claimed[row] is not None:
                self._warn_of_point(row, "claimed_latitude", "claimed_longitude")
        if self._warn_of_point(draft.row, "latitude", "longitude"):
            self._warn_of_place(draft, joined)

    def _warn_of_scripts(self, row: int, name: str, value: str) -> None:
        if (found := mixed_word(value)) is not None:
            word, better = found
            expected = f"names in letters of one script ({word} mixes letters that look alike)"
            self._cells.warn(row, name, expected, better)

    def _warn_of_point(self, row: int, latitude: str, longitude: str) -> bool:
        """Whether the row states a point that lies where it can be meant."""
        y, x = self._cells.value(latitude, row), self._cells.value(longitude, row)
        if not isinstance(x, float) or not isinstance(y, float):
            return False
        if not _holds(self._inner, x, y) and _holds(self._inner, y, x):
            expected = "a latitude; latitude and longitude look swapped"
            self._cells.warn(row, latitude, expected, format_degrees(x))
            self._cells.warn(row, longitude, "a longitude; see the latitude", format_degrees(y))
            return False
        if _holds(self._region, x, y):
            return True
        west, south, east, north = self._region
        expected = (
            f"a point in the region of the layers ({west:.1f} to {east:.1f} east, "
            f"{south:.1f} to {north:.1f} north); this one is far outside"
        )
        self._cells.warn(row, latitude, expected)
        return False

    def _warn_of_place(self, draft: Draft, joined: Joined) -> None:
        place = self._places.get(joined.place_id or "")
        incident = draft.incident
        if place is None or place.longitude is None or place.latitude is None:
            return
        if incident.longitude is None or incident.latitude is None:
            return
        metres = _metres(incident.longitude, incident.latitude, place.longitude, place.latitude)
        radius = max(LOCATION_PRECISIONS[incident.location_precision][0], place.precision_m or 0)
        if metres > radius + FAR_FROM_PLACE_M:
            expected = f"a point near {place.name_en}; this one is about {metres / 1000:.0f} km away"
            self._cells.warn(draft.row, "latitude", expected)


def _holds(box: Box, x: float, y: float) -> bool:
    west, south, east, north = box
    return west <= x <= east and south <= y <= north


def _metres(x1: float, y1: float, x2: float, y2: float) -> float:
    """Great-circle distance in metres, good to half a per cent: enough to say that something is far."""
    lat1, lat2 = math.radians(y1), math.radians(y2)
    squared = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(x2 - x1) / 2) ** 2
    )
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(squared)))
