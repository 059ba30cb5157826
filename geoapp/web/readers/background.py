"""The operator's background tiles: what the map is told of them, and those of a file of ours."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, current_app, url_for

from geoapp import tiles
from geoapp.config import Settings
from geoapp.errors import NotFound
from geoapp.web import security
from geoapp.web.compression import IMMUTABLE

blueprint = Blueprint("background", __name__)
MOST_ZOOM = 30


def register(app: Flask, settings: Settings) -> None:
    """Open what the settings name, and let pages with the map ask its host; raises SettingRefused."""
    found = tiles.source(settings)
    app.extensions["geoapp.tiles"] = found
    app.extensions[security.FOREIGN_IMAGES] = found.host if found else None


def source() -> tiles.Source | None:
    """The tiles that this application has, if any."""
    found: tiles.Source | None = current_app.extensions["geoapp.tiles"]
    return found


def address() -> str:
    """Where the tiles are, with {z}, {x} and {y} in it; blank when there are none."""
    found = source()
    if isinstance(found, tiles.Online):
        return found.address
    if not isinstance(found, tiles.MBTiles):
        return ""
    kind = found.extension
    first = url_for("background.tile", digest=found.digest, zoom=0, x=0, y=0, extension=kind)
    return first.removesuffix(f"0/0/0.{kind}") + "{z}/{x}/{y}." + kind


def config() -> dict[str, Any]:
    """What the page tells its script: nothing where there are no tiles."""
    found = source()
    if found is None:
        return {}
    about = found.described
    told = {
        "url": address(),
        "minZoom": about.min_zoom,
        "maxZoom": about.max_zoom,
        "bounds": about.bounds,
        # Providers turn away who does not say from which site; of ours nothing needs to know.
        "referrer": "strict-origin" if found.host else "no-referrer",
    }
    return {"tiles": told}


def credited() -> dict[str, Any]:
    """What the page says of the tiles: whom to credit, and which other host is asked (None: none)."""
    found = source()
    if found is None:
        return {"credit": "", "host": None}
    return {"credit": found.described.credit, "host": found.host and found.host.removeprefix("https://")}


@blueprint.get("/map/tiles/<digest>/<int:zoom>/<int:x>/<int:y>.<extension>")
def tile(digest: str, zoom: int, x: int, y: int, extension: str) -> Response:
    """One tile of the file; an empty answer where it has none."""
    found = source()
    is_known = isinstance(found, tiles.MBTiles) and (digest, extension) == (found.digest, found.extension)
    if not is_known or zoom > MOST_ZOOM or max(x, y) >= 1 << zoom:
        raise NotFound("tile", f"{zoom}/{x}/{y}")
    assert isinstance(found, tiles.MBTiles)
    content, kind = found.tile(zoom, x, y) or (b"", None)
    response = Response(content, status=200 if content else 204, content_type=kind)
    response.headers["Cache-Control"] = IMMUTABLE
    return response
