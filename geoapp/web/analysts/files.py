"""The files of `/exports/` beside the incidents: checksums, changes, layers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from geoapp.errors import BadParameters, Fault, NotFound
from geoapp.export import FORMATS, changes
from geoapp.layers import Layer
from geoapp.web import context, validators
from geoapp.web.analysts import sending
from geoapp.web.analysts.blueprint import blueprint
from geoapp.web.analysts.ready import downloads
from geoapp.web.turns import EXPORTS

GEOJSON = "application/geo+json"


@blueprint.get("/exports/checksums.txt")
def checksums() -> Response:
    """SHA-256 of every file of the whole set, as `sha256sum --check` reads them."""
    context.exact_words()
    return sending.text("".join(_checksum_lines()))


def _checksum_lines() -> Iterator[str]:
    yield f"# Version {context.dataset().number} of the data set\n"
    for each in downloads():
        name = f"incidents.{each.form.extension}"
        made = each.built
        yield f"{made.sha256}  {name}\n" if made else f"# {name}: made when it is first asked for\n"


@blueprint.get("/exports/changes.csv")
def changes_since() -> Response:
    """What is different from a version of the data set; raises BadParameters for one that never was."""
    since = _since(context.exact_words("since").get("since", ""))
    tag = validators.tag_of(context.dataset().number, context.dataset().content_hash, since)
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        found = EXPORTS.in_turn(changes.csv(context.store().changed_since(since)))
        response = sending.stream(found, FORMATS["csv"].media_type)
        response.call_on_close(found.close)  # type: ignore[attr-defined]
        name = f"changes-v{since}-v{context.dataset().number}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.set_etag(tag)
    response.headers["Cache-Control"] = "public, no-cache"
    response.vary.add("Accept-Encoding")
    return response


def _since(text: str) -> int:
    newest = context.dataset().number
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) > newest:
        raise BadParameters([Fault("since", text, f"a version of the data set, from 0 to {newest}")])
    return int(text)


@blueprint.get("/exports/layers/<name>.geojson")
def layer(name: str) -> BaseResponse:
    """One reference layer, as its file is; raises NotFound."""
    found = context.reference().layers.get(name)
    if found is None or found.media_type != GEOJSON:
        raise NotFound("layer", name)
    response = Response(found.content, content_type=GEOJSON)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}.geojson"'
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Link"] = f'<{context.absolute_url(url_for("analysts.licences"))}>; rel="license"'
    response.set_etag(validators.tag_of(found.sha256))
    response.vary.add("Accept-Encoding")
    return response.make_conditional(request)


def layers() -> list[Layer]:
    """The layers that can be downloaded; a shaded relief is a picture, not data."""
    return [each for each in context.reference().layers.values() if each.media_type == GEOJSON]
