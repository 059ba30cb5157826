"""The data set described for machines: data package, schema.org Dataset, citation."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, url_for

from geoapp.errors import NotFound
from geoapp.export import citation, dcat, package
from geoapp.export.credits import parts
from geoapp.query import Filters
from geoapp.web import context
from geoapp.web.analysts import files, sending
from geoapp.web.analysts.blueprint import blueprint
from geoapp.web.analysts.ready import downloads

JSON = "application/json"
CITATIONS = {
    "txt": "text/plain; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "cff": "application/yaml; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json",
}


@blueprint.get("/datapackage.json")
def datapackage() -> Response:
    """The Frictionless data package with the table schema of the CSV."""
    return _json(package.datapackage(described(), downloads()), JSON)


@blueprint.get("/dataset.jsonld")
def dataset() -> Response:
    """The schema.org Dataset."""
    return _json(package.dataset(described(), downloads()), "application/ld+json")


@blueprint.get("/catalog.jsonld")
def catalogue() -> Response:
    """Everything that can be had, in the vocabulary of data portals (DCAT)."""
    listed = [
        (each, context.absolute_url(url_for("analysts.layer", name=each.name))) for each in files.layers()
    ]
    paths = (url_for("analysts.catalogue"), url_for("api.landing"), url_for("api.openapi"))
    places = dcat.Places(*map(context.absolute_url, paths))
    return _json(dcat.catalogue(described(), downloads(), listed, places), "application/ld+json")


@blueprint.get("/exports/citation.<extension>")
def cite(extension: str) -> Response:
    """How to cite what the filters leave, in each of the forms; raises NotFound and BadParameters."""
    if extension not in CITATIONS:
        raise NotFound("form of citation", extension, CITATIONS)
    known = cited(context.exact_filters())
    cited_as = known.citation()
    if extension == "json":
        return _json(cited_as.csl(), CITATIONS[extension])
    written = {"txt": lambda: known.text() + "\n", "bib": cited_as.bibtex, "cff": cited_as.cff}
    return sending.text(written[extension](), CITATIONS[extension])


def described() -> package.Described:
    """The data set as it is now."""
    version, store = context.dataset(), context.store()
    days = store.days(Filters())
    boxes = [each.geometry.bounds for each in context.reference().layers.line.features if each.geometry]
    west, south, east, north = zip(*boxes, strict=True) if boxes else ((), (), (), ())
    return package.Described(
        version=version.number,
        content_hash=version.content_hash,
        made=version.created,
        incidents=store.count(Filters()),
        days=(min(days), max(days)) if days else None,
        bbox=(min(west), min(south), max(east), max(north)) if boxes else None,
        page=context.absolute_url(url_for("downloads.downloads")),
        parts=parts(context.reference()),
    )


def cited(filters: Filters) -> citation.Cited:
    """What is cited: the current version, or the part of it that the filters leave."""
    version, store = context.dataset(), context.store()
    days = store.days(filters)
    page = context.absolute_url(url_for("changes.change", number=version.number))
    return citation.Cited(
        version=version.number,
        made=version.created,
        incidents=store.count(filters),
        days=(min(days), max(days)) if days else None,
        address=page,
        query=context.query_of(filters).removeprefix("?"),
    )


def _json(content: Any, media_type: str) -> Response:
    return sending.text(orjson.dumps(content, option=orjson.OPT_INDENT_2).decode(), media_type)
