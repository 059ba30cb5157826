"""A plane in metres for planar geometry, chosen from the data: the program knows no place.

It is a transverse Mercator projection whose central meridian runs through the middle of the data, so
that there is no zone to fall out of. Planar results choose candidates; the metres that are given out
are geodesic (`pyproj.Geod`) or say how far they may be off.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]
Geometries = NDArray[Any]  # numpy has no type for arrays of shapely geometries

GEOD = pyproj.Geod(ellps="WGS84")
WGS84 = pyproj.CRS.from_epsg(4326)
SMALLEST_RADIUS_M = 6_335_000.0  # least radius of curvature of WGS 84: the scale is never underestimated
# An edge is straight in longitude and latitude (RFC 7946, 3.1.1). Where a whole edge is projected, it is
# cut into pieces this long (about 1 km), which bend off their chord by less than 0.1 m at 60 degrees.
PIECE_DEGREES = 0.01


class Plane:
    """Transverse Mercator about the middle longitude of some geometries (WGS 84), in metres."""

    def __init__(self, geometries: Sequence[shapely.Geometry]) -> None:
        coordinates = shapely.get_coordinates(list(geometries))
        self.central_longitude = middle_longitude(coordinates[:, 0])
        self._to_plane = _about(self.central_longitude)

    def to_plane(self, longitudes: Floats, latitudes: Floats) -> tuple[Floats, Floats]:
        """Eastings and northings in metres; infinite where the projection does not reach."""
        x, y = self._to_plane.transform(longitudes, latitudes)
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)

    def points(self, longitudes: Floats, latitudes: Floats) -> Geometries:
        """Planar points; points beyond the reach of the projection are put 100,000 km away."""
        x, y = self.to_plane(longitudes, latitudes)
        planar: Geometries = shapely.points(np.nan_to_num(x, posinf=1e8), np.nan_to_num(y, posinf=1e8))
        return planar

    def project(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """The geometry in the plane, its edges following the straight edges of longitude and latitude."""
        fine = shapely.segmentize(geometry, PIECE_DEGREES)
        return shapely.transform(fine, self._transform_pairs)

    def _transform_pairs(self, pairs: Floats) -> Floats:
        return np.column_stack(self.to_plane(pairs[:, 0], pairs[:, 1]))


@lru_cache(maxsize=8)
def _about(central_longitude: float) -> pyproj.Transformer:
    """From degrees to the plane; any thread may use it. Making one takes longer than a small batch's join."""
    described = {"proj": "tmerc", "lat_0": 0, "lon_0": central_longitude, "k": 1, "ellps": "WGS84"}
    return pyproj.Transformer.from_crs(WGS84, pyproj.CRS.from_dict(described), always_xy=True)


def middle_longitude(longitudes: Floats) -> float:
    """Middle of the extent of some longitudes in degrees, across the antimeridian where that is shorter."""
    if not longitudes.size:
        return 0.0
    spans = []
    for shifted in (longitudes, np.mod(longitudes, 360.0)):
        low, high = float(shifted.min()), float(shifted.max())
        spans.append((high - low, (low + high) / 2))
    middle = min(spans)[1]
    return middle - 360.0 if middle > 180.0 else middle


def largest_stretch(x: Floats, reach: Floats) -> Floats:
    """By how much the scale of the plane can vary within `reach` metres of the eastings `x`, as a ratio >= 1.

    The scale of transverse Mercator grows with the distance from the central meridian as
    cosh(x / R), and is 1 there; its largest value over its smallest bounds the ratio.
    """
    far = (np.abs(x) + reach) / SMALLEST_RADIUS_M
    near = np.maximum(np.abs(x) - reach, 0.0) / SMALLEST_RADIUS_M
    # Spheroid against sphere changes the ratio in its second order only; 1 per million covers that.
    return np.asarray(np.cosh(far) / np.cosh(near) + 1e-6, dtype=np.float64)
