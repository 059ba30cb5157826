"""The documents that describe the API and its collections, as JSON-able values."""

from __future__ import annotations

from typing import Any

from flask import url_for

from geoapp.openapi.document import OPENAPI
from geoapp.web import context
from geoapp.web.api.answers import Link, link, path_of
from geoapp.web.api.collections import Collection, all_collections
from geoapp.web.api.negotiation import GEOJSON, HTML, JSON, SCHEMA
from geoapp.web.api.systems import CRS84

FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
CRS = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs"
FILTERING = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"
CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf"
# What holds, and no more: functions, arithmetic and arrays on both sides are not offered.
CONFORMS_TO = (
    *(f"{FEATURES}/{name}" for name in ("core", "oas30", "html", "geojson")),
    CRS,
    *(f"{FILTERING}/{name}" for name in ("queryables", "filter", "features-filter")),
    *(
        f"{CQL2}/{name}"
        for name in (
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "accent-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "spatial-functions",
            "temporal-functions",
        )
    ),
)
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
TITLE = "Boundary incidents"
DESCRIPTION = (
    "Dated incidents along a contested line, each with what every side says and a link to where it says so. "
    "OGC API - Features 1.0; the same filters as the map, the list and the exports."
)


def landing(own: list[Link]) -> dict[str, Any]:
    """What `/api` says."""
    links = [
        *own,
        link("service-desc", path_of("openapi"), OPENAPI, "The API in OpenAPI 3.0"),
        link("service-doc", path_of("openapi", f="html"), HTML, "The API for people"),
        link("conformance", path_of("conformance"), JSON, "Conformance classes"),
        link("data", path_of("collections"), JSON, "Collections"),
        link(
            "describedby",
            url_for("analysts.catalogue"),
            "application/ld+json",
            "Everything, as a DCAT catalog",
        ),
    ]
    return {"title": TITLE, "description": DESCRIPTION, "links": links}


def conformance(own: list[Link]) -> dict[str, Any]:
    """What `/api/conformance` says."""
    return {"conformsTo": list(CONFORMS_TO), "links": own}


def collections(own: list[Link]) -> dict[str, Any]:
    """What `/api/collections` says."""
    listed = [described(each, _entry_links(each)) for each in all_collections().values()]
    return {"links": own, "collections": listed}


def collection(known: Collection, own: list[Link]) -> dict[str, Any]:
    """What `/api/collections/<name>` says."""
    return described(known, [*own, *_collection_links(known)])


def described(known: Collection, links: list[Link]) -> dict[str, Any]:
    """A collection with these links."""
    extent: dict[str, Any] = {}
    if known.box is not None:
        extent["spatial"] = {"bbox": [list(known.box)], "crs": CRS84}
    if known.days is not None:
        days = [day.isoformat() for day in known.days]
        interval = [f"{days[0]}T00:00:00Z", f"{days[1]}T23:59:59Z"]
        trs = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
        extent["temporal"] = {"interval": [interval], "trs": trs}
    told: dict[str, Any] = {"id": known.name, "title": known.title, "description": known.description}
    if extent:
        told["extent"] = extent
    credit = known.credit
    return told | {
        "itemType": "feature",
        "crs": list(known.systems),
        "storageCrs": CRS84,
        "license": credit.licence,
        "attribution": credit.credit,
        "links": links,
    }


def queryables(known: Collection) -> dict[str, Any]:
    """JSON Schema of what a filter may name."""
    listed = {name: dict(each.json_schema) for name, each in known.queryables.items()}
    return _schema(known, "queryables", listed) | {"additionalProperties": False}


def schema(known: Collection) -> dict[str, Any]:
    """JSON Schema of the properties of a feature, and of its geometry."""
    geometry = {"geometry": dict(known.queryables["geometry"].json_schema)}
    return _schema(known, "schema", dict(known.properties) | geometry)


def _schema(known: Collection, endpoint: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": DIALECT,
        "$id": context.absolute_url(path_of(endpoint, name=known.name)),
        "type": "object",
        "title": known.title,
        "properties": properties,
    }


def _entry_links(known: Collection) -> list[Link]:
    path = path_of("collection", name=known.name)
    return [link("self", path, JSON, known.title), *_collection_links(known)]


def _collection_links(known: Collection) -> list[Link]:
    items = path_of("items", name=known.name)
    found = [
        link("items", items, GEOJSON, f"{known.title}: features"),
        link("items", path_of("items", name=known.name, f="html"), HTML, f"{known.title}: features"),
        link(QUERYABLES, path_of("queryables", name=known.name), SCHEMA, "What a filter may name"),
        link("describedby", path_of("schema", name=known.name), SCHEMA, "JSON Schema of a feature"),
    ]
    if known.credit.url:
        kind = {"rel": "license", "href": known.credit.url, "title": known.credit.licence}
        found.append(kind)
    return found
