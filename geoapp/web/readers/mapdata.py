"""What the map's script fetches: manifest, chunks, keys, layers, states of the crossings, the shell."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import brotli
import numpy as np
import orjson
from flask import Blueprint, Response, current_app, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from geoapp import webmap
from geoapp.errors import NotFound
from geoapp.layers import Layer
from geoapp.reference import Reference, runs
from geoapp.web import context
from geoapp.web.assets import assets, url_for_static
from geoapp.web.compression import encode, kept_response, preferred_encoding
from geoapp.web.readers import background

blueprint = Blueprint("mapdata", __name__)

EPOCH = date(1970, 1, 1)
HASH_LENGTH = 16
MOST_DAYS_AHEAD = 3660
# What draws the map: the folium script imports the first, which asks for the second with its layers.
ENGINE = ("js/boundary-map.js", "js/sites.js")
EXTENSIONS = {"application/geo+json": "geojson", "image/webp": "webp"}


def shell() -> webmap.Shell:
    """The folium shell, rendered once per program and line."""
    reference, extensions = context.reference(), current_app.extensions
    key = f"geoapp.shell.{reference.hash}"
    if key not in extensions:
        folder = context.settings().instance_dir / "shell"
        extensions[key] = webmap.kept(folder, _bounds(reference), _addresses())
    found: webmap.Shell = extensions[key]
    return found


def _addresses() -> webmap.Addresses:
    return webmap.Addresses(
        module=url_for_static("js/boundary-map.js"),
        manifest=url_for("mapdata.manifest"),
        chunks=url_for("mapdata.manifest").removesuffix("manifest.json") + "chunks/",
    )


def _bounds(reference: Reference) -> webmap.Bounds:
    features = [feature for layer in reference.layers.of_role("line") for feature in layer.features]
    return webmap.bounds_of(feature.geometry for feature in features if feature.geometry is not None)


def script_url() -> str:
    """Address of the shell's script."""
    return url_for("mapdata.shell_script", name=shell().script_hash)


def modules(page: str = "js/main.js") -> list[str]:
    """Addresses of the scripts of a page with a map, to be preloaded side by side: each names the next
    only once it is read. What is imported on first use is not among them.
    """
    return [url_for_static(path) for path in assets().imports(page, *ENGINE)]


def first_data() -> list[str]:
    """Addresses of what the first marks need: the manifest and the newest chunk."""
    return all_data()[:2]


def all_data() -> list[str]:
    """Addresses of the manifest and of every chunk, newest first."""
    chunks = orjson.loads(context.view().manifest())["chunks"]
    return [url_for("mapdata.manifest"), *(url_for("mapdata.chunk", name=chunk[0]) for chunk in chunks)]


def config() -> dict[str, Any]:
    """What the page tells the engine of the reference layers; texts in it were written by people."""
    reference = context.reference()
    return {
        "layers": [_described(layer) for layer in reference.layers.values() if _is_drawn(layer)],
        "crossings": url_for("mapdata.crossings", name=reference.hash[:HASH_LENGTH]),
        "band_p95_m": max(
            (layer.accuracy_p95_m or 0 for layer in reference.layers.of_role("line")), default=0
        ),
        **background.config(),
    }


def _is_drawn(layer: Layer) -> bool:
    return layer.media_type in EXTENSIONS


def _described(layer: Layer) -> dict[str, Any]:
    return {
        "name": layer.name,
        "role": layer.role,
        "title": layer.title,
        "url": layer_url(layer),
        "visible": layer.visible,
        "bounds": layer.bounds,
        "source": layer.source,
        "licence": layer.licence,
        "licenceUrl": layer.licence_url,
        "credit": layer.credit,
        "accuracy": layer.accuracy,
        "asOf": layer.as_of,
        "note": layer.note,
    }


def layer_url(layer: Layer) -> str:
    """Address of a layer's file under its content hash."""
    extension = EXTENSIONS[layer.media_type]
    return url_for("mapdata.layer", name=layer.name, digest=layer.sha256[:HASH_LENGTH], extension=extension)


def _kept(content: bytes, kind: str, *, coded: bool = True) -> Response:
    """An answer that may be kept for ever, compressed once per process and coding."""
    encoding = preferred_encoding(request.headers.get("Accept-Encoding", "")) if coded else "identity"
    cache = current_app.extensions.setdefault("geoapp.kept", {})
    key = (request.path, encoding)
    if key not in cache:
        cache[key] = encode(content, encoding, brotli_quality=9)
    return kept_response(cache[key], kind, encoding, varies=coded)


@blueprint.get("/map/manifest.json")
def manifest() -> Response:
    """Which chunks there are and what their codes mean."""
    return Response(context.view().manifest(), content_type="application/json")


@blueprint.get("/map/chunks/<name>.bin")
def chunk(name: str) -> Response:
    """One chunk of the columns; stored compressed, so that most readers get the stored bytes."""
    content = context.store().chunk(name)
    encoding = preferred_encoding(request.headers.get("Accept-Encoding", ""))
    if encoding != "br":
        content = encode(brotli.decompress(content), encoding)
    return kept_response(content, "application/octet-stream", encoding, varies=True)


@blueprint.get("/map/keys")
def keys() -> BaseResponse:
    """Keys of everything that the filters find, as little-endian unsigned 32-bit numbers."""
    filters = context.exact_filters()
    found = np.array(context.view().keys(filters), dtype="<u4").tobytes()
    response = Response(found, content_type="application/octet-stream")
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/map/layers/<name>.<digest>.<extension>")
def layer(name: str, digest: str, extension: str) -> Response:
    """The file of one reference layer."""
    found = context.reference().layers.get(name)
    if found is None or found.sha256[:HASH_LENGTH] != digest or EXTENSIONS.get(found.media_type) != extension:
        raise NotFound("layer", name)
    return _kept(found.content, found.media_type, coded=extension == "geojson")


@blueprint.get("/map/crossings.<name>.json")
def crossings(name: str) -> Response:
    """For each crossing the runs of days, [first, last, state], days since 1970-01-01, both inclusive."""
    reference = context.reference()
    if reference.hash[:HASH_LENGTH] != name:
        raise NotFound("set of crossing states", name)
    ids = {row.checkpoint for row in reference.checkpoint_states}
    return _kept(orjson.dumps({each: _runs(reference, each) for each in sorted(ids)}), "application/json")


def _runs(reference: Reference, checkpoint: str) -> list[list[Any]]:
    """Days on end with one state, from the first day that a row names to a year after the last one."""
    rows = reference.states_of(checkpoint)
    day = min(row.first for row in rows)
    # An end such as 9999-12-31 stands for none: nobody looks farther ahead than the limit.
    limit = date.today() + timedelta(days=MOST_DAYS_AHEAD)
    ends = (min(row.last or row.first, limit) for row in rows)
    end = max(date.today(), *ends) + timedelta(days=366)
    return [
        [(run.first - EPOCH).days, (run.last - EPOCH).days, run.state]
        for run in runs(reference, checkpoint, day, end)
    ]


@blueprint.get("/map/shell.<name>.js")
def shell_script(name: str) -> Response:
    """The script that folium rendered."""
    if shell().script_hash != name:
        raise NotFound("script", name)
    return _kept(shell().script.encode(), "text/javascript; charset=utf-8")
