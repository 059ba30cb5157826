"""Small maps drawn on the server as SVG: frame, graticule, scale, and names that find room."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from geoapp.gazetteer import Gazetteer, Place
from geoapp.reference import Reference
from geoapp.web.language import gettext, pgettext

KM_PER_DEGREE = 111.2
GRATICULES = (1 / 12, 1 / 6, 0.5, 1.0)
SCALES_KM = (1, 2, 5, 10, 20, 50)

Box = tuple[float, float, float, float]


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
class Ground:
    """What every small map stands on, in pixels: the line on its band, rivers, graticule and scale.

    `templates/sketch.html` draws it.
    """

    line: str
    band: str
    rivers: str
    ticks: tuple[Tick, ...]
    scale_px: float
    scale_text: str
    width: int
    height: int


@dataclass(frozen=True)
class Frame:
    """Degrees (WGS 84) to pixels around a point: equirectangular, true in scale at its middle latitude.

    The picture is `width` by `height` pixels and reaches `half_km` kilometres to the left and right.
    """

    longitude: float
    latitude: float
    half_km: float
    width: int
    height: int

    @property
    def pixels_per_km(self) -> float:
        """Pixels of one kilometre."""
        return self.width / 2 / self.half_km

    @property
    def _per_degree(self) -> float:
        return KM_PER_DEGREE * self.pixels_per_km

    @property
    def _shrink(self) -> float:
        return math.cos(math.radians(self.latitude))

    def _reach(self, factor: float) -> Box:
        dx = self.width / 2 / (self._per_degree * self._shrink) * factor
        dy = self.height / 2 / self._per_degree * factor
        return (self.longitude - dx, self.latitude - dy, self.longitude + dx, self.latitude + dy)

    @property
    def bounds(self) -> Box:
        """West, south, east, north of the picture in degrees."""
        return self._reach(1)

    def point(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Pixel of a point in degrees."""
        return (
            round(self.width / 2 + (longitude - self.longitude) * self._shrink * self._per_degree, 1),
            round(self.height / 2 - (latitude - self.latitude) * self._per_degree, 1),
        )

    def path(self, geometries: Iterable[BaseGeometry | None]) -> str:
        """SVG path of what lies in the frame."""
        # A little beyond the edge, so that the cut itself is never seen.
        box = shapely.box(*self._reach(1.05))
        parts = []
        for geometry in geometries:
            if geometry is None or not shapely.intersects(geometry, box):
                continue
            for ring, closed in _rings(shapely.intersection(geometry, box)):
                points = [self.point(*each[:2]) for each in ring]
                parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + ("Z" if closed else ""))
        return "".join(parts)

    def layer(self, reference: Reference, role: str) -> str:
        """SVG path of every layer with that role."""
        layers = reference.layers.of_role(role)
        return self.path(feature.geometry for layer in layers for feature in layer.features)

    def places(self, gazetteer: Gazetteer, *inside: float) -> Iterator[tuple[Place, float, float]]:
        """Places that a source puts inside this box of pixels (left, top, right, bottom), and where."""
        left, top, right, bottom = inside
        for place in gazetteer:
            if place.longitude is None or place.latitude is None or place.is_derived:
                continue
            x, y = self.point(place.longitude, place.latitude)
            if left < x < right and top < y < bottom:
                yield place, x, y

    def ground(self, reference: Reference) -> Ground:
        """The line, its band and what helps to read distances, in this frame."""
        scale_px, scale_text = self.scale()
        return Ground(
            line=self.layer(reference, "line"),
            band=self.layer(reference, "band"),
            rivers=self.layer(reference, "basemap_rivers"),
            ticks=tuple(self.ticks()),
            scale_px=scale_px,
            scale_text=scale_text,
            width=self.width,
            height=self.height,
        )

    def scale(self) -> tuple[float, str]:
        """A round length that fills up to a third of the width: in pixels, and in words."""
        fitting = [km for km in SCALES_KM if km * self.pixels_per_km <= self.width / 3]
        km = max(fitting, default=SCALES_KM[0])
        return round(km * self.pixels_per_km, 1), gettext("%(number)s km", number=km)

    def ticks(self) -> Iterator[Tick]:
        """The graticule, at most about four lines each way."""
        # A point at a pole, or one known to a continent only, has a frame that reaches round the world.
        west, south, east, north = self.bounds
        west, east, south, north = max(west, -180.0), min(east, 180.0), max(south, -90.0), min(north, 90.0)
        step = next((each for each in GRATICULES if (east - west) / each <= 4), GRATICULES[-1])
        for number in range(math.ceil(west / step), math.floor(east / step) + 1):
            x, _ = self.point(number * step, south)
            yield Tick(f"M{x:g} 0V{self.height}", x + 3, 12, _degrees(number * step, *east_west()))
        for number in range(math.ceil(south / step), math.floor(north / step) + 1):
            _, y = self.point(west, number * step)
            if 24 < y < self.height - 24:
                text = _degrees(number * step, *north_south())
                left = self.width - max(48, round(6.2 * len(text)))
                yield Tick(f"M0 {y:g}H{self.width}", left, y - 4, text)


@dataclass
class Room:
    """The part of a picture that is taken already; names go only where they cover nothing."""

    width: int
    taken: list[Box] = field(default_factory=list)
    # Pixels for each letter of a main name, where small screens show those larger than on a wide one.
    main_letter: float = 8.6

    def label(self, x: float, y: float, text: str, *, main: bool, drop: float = 0) -> Label | None:
        """The name beside its dot, `drop` pixels lower; None where there is no room.

        It goes towards the middle where it can: on paper letters are larger, and would be cut at the edge.
        """
        long = len(text) * (self.main_letter if main else 7.2) + 10
        first = x > self.width / 2 and not main
        for end in (first, not first):
            left, right = (x - long, x + 4) if end else (x - 4, x + long)
            box = (left, y + drop - 9, right, y + drop + 9)
            if left > 0 and right < self.width and not any(_meet(box, other) for other in self.taken):
                self.taken.append(box)
                return Label(x, y + drop, text, end, main)
        return None


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _rings(geometry: BaseGeometry) -> Iterator[tuple[Sequence[tuple[float, ...]], bool]]:
    for part in getattr(geometry, "geoms", [geometry]):
        if part.geom_type == "Polygon":
            yield list(part.exterior.coords), True
            for hole in part.interiors:
                yield list(hole.coords), True
        elif part.geom_type == "LineString":
            yield list(part.coords), False


def east_west() -> tuple[str, str]:
    """The letters behind a longitude."""
    return pgettext("direction", "E"), pgettext("direction", "W")


def north_south() -> tuple[str, str]:
    """The letters behind a latitude."""
    return pgettext("direction", "N"), pgettext("direction", "S")


def _degrees(value: float, positive: str, negative: str) -> str:
    minutes = round(abs(value) * 60)
    return f"{minutes // 60}°{minutes % 60:02d}′ {positive if value >= 0 else negative}"
