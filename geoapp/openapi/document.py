"""The whole description: paths, parameters, answers. What it lists is what the API answers, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geoapp.openapi import schemas
from geoapp.query import Parameter

JSON = "application/json"
GEOJSON = "application/geo+json"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
HTML = "text/html"
PROBLEM = "application/problem+json"
VERSION = "1.0.0"
ITEM_ID: Mapping[str, Any] = {
    "name": "featureId",
    "in": "path",
    "required": True,
    "description": "Id of a feature.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[A-Za-z0-9_-]+$"},
}
# Parameters whose values are lists are written with commas, as OGC API - Features has them.
LISTED: Mapping[str, Any] = {"style": "form", "explode": False}
Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What the description says of one collection; `default_limit` is the number of features on a page.

    `parameters` are those of its items, `item_parameters` those of them that one item takes beside `f`.
    """

    name: str
    title: str
    properties: Mapping[str, Any]
    parameters: Sequence[Parameter]
    item_parameters: Sequence[Parameter]
    default_limit: int


def document(server: str, title: str, text: str, collections: Iterable[Described]) -> Body:
    """The description of an API at `server`, the absolute address of its landing page."""
    known = list(collections)
    paths: Body = {
        "/": _get("getLandingPage", "Landing page", JSON, "LandingPage"),
        "/conformance": _get("getConformance", "Conformance classes", JSON, "Conformance"),
        "/openapi.json": _get("getOpenApi", "This description", OPENAPI, "Document"),
        "/collections": _get("getCollections", "Collections", JSON, "Collections"),
    }
    for each in known:
        paths |= _paths(each)
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "description": text, "version": VERSION},
        "servers": [{"url": server}],
        "tags": [{"name": each.name, "description": each.title} for each in known],
        "paths": paths,
        "components": {
            "parameters": _components(known),
            "schemas": dict(schemas.FIXED)
            | {_feature_name(each): schemas.feature(each.properties) for each in known}
            | {_features_name(each): schemas.feature_collection(_feature_name(each)) for each in known},
            "responses": _failures(),
        },
    }


def _feature_name(known: Described) -> str:
    return f"{known.name}_feature"


def _features_name(known: Described) -> str:
    return f"{known.name}_features"


def _paths(known: Described) -> Body:
    root, tag = f"/collections/{known.name}", [known.name]
    form = [{"$ref": "#/components/parameters/f"}]
    own = [{"$ref": f"#/components/parameters/{_key(known, each)}"} for each in known.parameters]
    one = [{"$ref": f"#/components/parameters/{_key(known, each)}"} for each in known.item_parameters]
    about = {"tags": tag}
    named = known.title
    items = _get(f"{known.name}.getFeatures", f"{named}: features", GEOJSON, _features_name(known), own)
    item = _get(f"{known.name}.getFeature", f"{named}: one", GEOJSON, _feature_name(known), [*form, *one])
    item["parameters"] = [dict(ITEM_ID)]
    item["get"]["responses"]["410"] = {"$ref": "#/components/responses/Gone"}
    listed = {
        root: _get(f"{known.name}.describe", f"{named}: description", JSON, "Collection"),
        f"{root}/queryables": _get(
            f"{known.name}.getQueryables", f"{named}: queryables", SCHEMA, "Document", form
        ),
        f"{root}/schema": _get(f"{known.name}.getSchema", f"{named}: schema", SCHEMA, "Document", form),
        f"{root}/items": items,
        f"{root}/items/{{featureId}}": item,
    }
    for path in listed.values():
        path["get"] |= about
    return listed


def _get(
    identifier: str,
    summary: str,
    media_type: str,
    schema: str,
    parameters: Sequence[Body] | None = None,
) -> Body:
    shape = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    content: Body = {
        media_type: shape,
        JSON: shape,
        HTML: {"schema": {"type": "string"}},
    }
    answers: Body = {"200": {"description": summary, "headers": schemas.HEADERS, "content": content}}
    answers["304"] = {"description": "As the reader has it already."}
    for status, name in (("400", "BadRequest"), ("404", "NotFound"), ("406", "NotAcceptable")):
        answers[status] = {"$ref": f"#/components/responses/{name}"}
    answers["503"] = {"$ref": "#/components/responses/Unavailable"}
    listed = [{"$ref": "#/components/parameters/f"}] if parameters is None else list(parameters)
    return {
        "get": {"operationId": identifier, "summary": summary, "parameters": listed, "responses": answers}
    }


def _key(known: Described, parameter: Parameter) -> str:
    """Shared ones stand once under their own name, where GDAL looks for `limit`; others by collection."""
    return f"{known.name}.{parameter.name}" if parameter.name == "sortby" else parameter.name


def _components(known: Sequence[Described]) -> Body:
    found: Body = {}
    for each in known:
        for parameter in each.parameters:
            found.setdefault(_key(each, parameter), _parameter(parameter, each.default_limit))
    return found


def _parameter(parameter: Parameter, default_limit: int) -> Body:
    schema = dict(parameter.json_schema)
    if parameter.name == "limit":
        schema |= {"default": default_limit}
    told = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.meaning,
        "required": False,
        "schema": schema,
    }
    return told | dict(LISTED)


def _failures() -> Body:
    said = {
        "BadRequest": "A parameter is unknown or has a value that cannot be used; all faults are listed.",
        "NotFound": "Nothing is known under this address.",
        "NotAcceptable": "None of the forms offered is taken.",
        "Gone": "The record was removed; the reason is told.",
        "Unavailable": "The database does not answer; `Retry-After` says when to ask again.",
    }
    shape = {"schema": {"$ref": "#/components/schemas/Problem"}}
    content = {PROBLEM: shape, HTML: {"schema": {"type": "string"}}}
    return {name: {"description": text, "content": content} for name, text in said.items()}
