"""For operators and crawlers: liveness, readiness, robots and the list of pages."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from flask import Blueprint, Flask, Response, current_app, url_for

from geoapp.query import Filters
from geoapp.web import context, language

blueprint = Blueprint("health", __name__)
# What the sitemap protocol allows in one file.
MOST_ADDRESSES = 50_000
TEXT = "text/plain; charset=utf-8"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
_DRAINING = "geoapp.draining"


def drain(app: Flask) -> None:
    """Say from now on that this process is not ready: it is about to end."""
    app.extensions[_DRAINING] = True


def _plain(text: str) -> Response:
    response = Response(text, content_type=TEXT)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/healthz")
def liveness() -> Response:
    """The process answers."""
    return _plain("ok\n")


@blueprint.get("/readyz")
def readiness() -> Response:
    """The store answers too, and the process stays; raises StoreFailed (503) when the store does not."""
    if current_app.extensions.get(_DRAINING):
        going = _plain("going down\n")
        going.status_code = 503
        return going
    known = context.store().current()
    return _plain(f"ok, data set version {known.number}, {known.incidents} incidents\n")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Every page may be read by crawlers; the endless combinations of filters need not be."""
    sitemap = context.absolute_url(url_for("health.sitemap"))
    closed = ("/*?*", "/edit/", "/exports/", "/map/", "/*/map/")
    rules = "".join(f"Disallow: {path}\n" for path in closed)
    return Response(f"User-agent: *\n{rules}Sitemap: {sitemap}\n", content_type=TEXT)


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Every page that has an address of its own."""
    return Response("".join(_sitemap()), content_type="application/xml; charset=utf-8")


def _sitemap() -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SITEMAP}" xmlns:xhtml="{XHTML}">\n'
    own = [page.endpoint for page in context.pages()]
    translated = [url_for(endpoint) for endpoint in own if language.is_translated(endpoint)]
    alone = [url_for(endpoint) for endpoint in own if not language.is_translated(endpoint)]
    most = (MOST_ADDRESSES - len(alone)) // len(language.LANGUAGES) - len(translated)
    ids = context.store().ids(Filters(limit=most))
    translated += [url_for("readers.incident", incident_id=known) for known in ids]
    yield from (f"<url><loc>{_absolute(address)}</loc></url>\n" for address in alone)
    for address in translated:
        yield from _in_every_language(address)
    yield "</urlset>\n"


def _in_every_language(address: str) -> Iterator[str]:
    """A page in each language, with the others as its alternates."""
    known = language.LANGUAGES.values()
    places = {each.code: _absolute(language.in_language(address, each)) for each in known}
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{place}"/>' for code, place in places.items()
    )
    yield from (f"<url><loc>{place}</loc>{links}</url>\n" for place in places.values())


def _absolute(address: str) -> str:
    return escape(context.absolute_url(address))
