"""The collections of the API: the incidents, and every reference layer that offers itself as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import orjson
import shapely
from flask import current_app, g

from geoapp.cql import Queryable
from geoapp.errors import NotFound
from geoapp.export.credits import INCIDENTS as LICENCE
from geoapp.incident import json_schema
from geoapp.layers import Layer
from geoapp.query import FILTERS, Box, Filters, Pairs, Parameter
from geoapp.store.items import places
from geoapp.store.layer_table import LayerTable
from geoapp.web import context
from geoapp.web.api import parameters
from geoapp.web.api.parameters import Asked, Limits
from geoapp.web.api.systems import System, systems_of

Place = tuple[Any, ...]
_PROPERTIES: Mapping[str, Any] = json_schema()["properties"]
INCIDENTS = "incidents"
ABOUT_INCIDENTS = (
    "Dated events along the line, each with what every side says and a link to where it says so. "
    "Dates cover days, months, years or intervals; retracted incidents are found where they are named."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some features as JSON, how many match in all, and where the next page begins, if anywhere."""

    matched: int
    features: Sequence[bytes]
    next: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Licence by name and address, and whom to credit."""

    licence: str
    url: str
    credit: str


class Collection(Protocol):
    """What every collection offers; boxes are WGS 84 degrees."""

    @property
    def name(self) -> str:
        """Its name in addresses."""

    @property
    def title(self) -> str:
        """Its name for people."""

    @property
    def description(self) -> str:
        """What it holds, in a sentence or two."""

    @property
    def credit(self) -> Credit:
        """Its licence."""

    @property
    def systems(self) -> Mapping[str, System]:
        """The reference systems that it is offered in, by address."""

    @property
    def box(self) -> Box | None:
        """West, south, east, north of everything in it, or None where nothing has a place."""

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day, or None where features have no time."""

    @property
    def properties(self) -> Mapping[str, Any]:
        """JSON Schema of each property."""

    @property
    def queryables(self) -> Mapping[str, Queryable]:
        """What a filter may name."""

    @property
    def parameters(self) -> Sequence[Parameter]:
        """What its items may be asked."""

    def read(self, pairs: Pairs) -> Asked:
        """A request for its items; raises BadParameters."""

    def page(self, asked: Asked) -> Page:
        """The features asked for; raises BadParameters for a filter that does not fit."""

    def feature(self, identifier: str) -> bytes:
        """One feature as JSON; raises NotFound and Gone."""

    def count(self) -> int:
        """How many there are."""


class Incidents:
    """The incidents of the store."""

    name = INCIDENTS
    title = "Incidents"
    description = ABOUT_INCIDENTS
    credit = Credit(licence=LICENCE.name, url=LICENCE.url, credit=LICENCE.credit)

    def __init__(self, systems: Mapping[str, System]) -> None:
        self.systems = systems

    @property
    def box(self) -> Box | None:
        """The box of all points, WGS 84 degrees."""
        return context.view().items.extent().box

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day that any of them covers."""
        return context.view().items.extent().days

    @property
    def properties(self) -> Mapping[str, Any]:
        """JSON Schema of each property of a Feature."""
        return _PROPERTIES

    @property
    def queryables(self) -> Mapping[str, Queryable]:
        """What a filter may name."""
        return context.view().items.queryables()

    @property
    def parameters(self) -> Sequence[Parameter]:
        """The shared vocabulary and what the API adds."""
        return [*FILTERS.values(), *parameters.own(tuple(self.systems)).values()]

    def read(self, pairs: Pairs) -> Asked:
        """A request in the shared vocabulary; raises BadParameters."""
        limits = Limits(properties=tuple(self.properties), systems=self.systems, place_types=places)
        return parameters.read_incidents(pairs, context.vocabulary(), limits)

    def page(self, asked: Asked) -> Page:
        """The Features asked for, as the last commit wrote them; raises BadParameters."""
        found = context.view().items.page(asked.filters, asked.expression, asked.place)
        return Page(matched=found.matched, features=found.features, next=found.next)

    def feature(self, identifier: str) -> bytes:
        """The Feature of one incident, a retracted one too; raises NotFound and Gone."""
        return context.view().items.one(identifier)

    def count(self) -> int:
        """How many are not retracted."""
        return context.view().count(Filters())


class LayerFeatures:
    """The features of one reference layer."""

    days = None

    def __init__(self, layer: Layer, systems: Mapping[str, System]) -> None:
        self._layer, self._table, self.systems = layer, LayerTable(layer), systems
        self.name, self.title = layer.name, layer.title
        self.description = " ".join(filter(None, (layer.note, layer.accuracy, f"Source: {layer.source}.")))

    @property
    def credit(self) -> Credit:
        """The licence of the layer; a feature may carry another as its property."""
        layer = self._layer
        return Credit(licence=layer.licence, url=layer.licence_url or "", credit=layer.credit)

    @property
    def box(self) -> Box | None:
        """The box around all shapes, WGS 84 degrees."""
        shapes = [each.geometry for each in self._layer.features if each.geometry is not None]
        if not shapes:
            return None
        west, south, east, north = map(float, shapely.total_bounds(shapes))
        return west, south, east, north

    @property
    def properties(self) -> Mapping[str, Any]:
        """JSON Schema of each property, from the values that occur."""
        return self._table.schema

    @property
    def queryables(self) -> Mapping[str, Queryable]:
        """What a filter may name."""
        return self._table.queryables

    @property
    def parameters(self) -> Sequence[Parameter]:
        """What the API adds, and of the shared vocabulary what layers take."""
        shared = [FILTERS[name] for name in parameters.OF_LAYERS if name != "sortby"]
        added = parameters.own(tuple(self.systems)).values()
        return [*shared, parameters.sort_parameter(self._sortable), *added]

    @property
    def _sortable(self) -> list[str]:
        return [name for name in self.queryables if name != "geometry"]

    def read(self, pairs: Pairs) -> Asked:
        """A request; `datetime` narrows nothing, for the features have no time. Raises BadParameters."""
        limits = Limits(
            properties=tuple(self.properties),
            systems=self.systems,
            place_types=lambda _: [int],
            sortable=self._sortable,
        )
        return parameters.read_features(pairs, limits)

    def page(self, asked: Asked) -> Page:
        """The features asked for; raises BadParameters."""
        filters = asked.filters
        found = self._table.positions(filters.bbox, asked.expression, filters.sortby)
        start = max(asked.place[0], 0) if asked.place else 0
        end = start + (filters.limit or parameters.DEFAULT_LIMIT)
        features = [self._table.features[position] for position in found[start:end]]
        return Page(matched=len(found), features=features, next=(end,) if end < len(found) else None)

    def feature(self, identifier: str) -> bytes:
        """One feature; raises NotFound."""
        for position, each in enumerate(self._layer.features):
            if each.id == identifier:
                return self._table.features[position]
        raise NotFound(f"feature of {self.name}", identifier)

    def count(self) -> int:
        """How many there are."""
        return len(self._layer.features)


def all_collections() -> dict[str, Collection]:
    """Every collection by name; those of layers are kept until the reference data change."""
    if "collections" not in g:
        reference = context.reference()
        kept = current_app.extensions.get("geoapp.collections")
        if kept is None or kept[0] != reference.hash:
            systems = systems_of(reference)
            listed: list[Collection] = [Incidents(systems)]
            layers = [layer for layer in reference.layers.values() if layer.collection]
            listed += [LayerFeatures(layer, systems) for layer in layers]
            kept = current_app.extensions["geoapp.collections"] = (reference.hash, listed)
        g.collections = {each.name: each for each in kept[1]}
    found: dict[str, Collection] = g.collections
    return found


def collection(name: str) -> Collection:
    """One collection; raises NotFound."""
    known = all_collections()
    if name not in known:
        raise NotFound("collection", name, known)
    return known[name]


def selected(feature: bytes, names: Sequence[str]) -> bytes:
    """The feature with these of its properties alone."""
    known = orjson.loads(feature)
    known["properties"] = {name: known["properties"][name] for name in names}
    return orjson.dumps(known)
