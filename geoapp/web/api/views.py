"""The addresses below `/api`: each reads its request, asks one function and answers in the form chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from geoapp import openapi as description
from geoapp.errors import BadParameters, Fault
from geoapp.openapi import Described
from geoapp.openapi.document import OPENAPI
from geoapp.web import context
from geoapp.web.api import answers, cursors, documents, faces
from geoapp.web.api.answers import link, own_links, path_of
from geoapp.web.api.collections import Collection, all_collections, selected
from geoapp.web.api.collections import collection as named
from geoapp.web.api.negotiation import GEOJSON, HTML, JSON, SCHEMA, media_type
from geoapp.web.api.parameters import DEFAULT_LIMIT, Asked, crs_parameter, read_crs
from geoapp.web.security import open_to_other_sites

blueprint = Blueprint("api", __name__)
blueprint.after_request(open_to_other_sites)
Body = dict[str, Any]


@blueprint.get("/api", strict_slashes=False)
def landing() -> Response:
    """Where the API begins."""
    return _document(documents.landing, faces.landing, JSON)


@blueprint.get("/api/conformance")
def conformance() -> Response:
    """The conformance classes that hold."""
    return _document(documents.conformance, faces.conformance, JSON)


@blueprint.get("/api/openapi.json")
def openapi() -> Response:
    """The description of the API, as OpenAPI 3.0 or for people."""
    return _document(lambda _: _described(), faces.openapi, OPENAPI, JSON)


@blueprint.get("/api/collections")
def collections() -> Response:
    """Every collection."""
    return _document(documents.collections, faces.collections, JSON)


@blueprint.get("/api/collections/<name>")
def collection(name: str) -> Response:
    """One collection; raises NotFound."""
    known = named(name)
    return _document(
        lambda own: documents.collection(known, own), lambda body: faces.collection(known, body), JSON
    )


@blueprint.get("/api/collections/<name>/queryables")
def queryables(name: str) -> Response:
    """What a filter may name; raises NotFound."""
    known = named(name)
    return _document(
        lambda _: documents.queryables(known), lambda body: faces.schema(known, body), SCHEMA, JSON
    )


@blueprint.get("/api/collections/<name>/schema")
def schema(name: str) -> Response:
    """JSON Schema of a feature; raises NotFound."""
    known = named(name)
    return _document(lambda _: documents.schema(known), lambda body: faces.schema(known, body), SCHEMA, JSON)


@blueprint.get("/api/collections/<name>/items")
def items(name: str) -> Response:
    """Features of a collection, as far as the filters leave them; raises NotFound and BadParameters."""
    known = named(name)
    asked = known.read(request.args.items(multi=True))
    chosen = media_type(GEOJSON, JSON)
    return answers.known_already(chosen) or _items(
        known, faces.bounded(asked) if chosen == HTML else asked, chosen
    )


@blueprint.get("/api/collections/<name>/items/<identifier>")
def item(name: str, identifier: str) -> Response:
    """One feature; raises NotFound and Gone."""
    known = named(name)
    system = known.systems[read_crs(request.args.items(multi=True), tuple(known.systems))]
    chosen = media_type(GEOJSON, JSON)
    if known_already := answers.known_already(chosen):
        return known_already
    content = known.feature(identifier)
    if chosen == HTML:
        return answers.page(faces.item(known, content))
    links = own_links(chosen, chosen)
    links.append(link("collection", path_of("collection", name=name), JSON, known.title))
    return answers.feature(content, links, chosen, system)


def _items(known: Collection, asked: Asked, chosen: str) -> Response:
    page = known.page(asked)
    links = own_links(chosen, GEOJSON, pairs=asked.pairs)
    if page.next is not None:
        cursor = cursors.write(context.dataset().number, asked.filters.sortby, page.next)
        links.append(answers.next_link(chosen, asked.carried, cursor))
    links.append(link("collection", path_of("collection", name=known.name), JSON, known.title))
    if chosen == HTML:
        return answers.page(faces.items(known, asked, page, links))
    found = page.features
    if asked.properties is not None:
        found = [selected(feature, asked.properties) for feature in found]
    head = {
        "numberMatched": page.matched,
        "numberReturned": len(found),
        "dataset_version": context.dataset().number,
        "links": links,
    }
    return answers.features(head, found, chosen, known.systems[asked.crs])


def _document(
    describe: Callable[[list[answers.Link]], Body], face: Callable[[Body], str], *forms: str
) -> Response:
    """A document that takes no parameter but `f`: as JSON in the first of `forms`, or as a page."""
    _no_words()
    chosen = media_type(*forms)
    if known_already := answers.known_already(chosen):
        return known_already
    body = describe(own_links(chosen, *forms))
    return answers.page(face(body)) if chosen == HTML else answers.document(body, chosen)


def _no_words() -> None:
    faults = [Fault(name, text, "", unknown=True) for name, text in request.args.items() if name != "f"]
    if faults:
        raise BadParameters(faults)


def _described() -> Body:
    listed = [
        Described(
            name=each.name,
            title=each.title,
            properties=each.properties,
            parameters=each.parameters,
            item_parameters=[crs_parameter(tuple(each.systems))],
            default_limit=DEFAULT_LIMIT,
        )
        for each in all_collections().values()
    ]
    server = context.absolute_url("/api")
    return description.document(server, documents.TITLE, documents.DESCRIPTION, listed)
