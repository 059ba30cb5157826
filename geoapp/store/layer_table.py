"""Features of a reference layer, asked through the same filters as incidents: a table in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from threading import Lock
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    create_engine,
    func,
    insert,
    select,
)
from sqlalchemy.pool import StaticPool

from geoapp.cql import Expression, Queryable, Shaped, condition
from geoapp.cql.queryables import Type
from geoapp.cql.spatial import box_of
from geoapp.layers import Layer
from geoapp.query import Box
from geoapp.store.dialect import SQLite

_SQL: Mapping[Type, Any] = {"text": Text, "number": Float, "boolean": Boolean}
_TYPES: Mapping[str, Type] = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
}
_JSON: Mapping[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
GEOMETRY = {
    "description": "The geometry, WGS 84 longitude and latitude; null where the position is not known.",
    "format": "geometry-any",
    "x-ogc-role": "primary-geometry",
}


class LayerTable:
    """One layer. Any thread may use it: its one connection is used by one at a time."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.names = tuple(dict.fromkeys(name for each in layer.features for name in each.properties))
        self._lock = Lock()
        self._dialect = SQLite()

    @cached_property
    def features(self) -> tuple[bytes, ...]:
        """Every feature as JSON, in the order of the file; a property that one lacks is null."""
        raw = orjson.loads(self.layer.content)["features"]
        return tuple(
            orjson.dumps(
                {
                    "type": "Feature",
                    "id": each.id,
                    "geometry": own["geometry"],
                    "properties": {name: each.properties.get(name) for name in self.names},
                }
            )
            for each, own in zip(self.layer.features, raw, strict=True)
        )

    @cached_property
    def schema(self) -> dict[str, dict[str, Any]]:
        """JSON Schema of every property, from the values that occur."""
        return {name: {"type": self._types(name)} for name in self.names}

    @cached_property
    def queryables(self) -> Mapping[str, Queryable]:
        """What a filter may name: the geometry and every property with single values of one type."""
        found = {
            name: Queryable(
                name=name, type=kind, json_schema=self.schema[name], columns=(self._table.c[column],)
            )
            for name, (column, kind) in self._columns.items()
        }
        shape = Queryable(name="geometry", type="geometry", json_schema=GEOMETRY, shaped=self._shaped())
        return found | {"geometry": shape}

    def positions(self, box: Box | None, expression: Expression | None, sortby: Sequence[str]) -> list[int]:
        """Positions in `features` of those that meet box (WGS 84 degrees) and expression, in that order.

        Raises BadParameters when the expression asks for what the layer does not have.
        """
        meant = []
        if box is not None:
            meant.append(self._relates("intersects", box_of(box)))
        if expression is not None:
            meant.append(condition(expression, self.queryables, self._dialect))
        position = self._table.c.position
        asked = select(position).where(*meant).order_by(*map(self._order, sortby), position)
        with self._lock, self._engine.connect() as connection:
            return list(connection.execute(asked).scalars())

    def _order(self, key: str) -> ColumnElement[Any]:
        column = self._table.c[self._columns[key.removeprefix("-")][0]]
        return column.desc() if key.startswith("-") else column.asc()

    def _types(self, name: str) -> list[str]:
        values = [each.properties.get(name) for each in self.layer.features]
        listed = dict.fromkeys(_JSON.get(type(value), "object") for value in values if value is not None)
        return [*listed, *(["null"] if None in values or not listed else [])]

    @cached_property
    def _columns(self) -> Mapping[str, tuple[str, Type]]:
        """Column and type of every property that can be asked for; columns are numbered, names are data."""
        found = {}
        for number, name in enumerate(self.names):
            present = {_TYPES.get(kind) for kind in self.schema[name]["type"] if kind != "null"}
            if len(present) == 1 and (kind := present.pop()) is not None:
                found[name] = (f"p{number}", kind)
        return found

    @cached_property
    def _table(self) -> Table:
        listed = [Column(column, _SQL[kind]) for column, kind in self._columns.values()]
        fixed = (Column("position", Integer, primary_key=True), Column("geometry", LargeBinary))
        return Table("features", MetaData(), *fixed, *listed)

    @cached_property
    def _engine(self) -> Engine:
        engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
        self._dialect.prepare(engine, read_only=False)
        rows = [
            {
                "position": position,
                "geometry": None if each.geometry is None else shapely.to_wkb(each.geometry),
            }
            | {column: each.properties.get(name) for name, (column, _) in self._columns.items()}
            for position, each in enumerate(self.layer.features)
        ]
        with engine.begin() as connection:
            self._table.create(connection)
            if rows:
                connection.execute(insert(self._table), rows)
        return engine

    def _shaped(self) -> Shaped:
        return Shaped(relates=self._relates, is_null=self._table.c.geometry.is_(None))

    def _relates(self, relation: str, shape: BaseGeometry) -> ColumnElement[bool]:
        geometry = self._table.c.geometry
        return func.geoapp_shape_relates(relation, shape.wkb_hex, geometry, type_=Boolean).is_(True)
