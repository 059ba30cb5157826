"""For analysts: the data out, exactly what the same filters show on the map and in the list."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import brotli
from flask import Blueprint, Response, request, url_for

from geoapp.errors import BadParameters, Fault, NotFound
from geoapp.export import FORMATS, Format, Options
from geoapp.export.credits import INCIDENTS, licences_text
from geoapp.query import Filters
from geoapp.web import context
from geoapp.web.compression import preferred_encoding

blueprint = Blueprint("analysts", __name__)
# What a script of another site may send and read; there is nothing here but public data.
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Expose-Headers": "Content-Disposition, ETag, Link",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
MOST_NAME = 80


@blueprint.get("/exports/incidents.<extension>")
def incidents(extension: str) -> Response:
    """The incidents that the filters leave, as a stream; raises NotFound and BadParameters."""
    form = FORMATS.get(extension)
    if form is None:
        raise NotFound("form of export", extension)
    options = _options(form)
    filters = context.exact_filters(also=form.parameters)
    tag = _entity_tag()
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        response = _stream(form.write(context.store().stream(filters), options), form.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{_file_name(form, filters)}"'
    response.set_etag(tag)
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Link"] = ", ".join(_links(form, filters))
    response.vary.add("Accept-Encoding")
    return response


@blueprint.get("/exports/LICENSES.txt")
def licences() -> Response:
    """Licences and credits of everything that the exports carry."""
    response = Response(licences_text(context.reference()), content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


@blueprint.after_request
def open_to_other_sites(response: Response) -> Response:
    """Let scripts of other sites read the data; errors too, so that they can say what was wrong."""
    response.headers.update(OPEN)
    return response


def _options(form: Format) -> Options:
    members: dict[str, Any] = {
        "license": INCIDENTS.name,
        "license_url": INCIDENTS.url,
        "credit": INCIDENTS.credit,
        "licences_and_credits": context.absolute_url(url_for("analysts.licences")),
        "dataset_version": context.dataset().number,
    }
    given = request.args.getlist("bom") if "bom" in form.parameters else []
    faults = [Fault("bom", text, "true or false") for text in given if text not in ("true", "false")]
    if faults:
        raise BadParameters(faults)
    return Options(members=members, bom="true" in given)


def _stream(pieces: Iterator[bytes], media_type: str) -> Response:
    # The first piece is fetched here: a database that does not answer is a 503 and not half a file.
    first = next(pieces)
    encoding = preferred_encoding(request.headers.get("Accept-Encoding", ""))
    response = Response(_encoded(chain([first], pieces), encoding), content_type=media_type)
    if encoding != "identity":
        response.headers["Content-Encoding"] = encoding
    return response


def _encoded(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    if encoding == "br":
        by_brotli = brotli.Compressor(quality=4)
        packed = chain((by_brotli.process(piece) for piece in pieces), _late(by_brotli.finish))
    elif encoding == "gzip":
        # 16 more than the largest window asks zlib for the gzip header.
        by_gzip = zlib.compressobj(6, wbits=16 + zlib.MAX_WBITS)
        packed = chain((by_gzip.compress(piece) for piece in pieces), _late(by_gzip.flush))
    else:
        return iter(pieces)
    return (piece for piece in packed if piece)


def _late(close: Any) -> Iterator[bytes]:
    yield close()


def _entity_tag() -> str:
    """Strong validator: the data, the reference data, the address, and the coding that is taken."""
    known = context.dataset()
    address = context.absolute_url(request.full_path)
    return context.tag_of(known.number, known.content_hash, context.reference().hash, address)


def _links(form: Format, filters: Filters) -> Iterator[str]:
    yield f'<{context.absolute_url(url_for("analysts.licences"))}>; rel="license"'
    for other in FORMATS.values():
        if other is not form:
            path = url_for("analysts.incidents", extension=other.extension) + context.query_of(filters)
            kind = other.media_type.partition(";")[0]
            yield f'<{context.absolute_url(path)}>; rel="alternate"; type="{kind}"'


def _file_name(form: Format, filters: Filters) -> str:
    """A name that tells what is in the file: the filters, cut where too long, and the data set's version."""
    told = "-".join("-".join(pair) for pair in filters.to_pairs())
    slug = re.sub(r"[^a-z0-9]+", "-", told.lower())[:MOST_NAME].strip("-")
    parts = [part for part in ("incidents", slug, f"v{context.dataset().number}") if part]
    return "-".join(parts) + f".{form.extension}"
