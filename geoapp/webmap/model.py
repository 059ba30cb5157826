"""What the map's shell is, and what it is made from; nothing here needs folium."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the shell finds its parts; all of them addresses of this site made by the program."""

    module: str
    manifest: str
    chunks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What folium rendered: the map's element, and its script as an ES module with its hash."""

    body: str
    script: str

    @property
    def script_hash(self) -> str:
        """First 16 hexadecimal digits of the script's SHA-256."""
        return hashlib.sha256(self.script.encode()).hexdigest()[:16]


def bounds_of(geometries: Iterable[BaseGeometry]) -> Bounds:
    """West, south, east, north in WGS 84 degrees around all of them; the whole world when there is none."""
    boxes = [geometry.bounds for geometry in geometries]
    if not boxes:
        return (-180.0, -60.0, 180.0, 75.0)
    west, south, east, north = (list(edge) for edge in zip(*boxes, strict=True))
    return round(min(west), 4), round(min(south), 4), round(max(east), 4), round(max(north), 4)
