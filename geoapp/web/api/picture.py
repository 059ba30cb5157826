"""A small map of the features of a page: where they lie on the line, several at one place counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geoapp.reference import Reference
from geoapp.web.sketch import KM_PER_DEGREE, Frame, Ground

WIDTH, HEIGHT = 460, 340
# Least half width in kilometres, and how much of the picture stays free around the features.
LEAST_KM, MARGIN = 3.0, 1.15
# A world of features is no picture of a line; nothing is drawn beyond this half width in kilometres.
MOST_KM = 2_000.0


@dataclass(frozen=True)
class Spot:
    """One place in the picture, in pixels, with how many features share it."""

    x: float
    y: float
    count: int


@dataclass(frozen=True)
class Picture:
    """Everything that the template draws, in pixels of a 460 x 340 picture."""

    ground: Ground
    shapes: str
    spots: tuple[Spot, ...]

    @property
    def count(self) -> int:
        """How many features are drawn as spots."""
        return sum(spot.count for spot in self.spots)


def draw(geometries: Iterable[Mapping[str, Any] | None], reference: Reference) -> Picture | None:
    """The picture of these GeoJSON geometries (WGS 84 degrees); None where none has a place, or the world."""
    known = [_shape(each) for each in geometries if each is not None]
    if not known:
        return None
    west, south, east, north = shapely.total_bounds(known)
    tall = (north - south) / 2 * KM_PER_DEGREE * WIDTH / HEIGHT
    half = max(LEAST_KM, (east - west) / 2 * KM_PER_DEGREE * 0.75, tall) * MARGIN
    if half > MOST_KM:
        return None
    frame = Frame((west + east) / 2, (south + north) / 2, half, WIDTH, HEIGHT)
    points = Counter(frame.point(each.x, each.y) for each in known if each.geom_type == "Point")
    return Picture(
        ground=frame.ground(reference),
        shapes=frame.path(each for each in known if each.geom_type != "Point"),
        spots=tuple(Spot(x, y, count) for (x, y), count in points.items()),
    )


def _shape(geometry: Mapping[str, Any]) -> BaseGeometry:
    if geometry["type"] == "Point":
        return shapely.Point(*geometry["coordinates"][:2])
    return shapely.geometry.shape(geometry)
