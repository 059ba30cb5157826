"""Reference systems of coordinates (OGC API - Features, Part 2): boxes into WGS 84, features out of it.

The store knows WGS 84 longitude and latitude alone. Offered beside it are latitude and longitude, Web
Mercator, and the UTM zone of the line's middle; each in the order of axes that its definition has.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import orjson
import shapely

from geoapp.kinds import Invalid
from geoapp.query import Box, read_bbox
from geoapp.reference import Reference

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
WGS84, WEB_MERCATOR = 4326, 3857
# Of Web Mercator's sphere; beyond this many radii, sinh has no number.
RADIUS_M, MOST_RADII = 6_378_137.0, 100.0
# Points on each side of a box: between two of them the side of a large box leaves its course by centimetres.
ALONG_A_SIDE = 64
Numbers = Sequence[float]


@dataclass(frozen=True)
class System:
    """A reference system by its address; coordinates are given with so many decimals of its unit."""

    uri: str
    name: str
    expected: str
    decimals: int

    def read_box(self, text: str) -> Box | shapely.Polygon:
        """A box in this system in WGS 84: a box where its sides are meridians and parallels, else a shape.

        Raises Invalid.
        """
        if self.uri == CRS84:
            return read_bbox(text)
        try:
            first, second, third, fourth = map(float, text.split(","))
        except ValueError as error:
            raise Invalid(self.expected) from error
        # False for NaN too.
        if not all(abs(number) <= RADIUS_M * MOST_RADII for number in (first, second, third, fourth)):
            raise Invalid(self.expected)
        if self.name == _name(WGS84):
            return self._degrees([second, fourth], [first, third])
        if first > third or second > fourth:
            raise Invalid(self.expected)
        if self.name == _name(WEB_MERCATOR):
            longitudes = [math.degrees(max(-math.pi, min(x / RADIUS_M, math.pi))) for x in (first, third)]
            latitudes = [math.degrees(math.atan(math.sinh(y / RADIUS_M))) for y in (second, fourth)]
            return self._degrees(longitudes, latitudes)
        return self._shape(shapely.box(first, second, third, fourth))

    def moved(self, features: Iterable[bytes]) -> list[bytes]:
        """The features (GeoJSON in WGS 84) with their coordinates in this system."""
        known = [orjson.loads(each) for each in features]
        points = [point for each in known for point in _points(each["geometry"])]
        if points:
            there = self._transformer.transform([each[0] for each in points], [each[1] for each in points])
            for point, *place in zip(points, *there, strict=True):
                point[:2] = [round(number, self.decimals) for number in place]
        return [orjson.dumps(each) for each in known]

    def _degrees(self, longitudes: Numbers, latitudes: Numbers) -> Box:
        corners = [(round(x, 6), round(y, 6)) for x, y in zip(longitudes, latitudes, strict=True)]
        try:
            return read_bbox(",".join(str(number) for corner in corners for number in corner))
        except Invalid as error:
            raise Invalid(self.expected) from error

    def _shape(self, box: shapely.Polygon) -> shapely.Polygon:
        sides = shapely.segmentize(box, max(box.length / 4 / ALONG_A_SIDE, 1e-3))
        longitudes, latitudes = self._transformer.transform(
            *shapely.get_coordinates(sides).T, direction="INVERSE"
        )
        if not (np.isfinite(longitudes).all() and np.isfinite(latitudes).all()):
            raise Invalid(self.expected)
        return shapely.Polygon(np.column_stack([longitudes, latitudes]).round(7))

    @cached_property
    def _transformer(self) -> Any:
        # Costs some 50 ms, and few ask for another system than the first.
        from pyproj import Transformer

        return Transformer.from_crs("OGC:CRS84", self.name)


def systems_of(reference: Reference) -> Mapping[str, System]:
    """What is offered where this line is, by address; WGS 84 longitude and latitude first."""
    shapes = [each.geometry for each in reference.layers.line.features if each.geometry is not None]
    west, south, east, north = shapely.total_bounds(shapes)
    return _systems(_zone((west + east) / 2, (south + north) / 2) if shapes else None)


@lru_cache
def _systems(zone: int | None) -> Mapping[str, System]:
    degrees = "four numbers in degrees (WGS 84): south,west,north,east, south not above north"
    metres = "four numbers in metres: least easting, least northing, greatest easting, greatest northing"
    listed = [
        System(CRS84, "OGC:CRS84", "west,south,east,north in degrees (WGS 84)", 6),
        System(f"{EPSG}{WGS84}", _name(WGS84), degrees, 6),
        System(f"{EPSG}{WEB_MERCATOR}", _name(WEB_MERCATOR), metres, 2),
    ]
    if zone is not None:
        listed.append(System(f"{EPSG}{zone}", _name(zone), metres, 2))
    return {each.uri: each for each in listed}


def _zone(longitude: float, latitude: float) -> int:
    """EPSG code of the zone of the Universal Transverse Mercator, WGS 84."""
    return (32600 if latitude >= 0 else 32700) + min(int((longitude + 180) // 6) + 1, 60)


def _name(code: int) -> str:
    return f"EPSG:{code}"


def _points(geometry: Mapping[str, Any] | None) -> Iterator[list[float]]:
    """Every position of a GeoJSON geometry, as the list that stands in it."""
    if geometry is None:
        return
    if "geometries" in geometry:
        for each in geometry["geometries"]:
            yield from _points(each)
        return
    yield from _positions(geometry["coordinates"])


def _positions(coordinates: list[Any]) -> Iterator[list[float]]:
    if coordinates and not isinstance(coordinates[0], list):
        yield coordinates
        return
    for each in coordinates:
        yield from _positions(each)
