"""The map's shell by folium: a Leaflet map and the elements that hang our modules onto it.

Folium renders once per process and gets numbers and our own addresses alone. branca renders what it
has rendered once more as a template, so a text that a person wrote would be executed here: incidents,
layer features, titles and credits reach the browser by other ways (`geoapp.web.readers.mapdata`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from branca.element import Figure, MacroElement
from folium import Map
from folium.elements import JSCSSMixin
from folium.template import Template
from shapely.geometry.base import BaseGeometry

MIN_ZOOM, MAX_ZOOM = 6, 16
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


class BoundaryMap(Map):
    """A folium map with a fixed id that brings no asset, tile or header of its own."""

    # Its own lists: `add_js_link` and the like would else change folium's for every later map.
    default_js: list[tuple[str, str]] = []
    default_css: list[tuple[str, str]] = []

    def __init__(self, bounds: Bounds) -> None:
        west, south, east, north = bounds
        center = [round((south + north) / 2, 5), round((west + east) / 2, 5)]
        super().__init__(location=center, tiles=None, zoom_start=9)
        self._id = "shell"
        # Without tiles folium drops these, so they are set on the options themselves.
        self.options |= {
            "minZoom": MIN_ZOOM,
            "maxZoom": MAX_ZOOM,
            "zoomSnap": 0.25,
            "zoomDelta": 1,
            "attributionControl": False,
            "maxBoundsViscosity": 0.8,
            "zoomAnimation": False,
        }


class ModuleElement(JSCSSMixin, MacroElement):
    """An element of ours in the map's script."""

    default_js: list[tuple[str, str]] = []
    default_css: list[tuple[str, str]] = []

    def __init__(self, name: str, **values: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self._id = name, "shell"
        self.values = values


class Engine(ModuleElement):
    """Imports the engine and puts it on the map; what follows hangs onto it."""

    _template = Template(
        """{% macro script(this, kwargs) %}
import { createBoundaryMap } from {{ this.values["module"]|tojson }};
const engine_shell = createBoundaryMap(
    {{ this._parent.get_name() }}, { bounds: {{ this.values["bounds"]|tojson }} }
);
{% endmacro %}"""
    )


class ReferenceLayers(ModuleElement):
    """The reference layers, which the engine reads from the page's configuration."""

    _template = Template(
        "{% macro script(this, kwargs) %}\nengine_shell.addReferenceLayers();\n{% endmacro %}"
    )


class Incidents(ModuleElement):
    """The incidents as binary columns."""

    _template = Template(
        """{% macro script(this, kwargs) %}
engine_shell.addIncidents({{ this.values["manifest"]|tojson }}, {{ this.values["chunks"]|tojson }});
{% endmacro %}"""
    )


class TimelineHook(ModuleElement):
    """Tells the page that the map stands, so that timeline and filters can take hold of it."""

    _template = Template("{% macro script(this, kwargs) %}\nengine_shell.announce();\n{% endmacro %}")


def bounds_of(geometries: Iterable[BaseGeometry]) -> Bounds:
    """West, south, east, north in WGS 84 degrees around all of them; the whole world when there is none."""
    boxes = [geometry.bounds for geometry in geometries]
    if not boxes:
        return (-180.0, -60.0, 180.0, 75.0)
    west, south, east, north = (list(edge) for edge in zip(*boxes, strict=True))
    return round(min(west), 4), round(min(south), 4), round(max(east), 4), round(max(north), 4)


def build(bounds: Bounds, addresses: Addresses) -> Shell:
    """Render the shell for a map that shows `bounds` (degrees, WGS 84) at first."""
    shell = BoundaryMap(bounds)
    for element in (
        Engine("engine", module=addresses.module, bounds=list(bounds)),
        Incidents("incidents", manifest=addresses.manifest, chunks=addresses.chunks),
        ReferenceLayers("reference_layers"),
        TimelineHook("timeline_hook"),
    ):
        shell.add_child(element)
    figure = shell.get_root()
    assert isinstance(figure, Figure)
    for child in figure._children.values():
        child.render()
    return Shell(body=figure.html.render().strip(), script=figure.script.render().strip() + "\n")
