"""Which crossing points could be the nearest to an incident on its day, and in what state they were."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import shapely

from geoapp.layers import Feature
from geoapp.spatial_join.accuracy import interval_m, number_of
from geoapp.spatial_join.plane import GEOD, SMALLEST_RADIUS_M, Flags, Floats, Indices, Plane

CROSSING_POINT = "crossing_point"
# Few enough that the distances of one go stay in the processor's own memory.
CELLS_AT_ONCE = 200_000
RIM_BEARINGS = 360
# Between two bearings the rim is at most half a step away, and a difference of two distances changes at
# most twice as fast as the place: with this much granted, no crossing is left out that could be nearest.
RIM_SLACK = 2 * math.pi / RIM_BEARINGS
_BEARINGS = np.arange(RIM_BEARINGS) * (2 * math.pi / RIM_BEARINGS)
_RIM = np.stack([np.cos(_BEARINGS), np.sin(_BEARINGS)])

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


class _Pairs(NamedTuple):
    """Points (rows, ascending) with crossings (columns), and the geodesic metres between them."""

    rows: Indices
    columns: Indices
    metres: Floats


class _Candidate(NamedTuple):
    """A crossing that could be the nearest, by its column, and the interval of its distance in metres."""

    column: int
    min_m: int
    max_m: int


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
        self._names = [str(each.properties.get("name") or each.id) for each in self._known]
        self._states: dict[tuple[int, date], str] = {}

    def nearest(
        self, longitudes: Floats, latitudes: Floats, radii: Floats, days: Sequence[date]
    ) -> list[Nearest]:
        """The crossing points that could be nearest to each point (degrees, known within `radii` metres)."""
        if not self._known or not len(days):
            return [Nearest("none")] * len(days)
        ordinals = np.array([day.toordinal() for day in days], dtype=np.int64)[:, None]
        exists = (self._first <= ordinals) & (ordinals <= self._last)
        # Incidents crowd at the points of the gazetteer: each case is worked out once.
        cases, owners = np.unique(
            np.column_stack([longitudes, latitudes, radii, exists]), axis=0, return_inverse=True
        )
        step = max(1, CELLS_AT_ONCE // (len(self._known) * RIM_BEARINGS))
        listed: list[list[_Candidate]] = []
        for begin in range(0, len(cases), step):
            listed += self._candidates(cases[begin : begin + step])
        return [self._judge(listed[owner], day) for owner, day in zip(owners.reshape(-1), days, strict=True)]

    def _candidates(self, cases: Floats) -> list[list[_Candidate]]:
        """The crossings that could be nearest, for rows of longitude, latitude, radius, existence of each."""
        longitudes, latitudes, radii = cases[:, 0], cases[:, 1], cases[:, 2]
        x, y = self._plane.to_plane(longitudes, latitudes)
        rows, columns = self._in_question(x, y, radii, cases[:, 3:] > 0)
        to_crossing = self._longitudes[columns], self._latitudes[columns]
        metres: Floats = np.asarray(
            GEOD.inv(longitudes[rows], latitudes[rows], *to_crossing)[2], dtype=np.float64
        )
        keep = np.bincount(rows, minlength=len(cases))[rows] == 1  # no other is in question: nothing to try
        open_rows, open_columns, open_metres = rows[~keep], columns[~keep], metres[~keep]
        keep[~keep] = self._could_be_nearest(_Pairs(open_rows, open_columns, open_metres), x, y, radii)
        rows, columns, metres = rows[keep], columns[keep], metres[keep]
        spread = radii[rows] + self._precision[columns]
        listed: list[list[_Candidate]] = [[] for _ in cases]
        for index in np.lexsort((metres, rows)):
            bounds = interval_m(float(metres[index]), float(spread[index]))
            listed[rows[index]].append(_Candidate(int(columns[index]), *bounds))
        return listed

    def _in_question(self, x: Floats, y: Floats, radii: Floats, exists: Flags) -> tuple[Indices, Indices]:
        """Pairs (point, crossing) that bounds of their distances cannot rule out, ordered by point.

        The scale of the plane is 1 or larger, so that planar distances are upper bounds.
        """
        spread = radii[:, None] + self._precision
        with np.errstate(invalid="ignore", over="ignore"):  # beyond the projection: nothing is ruled out
            planar = np.hypot(x[:, None] - self._planar[0], y[:, None] - self._planar[1])
            low = planar / np.cosh((np.abs(x[:, None]) + planar) / SMALLEST_RADIUS_M) - spread
            high = np.where(exists & np.isfinite(planar), planar + spread, np.inf)
            ruled_out = low > high.min(axis=1, keepdims=True)
        rows, columns = np.nonzero(exists & ~ruled_out)
        return rows, columns

    def _could_be_nearest(self, pairs: _Pairs, x: Floats, y: Floats, radii: Floats) -> Flags:
        """Whether some place within the radius has this crossing nearer than every other, within precisions.

        Moving straight towards a crossing never makes another one gain on it. So it is enough to try
        the rim of the circle, and a crossing inside the circle can always be the nearest.
        """
        if not len(pairs.rows):
            return np.empty(0, dtype=np.bool_)
        rim = radii[pairs.rows, None]
        precision = self._precision[pairs.columns, None]
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            dx = self._planar[0][pairs.columns] - x[pairs.rows]
            dy = self._planar[1][pairs.columns] - y[pairs.rows]
            scale = np.where(pairs.metres > 0, np.hypot(dx, dy) / pairs.metres, 1.0)[:, None]
            toward = np.column_stack([dx, dy]) / scale
            # Law of cosines: the square of the distance from every place on the rim to the crossing.
            squares = pairs.metres[:, None] ** 2 + rim**2 - 2 * rim * (toward @ _RIM)
            metres = np.sqrt(np.maximum(squares, 0.0))
            starts = np.flatnonzero(np.diff(pairs.rows, prepend=-1))
            least = np.minimum.reduceat(metres + precision, starts, axis=0)
            owner = np.cumsum(np.diff(pairs.rows, prepend=-1) > 0) - 1
            beaten = metres - precision > least[owner] + RIM_SLACK * rim
        inside: Flags = pairs.metres <= radii[pairs.rows]
        return np.asarray(inside | ~beaten.all(axis=1), dtype=np.bool_)

    def _judge(self, candidates: Sequence[_Candidate], day: date) -> Nearest:
        if not candidates:
            return Nearest("none")
        listed = tuple(self._describe(candidate, day) for candidate in candidates)
        return Nearest("not_determinable" if len(listed) > 1 else None, listed)

    def _describe(self, candidate: _Candidate, day: date) -> dict[str, Any]:
        crossing = self._known[candidate.column]
        key = (candidate.column, day)
        if key not in self._states:
            self._states[key] = self._state_on(crossing.id, day)
        return {
            "id": crossing.id,
            "name": self._names[candidate.column],
            "min_m": candidate.min_m,
            "max_m": candidate.max_m,
            "state": self._states[key],
        }


def _ordinal(feature: Feature, name: str, unknown: date) -> int:
    text = feature.properties.get(name)
    return (date.fromisoformat(text) if text else unknown).toordinal()
