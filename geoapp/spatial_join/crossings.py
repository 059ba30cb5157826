"""Which crossing points could be the nearest to an incident on its day, and in what state they were."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely

from geoapp.layers import Feature
from geoapp.spatial_join.accuracy import interval_m, number_of
from geoapp.spatial_join.plane import GEOD, SMALLEST_RADIUS_M, Flags, Floats, Indices, Plane

CROSSING_POINT = "crossing_point"
CELLS_AT_ONCE = 2_000_000

StateOn = Callable[[str, date], str]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The crossing points that could be the nearest, nearest first; `note` says why none is named."""

    note: str | None
    candidates: tuple[dict[str, Any], ...] = ()

    @property
    def id(self) -> str | None:
        """Key of the nearest crossing point, where only one can be."""
        return None if self.note else self.candidates[0]["id"]

    @property
    def state(self) -> str | None:
        """State of that crossing point on the day."""
        return None if self.note else self.candidates[0]["state"]


class Crossings:
    """The crossing points with a position; outside their `from` and `to` days they do not count."""

    def __init__(self, checkpoints: Sequence[Feature], plane: Plane, state_on: StateOn) -> None:
        self._plane, self._state_on = plane, state_on
        self._known = [
            each
            for each in checkpoints
            if each.properties.get("kind") == CROSSING_POINT and each.geometry is not None
        ]
        points = [each.geometry for each in self._known]
        self._longitudes: Floats = np.asarray(shapely.get_x(points), dtype=np.float64)
        self._latitudes: Floats = np.asarray(shapely.get_y(points), dtype=np.float64)
        self._planar = plane.to_plane(self._longitudes, self._latitudes)
        self._precision = np.array([number_of(each, "precision_m") for each in self._known], dtype=np.float64)
        self._first = np.array([_ordinal(each, "from", date.min) for each in self._known], dtype=np.int64)
        self._last = np.array([_ordinal(each, "to", date.max) for each in self._known], dtype=np.int64)
        self._states: dict[tuple[int, date], str] = {}

    def nearest(
        self, longitudes: Floats, latitudes: Floats, radii: Floats, days: Sequence[date]
    ) -> list[Nearest]:
        """The crossing points that could be nearest to each point (degrees, known within `radii` metres)."""
        if not self._known:
            return [Nearest("none")] * len(days)
        step = max(1, CELLS_AT_ONCE // len(self._known))
        found: list[Nearest] = []
        for begin in range(0, len(days), step):
            part = slice(begin, begin + step)
            found += self._chunk(longitudes[part], latitudes[part], radii[part], days[part])
        return found

    def _chunk(
        self, longitudes: Floats, latitudes: Floats, radii: Floats, days: Sequence[date]
    ) -> list[Nearest]:
        ordinals = np.array([day.toordinal() for day in days], dtype=np.int64)[:, None]
        exists = (self._first <= ordinals) & (ordinals <= self._last)
        rows, columns = self._possible(longitudes, latitudes, radii, exists)
        here, there = (
            (longitudes[rows], latitudes[rows]),
            (self._longitudes[columns], self._latitudes[columns]),
        )
        metres: Floats = np.asarray(GEOD.inv(*here, *there)[2], dtype=np.float64)
        spread = radii[rows] + self._precision[columns]
        least_high = np.full(len(days), np.inf)
        np.minimum.at(least_high, rows, metres + spread)
        keep = metres - spread <= least_high[rows]
        rows, columns, metres, spread = rows[keep], columns[keep], metres[keep], spread[keep]
        listed: list[list[dict[str, Any]]] = [[] for _ in days]
        for index in np.lexsort((metres, rows)):
            row = int(rows[index])
            low, high = interval_m(float(metres[index]), float(spread[index]))
            listed[row].append(self._describe(int(columns[index]), low, high, days[row]))
        return [_judge(candidates) for candidates in listed]

    def _possible(
        self, longitudes: Floats, latitudes: Floats, radii: Floats, exists: Flags
    ) -> tuple[Indices, Indices]:
        """Pairs (point, crossing) that a bound from the plane cannot rule out; its scale is 1 or larger."""
        x, y = (axis[:, None] for axis in self._plane.to_plane(longitudes, latitudes))
        spread = radii[:, None] + self._precision
        with np.errstate(invalid="ignore", over="ignore"):  # beyond the projection: nothing is ruled out
            planar = np.hypot(x - self._planar[0], y - self._planar[1])
            low = planar / np.cosh((np.abs(x) + planar) / SMALLEST_RADIUS_M) - spread
            high = np.where(exists & np.isfinite(planar), planar + spread, np.inf)
            ruled_out = low > high.min(axis=1, keepdims=True) + 1.0
        rows, columns = np.nonzero(exists & ~ruled_out)
        return rows, columns

    def _describe(self, index: int, low: int, high: int, day: date) -> dict[str, Any]:
        crossing = self._known[index]
        key = (index, day)
        if key not in self._states:
            self._states[key] = self._state_on(crossing.id, day)
        name = str(crossing.properties.get("name") or crossing.id)
        return {"id": crossing.id, "name": name, "min_m": low, "max_m": high, "state": self._states[key]}


def _judge(candidates: list[dict[str, Any]]) -> Nearest:
    if not candidates:
        return Nearest("none")
    return Nearest("not_determinable" if len(candidates) > 1 else None, tuple(candidates))


def _ordinal(feature: Feature, name: str, unknown: date) -> int:
    text = feature.properties.get(name)
    return (date.fromisoformat(text) if text else unknown).toordinal()
