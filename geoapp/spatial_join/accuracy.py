"""How far the drawn line may be off near a point, and the interval that this leaves of a distance."""

from __future__ import annotations

import math

import numpy as np
import shapely

from geoapp.layers import Feature, Layers
from geoapp.spatial_join.plane import Floats, Geometries, Plane, largest_stretch

SHOWN_STEP_M = 100


class LineAccuracy:
    """The 95th percentile of the line's error by stretch, in metres.

    Where no stretch is in reach, or none is known, the figure of the whole line stands.
    """

    def __init__(self, layers: Layers, plane: Plane) -> None:
        self._whole = float(layers.line.accuracy_p95_m or 0.0)
        stretches = [
            (plane.project(feature.geometry), number_of(feature, "accuracy_p95_m") or self._whole)
            for layer in layers.of_role("segments")
            for feature in layer.features
            if feature.geometry is not None
        ]
        self._tree = shapely.STRtree([shape for shape, _ in stretches])
        self._p95 = np.array([p95 for _, p95 in stretches], dtype=np.float64)

    def p95_m(self, points: Geometries, distances: Floats, radii: Floats) -> Floats:
        """Largest 95th percentile (metres) among the stretches that could be the nearest one.

        `points` are planar, `distances` the metres from them to the line, `radii` the metres around them
        within which the place lies. From somewhere in that circle the nearest stretch is at most
        `distance + radius` away, so that from its centre it is at most `distance + 2 * radius`.
        """
        reach = distances + 2 * radii
        reach = reach * largest_stretch(shapely.get_x(points), reach)
        found = np.full(len(points), -1.0)
        pairs = self._tree.query(points, predicate="dwithin", distance=reach)
        np.maximum.at(found, pairs[0], self._p95[pairs[1]])
        return np.where(found < 0, self._whole, found)


def interval_m(metres: float, spread: float) -> tuple[int, int]:
    """Least and largest value of `metres` give or take `spread`, outward to whole 100 m, never below 0."""
    low = math.floor((metres - spread) / SHOWN_STEP_M) * SHOWN_STEP_M
    high = math.ceil((metres + spread) / SHOWN_STEP_M) * SHOWN_STEP_M
    return max(low, 0), high


def number_of(feature: Feature, name: str) -> float:
    """A numeric property of a feature; absent or blank is 0."""
    value = feature.properties.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
