"""The shapes of spatial operators: WGS 84 degrees, longitude first, checked before any engine sees them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geoapp.cql.reading import Misfit
from geoapp.kinds import Invalid
from geoapp.query import Box, read_bbox

# The relation of the left operand to the right one, and the same seen from the right.
RELATIONS: Mapping[str, tuple[str, str]] = {
    "s_intersects": ("intersects", "intersects"),
    "s_equals": ("equals", "equals"),
    "s_disjoint": ("disjoint", "disjoint"),
    "s_touches": ("touches", "touches"),
    "s_within": ("within", "contains"),
    "s_overlaps": ("overlaps", "overlaps"),
    "s_crosses": ("crosses", "crosses"),
    "s_contains": ("contains", "within"),
}
EXPECTED = "a shape in degrees, longitude first, such as POLYGON((43.6 42.1,43.8 42.1,43.8 42.2,43.6 42.1))"


def is_shape(node: Any) -> bool:
    """Whether the operand is a geometry or a box."""
    return isinstance(node, dict) and ("type" in node or "bbox" in node)


def shape_of(node: Mapping[str, Any]) -> BaseGeometry:
    """The shape that an operand gives, in two dimensions; raises Misfit when it is none on this earth."""
    word = str(node.get("type", "bbox")).upper()
    try:
        shape = _box(node["bbox"]) if "bbox" in node else shapely.from_geojson(orjson.dumps(node).decode())
    except (shapely.errors.ShapelyError, Invalid, TypeError, ValueError) as error:
        raise Misfit(EXPECTED, word) from error
    shape = shapely.force_2d(shape)
    # An empty shape relates to nothing, and bounds of one are not numbers.
    bounds = np.array([np.nan] if shape is None or shape.is_empty else shape.bounds)
    inside = bool(np.isfinite(bounds).all()) and _on_earth(*bounds)
    if not inside or not shape.is_valid:
        raise Misfit(EXPECTED, word)
    return shape


def _on_earth(west: float, south: float, east: float, north: float) -> bool:
    return west >= -180 and east <= 180 and south >= -90 and north <= 90


def _box(numbers: Any) -> BaseGeometry:
    return box_of(read_bbox(",".join(str(number) for number in numbers)))


def box_of(box: Box) -> BaseGeometry:
    """The box as a shape; one that crosses 180 degrees is two."""
    west, south, east, north = box
    if west <= east:
        return shapely.box(west, south, east, north)
    return shapely.MultiPolygon([shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)])
