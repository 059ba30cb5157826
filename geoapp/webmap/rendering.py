"""The map's shell by folium: a Leaflet map and the elements that hang our modules onto it.

Folium renders once per process and gets numbers and our own addresses alone. branca renders what it
has rendered once more as a template, so a text that a person wrote would be executed here: incidents,
layer features, titles and credits reach the browser by other ways (`geoapp.web.readers.mapdata`).
"""

from __future__ import annotations

from typing import Any

from branca.element import Figure, MacroElement
from folium import Map
from folium.elements import JSCSSMixin
from folium.template import Template

from geoapp.webmap.model import Addresses, Bounds, Shell

MIN_ZOOM, MAX_ZOOM = 6, 16


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
