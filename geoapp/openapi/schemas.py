"""The schemas of the description. OpenAPI 3.0 knows no type `null`: what may be absent is `nullable`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]
_KEPT = ("$schema", "$id", "x-ogc-role")
_LINK: Schema = {
    "type": "object",
    "required": ["href", "rel"],
    "properties": {name: {"type": "string"} for name in ("href", "rel", "type", "hreflang", "title")},
}
_LINKS: Schema = {"type": "array", "items": {"$ref": "#/components/schemas/Link"}}
_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
HEADERS: Schema = {
    name: {"description": text, "schema": {"type": "string"}}
    for name, text in {
        "ETag": "Validator for If-None-Match.",
        "Last-Modified": "When the data last changed.",
        "Content-Crs": "Reference system of the coordinates, where there are any.",
    }.items()
}


def _object(required: list[str], **properties: Schema) -> Schema:
    return {"type": "object", "required": required, "properties": properties}


FIXED: Mapping[str, Schema] = {
    "Link": _LINK,
    "LandingPage": _object(["links"], title=_TEXT, description=_TEXT, links=_LINKS),
    "Conformance": _object(["conformsTo"], conformsTo={"type": "array", "items": _TEXT}),
    "Document": {"type": "object"},
    "Collection": _object(
        ["id", "links"],
        id=_TEXT,
        title=_TEXT,
        description=_TEXT,
        extent={"type": "object"},
        itemType=_TEXT,
        crs={"type": "array", "items": _TEXT},
        storageCrs=_TEXT,
        links=_LINKS,
    ),
    "Collections": _object(
        ["links", "collections"],
        links=_LINKS,
        collections={"type": "array", "items": {"$ref": "#/components/schemas/Collection"}},
    ),
    "Geometry": {
        "type": "object",
        "nullable": True,
        "required": ["type", "coordinates"],
        "properties": {
            "type": {
                "type": "string",
                "enum": [
                    *("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"),
                ],
            },
            "coordinates": {"type": "array", "items": {}},
        },
    },
    "Problem": _object(
        ["type", "title", "status", "detail"],
        type=_TEXT,
        title=_TEXT,
        status={"type": "integer"},
        detail=_TEXT,
        errors={"type": "array", "items": {"type": "object"}},
    ),
}


def feature(properties: Mapping[str, Any]) -> Schema:
    """A GeoJSON Feature with these properties (JSON Schema each); `properties=` may leave some out."""
    return _object(
        ["type", "id", "geometry", "properties"],
        type={"type": "string", "enum": ["Feature"]},
        id=_TEXT,
        geometry={"$ref": "#/components/schemas/Geometry"},
        properties={
            "type": "object",
            "properties": {name: openapi_schema(each) for name, each in properties.items()},
        },
        links=_LINKS,
    )


def feature_collection(name: str) -> Schema:
    """A page of such Features."""
    return _object(
        ["type", "features", "links", "numberReturned"],
        type={"type": "string", "enum": ["FeatureCollection"]},
        numberMatched=_COUNT,
        numberReturned=_COUNT,
        dataset_version=_COUNT,
        links=_LINKS,
        features={"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}},
    )


def openapi_schema(schema: Any) -> Any:
    """A JSON Schema (2020-12) in the words of OpenAPI 3.0."""
    if isinstance(schema, list):
        return [openapi_schema(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    found = {name: openapi_schema(each) for name, each in schema.items() if name not in _KEPT}
    kinds = found.get("type")
    if isinstance(kinds, list):
        return _of_types(found, kinds)
    options = [each for each in found.get("anyOf", []) if each != {"type": "null"}]
    if "anyOf" in found and len(options) < len(found["anyOf"]):
        del found["anyOf"]
        inner = options[0] if len(options) == 1 else {"anyOf": options}
        return found | _nullable(inner)
    return found


def _nullable(schema: Schema) -> Schema:
    """`nullable` needs a type beside it, and a list of values must hold null to allow it."""
    found = schema | {"nullable": True}
    if "enum" in found:
        found["enum"] = [*found["enum"], None]
    return found if "type" in found else found | {"type": "string"}


def _of_types(schema: Schema, kinds: list[str]) -> Schema:
    rest = {name: each for name, each in schema.items() if name != "type"}
    named = [kind for kind in kinds if kind != "null"]
    options: list[Schema] = [{"type": kind} | ({"items": {}} if kind == "array" else {}) for kind in named]
    inner = options[0] if len(options) == 1 else {"anyOf": options} if options else {"type": "string"}
    return rest | (_nullable(inner) if "null" in kinds and len(options) < 2 else inner)
