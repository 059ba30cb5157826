"""What a CQL2 filter may name of an incident, derived from the schema, and the columns that answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Column, ColumnElement, and_, select

from geoapp.cql import Queryable, Shaped
from geoapp.cql.queryables import Condition, Type
from geoapp.incident import INCIDENT_FIELDS, JOINED_PROPERTIES, Field
from geoapp.kinds import DAY
from geoapp.store.dialect import Dialect
from geoapp.store.rows import day_number
from geoapp.store.schema import JOINED_PREFIX, incident_links, incidents, is_list

# Lists that are kept as links, by the name of the links; other lists cannot be asked for.
ARRAYS: Mapping[str, str] = {"actors": "actor", "areas": "area", "parties": "party"}
_TYPES: Mapping[str, Type] = {"text": "text", "integer": "number", "real": "number"}
POINT = {
    "description": "The point, WGS 84 longitude and latitude.",
    "format": "geometry-point",
    "x-ogc-role": "primary-geometry",
}
INTERVAL = {
    "description": "The days that the incident covers at the precision of its date, an interval: what the "
    "parameter `datetime` intersects. For T_INTERSECTS and the other temporal operators.",
    "type": "string",
}
GROUP = {"description": "Group of kinds, as the parameter `group`.", "type": "string"}


def incident_queryables(dialect: Dialect) -> Mapping[str, Queryable]:
    """Every name that a filter of incidents may use, in the order of the schema."""
    listed = [
        *(_of_field(each, "") for each in INCIDENT_FIELDS),
        _scalar("group", "text", GROUP, incidents.c.category_group),
        *(_of_field(each, JOINED_PREFIX) for each in JOINED_PROPERTIES),
        Queryable(
            name="datetime",
            type="interval",
            json_schema=INTERVAL,
            columns=(incidents.c.day_from, incidents.c.day_to),
            encode=day_number,
        ),
        Queryable(name="geometry", type="geometry", json_schema=POINT, shaped=_point(dialect)),
    ]
    return {each.name: each for each in listed if each is not None}


def _of_field(field: Field, prefix: str) -> Queryable | None:
    schema = {"description": field.meaning} | dict(field.kind.json_schema)
    if field.name in ARRAYS:
        return _array(field.name, ARRAYS[field.name], schema)
    if is_list(field):
        return None
    return _scalar(field.name, _type_of(field), schema, incidents.c[prefix + field.name])


def _type_of(field: Field) -> Type:
    if field.kind is DAY:
        return "day"
    if field.kind.json_schema.get("type") == "boolean":
        return "boolean"
    return _TYPES[field.kind.sql]


def _scalar(name: str, kind: Type, schema: Mapping[str, Any], column: Column[Any]) -> Queryable:
    return Queryable(name=name, type=kind, json_schema=schema, columns=(column,))


def _array(name: str, link: str, schema: Mapping[str, Any]) -> Queryable:
    named = select(incident_links.c.incident_key).where(incident_links.c.name == link)

    def having(values: Sequence[str]) -> Condition:
        return incidents.c.key.in_(named.where(incident_links.c.value.in_(values)))

    def others(values: Sequence[str]) -> Condition:
        return incidents.c.key.in_(named.where(incident_links.c.value.not_in(values)))

    return Queryable(name=name, type="array", json_schema=schema, having=having, others=others)


def _point(dialect: Dialect) -> Shaped:
    longitude, latitude = incidents.c.joined_longitude, incidents.c.joined_latitude

    def relates(relation: str, shape: BaseGeometry) -> ColumnElement[bool]:
        exact = dialect.relates(relation, longitude, latitude, shape)
        if relation == "disjoint":
            return and_(longitude.is_not(None), exact)
        # Every other relation needs a common point: the box spares most rows the exact answer.
        west, south, east, north = shape.bounds
        near = and_(longitude.between(west, east), latitude.between(south, north))
        indexed = dialect.in_box((west, south, east, north))
        return and_(indexed, near, exact)

    return Shaped(relates=relates, is_null=longitude.is_(None))
