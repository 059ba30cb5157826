"""Answers of the API: bodies, links, validators; the same headers whatever the form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from flask import Response, current_app, request, url_for

from geoapp.web import context, language, validators
from geoapp.web.api.negotiation import HTML
from geoapp.web.api.systems import CRS84, System
from geoapp.web.context import query_text

Link = dict[str, str]


def link(rel: str, path: str, media_type: str, title: str = "") -> Link:
    """A link object with an absolute address."""
    found = {"rel": rel, "href": context.absolute_url(path), "type": media_type}
    return found | {"title": title} if title else found


def own_links(media_type: str, *forms: str, pairs: Sequence[tuple[str, str]] | None = None) -> list[Link]:
    """`self` and its alternates: this address in the JSON `forms` and as a page."""
    given = list(request.args.items(multi=True)) if pairs is None else list(pairs)
    query = [pair for pair in given if pair[0] != "f"]
    path = request.path
    found = [link("self", path + query_text(given), media_type, "This document")]
    if media_type == HTML:
        return [
            *found,
            link("alternate", path + query_text([*query, ("f", "json")]), forms[0], "The same as JSON"),
        ]
    return [*found, link("alternate", path + query_text([*query, ("f", "html")]), HTML, "The same as a page")]


def next_link(media_type: str, pairs: Sequence[tuple[str, str]], cursor: str) -> Link:
    """Where the next page is."""
    return link("next", request.path + query_text([*pairs, ("cursor", cursor)]), media_type, "Next page")


def path_of(endpoint: str, **values: Any) -> str:
    """Path of another document of the API."""
    return url_for(f"api.{endpoint}", **values)


def known_already(media_type: str) -> Response | None:
    """304 when the reader holds this very answer, or it as it was kept, before the store is asked."""
    response = _validated(Response(), media_type)
    tag, _ = response.get_etag()
    response.make_conditional(request)
    return response if response.status_code == 304 else validators.kept_as(str(tag))


def document(body: dict[str, Any], media_type: str) -> Response:
    """A document as JSON."""
    return _validated(Response(orjson.dumps(body), content_type=media_type), media_type)


def page(markup: str) -> Response:
    """A page for people."""
    return _validated(Response(markup, mimetype=HTML), HTML)


def features(head: dict[str, Any], found: Sequence[bytes], media_type: str, system: System) -> Response:
    """A FeatureCollection from finished features.

    Without the `timeStamp` that the standard allows: the header `Date` says it, and the same question to
    the same version gets the same bytes.
    """
    head = {"type": "FeatureCollection"} | head
    given = found if system.uri == CRS84 else system.moved(found)
    body = b"".join((orjson.dumps(head)[:-1], b',"features":[', b",\n".join(given), b"]}"))
    return _in_system(_validated(Response(body, content_type=media_type), media_type), system)


def feature(content: bytes, links: list[Link], media_type: str, system: System) -> Response:
    """One feature, with its links."""
    if system.uri != CRS84:
        (content,) = system.moved([content])
    body = content[:-1] + b',"links":' + orjson.dumps(links) + b"}"
    return _in_system(_validated(Response(body, content_type=media_type), media_type), system)


def _in_system(response: Response, system: System) -> Response:
    """Say what the coordinates are in (Part 2)."""
    response.headers["Content-Crs"] = f"<{system.uri}>"
    return response


def _validated(response: Response, media_type: str) -> Response:
    known, settings = context.dataset(), context.settings()
    tag = validators.tag_of(
        current_app.extensions["geoapp.program_hash"],
        known.number,
        known.content_hash,
        known.reference_hash,
        settings.contact,
        context.absolute_url(request.full_path),
        language.code(),
        media_type,
    )
    response.set_etag(tag)
    if known.created is not None:
        response.last_modified = known.created
    response.headers["Cache-Control"] = "public, no-cache"
    response.vary.update(("Accept", "Accept-Encoding"))
    return response
