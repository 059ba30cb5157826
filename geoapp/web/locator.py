"""A small map of one place, drawn on the server as SVG: line, band, radius, places; nothing is fetched."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from geoapp.gazetteer import Place
from geoapp.reference import Reference

WIDTH, HEIGHT = 480, 400
KM_PER_DEGREE = 111.2
# Least half width of the picture in kilometres, so that a village still shows what lies around it.
LEAST_KM, MARGIN = 6.0, 1.25
MOST_LABELS = 9
GRATICULES = (1 / 12, 1 / 6, 0.5, 1.0)
SCALES_KM = (1, 2, 5, 10, 20, 50)


@dataclass(frozen=True)
class Label:
    """A named point of the picture, in pixels; `end` puts the text left of the dot."""

    x: float
    y: float
    text: str
    end: bool
    main: bool


@dataclass(frozen=True)
class Tick:
    """One line of the graticule: its path and the text at its end."""

    path: str
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Locator:
    """Everything that the template draws, in pixels of a 480 x 400 picture."""

    line: str
    band: str
    rivers: str
    alternative: str
    x: float
    y: float
    radius: float
    labels: tuple[Label, ...]
    ticks: tuple[Tick, ...]
    scale_px: float
    scale_text: str
    width: int = WIDTH
    height: int = HEIGHT


class _Frame:
    """Degrees (WGS 84) to pixels around a point: equirectangular, true in scale at its middle latitude."""

    def __init__(self, longitude: float, latitude: float, half_km: float) -> None:
        self.pixels_per_km = WIDTH / 2 / half_km
        self.per_degree = KM_PER_DEGREE * self.pixels_per_km
        self.shrink = math.cos(math.radians(latitude))
        self.longitude, self.latitude = longitude, latitude
        dx, dy = WIDTH / 2 / (self.per_degree * self.shrink), HEIGHT / 2 / self.per_degree
        self.bounds = (longitude - dx, latitude - dy, longitude + dx, latitude + dy)
        # A little beyond the edge, so that the cut itself is never seen.
        self.box = shapely.box(
            longitude - dx * 1.05, latitude - dy * 1.05, longitude + dx * 1.05, latitude + dy * 1.05
        )

    def point(self, longitude: float, latitude: float) -> tuple[float, float]:
        return (
            round(WIDTH / 2 + (longitude - self.longitude) * self.shrink * self.per_degree, 1),
            round(HEIGHT / 2 - (latitude - self.latitude) * self.per_degree, 1),
        )

    def path(self, geometries: Iterable[BaseGeometry | None]) -> str:
        """SVG path of what lies in the frame."""
        parts = []
        for geometry in geometries:
            if geometry is None or not shapely.intersects(geometry, self.box):
                continue
            for ring, closed in _rings(shapely.intersection(geometry, self.box)):
                points = [self.point(*each[:2]) for each in ring]
                parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + ("Z" if closed else ""))
        return "".join(parts)


def _rings(geometry: BaseGeometry) -> Iterable[tuple[Sequence[tuple[float, ...]], bool]]:
    for part in getattr(geometry, "geoms", [geometry]):
        if part.geom_type == "Polygon":
            yield list(part.exterior.coords), True
            for hole in part.interiors:
                yield list(hole.coords), True
        elif part.geom_type == "LineString":
            yield list(part.coords), False


def draw(
    longitude: float,
    latitude: float,
    radius_m: float,
    reference: Reference,
    place_id: str | None,
    half_km: float = LEAST_KM,
) -> Locator:
    """The picture around a point (WGS 84 degrees) that is known to `radius_m` metres.

    It reaches `half_km` kilometres to each side, farther where the radius asks for it.
    """
    frame = _Frame(longitude, latitude, max(half_km, radius_m / 1000 * MARGIN))
    shapes = {
        role: frame.path(each.geometry for layer in reference.layers.of_role(role) for each in layer.features)
        for role in ("line", "band", "basemap_rivers", "alternative")
    }
    x, y = frame.point(longitude, latitude)
    scale = max(km for km in SCALES_KM if km * frame.pixels_per_km <= WIDTH / 3 or km == SCALES_KM[0])
    return Locator(
        line=shapes["line"], band=shapes["band"], rivers=shapes["basemap_rivers"],
        alternative=shapes["alternative"],
        x=x, y=y, radius=round(radius_m / 1000 * frame.pixels_per_km, 1),
        labels=tuple(_labels(frame, reference, place_id)),
        ticks=tuple(_ticks(frame)),
        scale_px=round(scale * frame.pixels_per_km, 1), scale_text=f"{scale} km",
    )  # fmt: skip


def _labels(frame: _Frame, reference: Reference, place_id: str | None) -> Iterable[Label]:
    """Names that find room: the record's own place first, then towns, then the nearest to the middle."""
    inside = [
        (place, *frame.point(place.longitude, place.latitude))
        for place in reference.gazetteer
        if place.longitude is not None and place.latitude is not None and not place.is_derived
    ]
    west, south, east, north = 6, 30, WIDTH - 6, HEIGHT - 34
    inside = [(place, x, y) for place, x, y in inside if west < x < east and south < y < north]

    def rank(entry: tuple[Place, float, float]) -> tuple[bool, bool, float]:
        place, x, y = entry
        return (place.id != place_id, place.kind != "town", math.hypot(x - WIDTH / 2, y - HEIGHT / 2))

    # The mark in the middle is drawn last and must not be written over.
    taken = [(WIDTH / 2 - 14, HEIGHT / 2 - 14, WIDTH / 2 + 14, HEIGHT / 2 + 14)]
    shown = 0
    for place, x, y in sorted(inside, key=rank):
        main = place.id == place_id
        width = len(place.name_en) * (8.6 if main else 7.2) + 10
        for end in (False, True):
            box = (x - width, y - 9, x + 4, y + 9) if end else (x - 4, y - 9, x + width, y + 9)
            at = y + 24 if main and math.hypot(x - WIDTH / 2, y - HEIGHT / 2) < 16 else y
            box = (box[0], box[1] + at - y, box[2], box[3] + at - y)
            if box[0] > 0 and box[2] < WIDTH and not any(_meet(box, other) for other in taken):
                taken.append(box)
                yield Label(x, at, place.name_en, end, main)
                shown += 1
                break
        if shown == MOST_LABELS:
            return


Box = tuple[float, float, float, float]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _ticks(frame: _Frame) -> Iterable[Tick]:
    # A point at a pole, or one known to a continent only, has a frame that reaches round the world.
    west, east = max(frame.bounds[0], -180.0), min(frame.bounds[2], 180.0)
    south, north = max(frame.bounds[1], -90.0), min(frame.bounds[3], 90.0)
    step = next((each for each in GRATICULES if (east - west) / each <= 4), GRATICULES[-1])
    for number in range(math.ceil(west / step), math.floor(east / step) + 1):
        x, _ = frame.point(number * step, south)
        yield Tick(f"M{x:g} 0V{HEIGHT}", x + 3, 12, _degrees(number * step, "E", "W"))
    for number in range(math.ceil(south / step), math.floor(north / step) + 1):
        _, y = frame.point(west, number * step)
        if 24 < y < HEIGHT - 24:
            yield Tick(f"M0 {y:g}H{WIDTH}", WIDTH - 48, y - 4, _degrees(number * step, "N", "S"))


def _degrees(value: float, positive: str, negative: str) -> str:
    minutes = round(abs(value) * 60)
    return f"{minutes // 60}°{minutes % 60:02d}′ {positive if value >= 0 else negative}"
