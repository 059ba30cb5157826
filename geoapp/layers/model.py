"""What a reference layer is once it has been read and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geoapp.errors import Problem

GEOJSON = "application/geo+json"
WEBP = "image/webp"


@dataclass(frozen=True, slots=True)
class Role:
    """What layers of one role may hold and must state about themselves."""

    meaning: str
    geometries: tuple[str, ...]
    media_type: str = GEOJSON
    needs_ids: bool = True
    needs_accuracy: bool = False
    may_lack_geometry: bool = False
    at_least: int = 0
    at_most: int | None = None


_LINES, _AREAS = ("LineString", "MultiLineString"), ("Polygon", "MultiPolygon")
ROLES: Mapping[str, Role] = {
    "line": Role("the line that distances refer to", _LINES, needs_accuracy=True, at_least=1, at_most=1),
    "segments": Role("the line by stretch, each with its accuracy", _LINES, needs_accuracy=True, at_most=1),
    "band": Role("estimated error of the line", _AREAS, at_most=1),
    "alternative": Role("another version of the line, for comparison", _LINES, needs_accuracy=True),
    "areas": Role("areas to filter by", _AREAS),
    "checkpoints": Role("crossings, posts and the like", ("Point",), may_lack_geometry=True),
    "places": Role("named places", ("Point",), may_lack_geometry=True),
    "basemap_land": Role("land of the basemap", _AREAS, needs_ids=False),
    "basemap_lines": Role("coast, lakes and administrative lines", _LINES + _AREAS, needs_ids=False),
    "basemap_rivers": Role("rivers of the basemap", _LINES, needs_ids=False),
    "relief": Role("shaded relief, rows in Web Mercator", (), media_type=WEBP, needs_ids=False),
}


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a layer; `geometry` is in WGS 84 degrees, None where the position is not known."""

    id: str
    geometry: BaseGeometry | None
    properties: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One file of reference data and what is known about it.

    `accuracy_p95_m` is the 95th percentile of the error in metres; `bounds` (west, south, east, north in
    WGS 84 degrees) places an image; `style` maps a use to the name of a CSS variable; `as_of` is a year,
    a month or a day.
    """

    name: str
    role: str
    title: str
    file: str
    source: str
    licence: str
    credit: str
    as_of: str
    licence_url: str | None = None
    accuracy: str | None = None
    accuracy_p95_m: float | None = None
    note: str | None = None
    visible: bool = False
    collection: bool = False
    bounds: tuple[float, float, float, float] | None = None
    style: Mapping[str, str] = field(default_factory=dict)
    content: bytes = field(repr=False)

    @property
    def media_type(self) -> str:
        """The media type of `content`."""
        return ROLES[self.role].media_type

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the file's bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def features(self) -> tuple[Feature, ...]:
        """The features in the order of the file, read on first use; none for an image."""
        return () if self.media_type != GEOJSON else read_features(self.content)

    def feature(self, identifier: str) -> Feature | None:
        """The feature with this id, or None."""
        return self._by_id.get(identifier)

    @cached_property
    def _by_id(self) -> Mapping[str, Feature]:
        return {feature.id: feature for feature in self.features}


def read_features(content: bytes) -> tuple[Feature, ...]:
    """The features of a GeoJSON text that was checked before; shapes are WGS 84 degrees."""
    return tuple(
        Feature(
            feature_id(raw),
            shapely.from_geojson(orjson.dumps(raw["geometry"]).decode()) if raw["geometry"] else None,
            raw["properties"] or {},
        )
        for raw in orjson.loads(content)["features"]
    )


def feature_id(raw: Mapping[str, Any]) -> str:
    """The id of a GeoJSON feature: its own member, else its property `id`, else ""."""
    found = raw.get("id", (raw.get("properties") or {}).get("id", ""))
    return str(found)


class Layers(Mapping[str, Layer]):
    """All layers by name, in the order of `layers.toml`; `warnings` are faults that refuse nothing."""

    def __init__(self, layers: Mapping[str, Layer], warnings: tuple[Problem, ...] = ()) -> None:
        self._layers = dict(layers)
        self.warnings = warnings

    def __getitem__(self, name: str) -> Layer:
        return self._layers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._layers)

    def __len__(self) -> int:
        return len(self._layers)

    def of_role(self, role: str) -> list[Layer]:
        """The layers of one role, in order."""
        return [layer for layer in self.values() if layer.role == role]

    @property
    def line(self) -> Layer:
        """The one layer that distances refer to."""
        return self.of_role("line")[0]

    @cached_property
    def hash(self) -> str:
        """SHA-256 over the names and contents of all layers, in hexadecimal."""
        listed = "\n".join(f"{name} {self[name].sha256}" for name in sorted(self))
        return hashlib.sha256(listed.encode()).hexdigest()
