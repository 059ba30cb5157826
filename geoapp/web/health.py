"""For operators and crawlers: liveness, readiness, robots and the list of pages."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from flask import Blueprint, Response, url_for

from geoapp.query import Filters
from geoapp.web import context

blueprint = Blueprint("health", __name__)
# What the sitemap protocol allows in one file.
MOST_ADDRESSES = 50_000
TEXT = "text/plain; charset=utf-8"


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
    """The store answers too; raises StoreFailed (503) when it does not."""
    known = context.store().current()
    return _plain(f"ok, data set version {known.number}, {known.incidents} incidents\n")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Every page may be read by crawlers; the endless combinations of filters need not be."""
    sitemap = context.absolute_url(url_for("health.sitemap"))
    rules = f"User-agent: *\nDisallow: /*?*\nDisallow: /edit/\nDisallow: /exports/\nDisallow: /map/\nSitemap: {sitemap}\n"
    return Response(rules, content_type=TEXT)


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Every page that has an address of its own."""
    return Response("".join(_sitemap()), content_type="application/xml; charset=utf-8")


def _sitemap() -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    addresses = [url_for(page.endpoint) for page in context.pages()]
    ids = context.store().ids(Filters(limit=MOST_ADDRESSES - len(addresses)))
    addresses += [url_for("readers.incident", incident_id=known) for known in ids]
    for address in addresses:
        yield f"<url><loc>{escape(context.absolute_url(address))}</loc></url>\n"
    yield "</urlset>\n"
