"""Static files under one tree hash: kept for ever by readers, importing each other by relative path."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path, PurePosixPath

from flask import Blueprint, abort, current_app, redirect, request, url_for
from rcssmin import cssmin
from rjsmin import jsmin
from werkzeug.wrappers import Response as BaseResponse

from geoapp.config import resource
from geoapp.web.compression import encode, kept_response, preferred_encoding

LEAFLET = "vendor/leaflet"
# The parts of the Leaflet package that the map uses; its source maps and other builds stay unserved.
LEAFLET_FILES = (
    "leaflet.js",
    "leaflet.css",
    "images/layers.png",
    "images/layers-2x.png",
)
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".webp": "image/webp"}

# Sheets that one page always asks for together travel as one: they compress better, and it is one request.
TOGETHER = {
    "css/site.css": ("css/tokens.css", "css/base.css"),
    "css/map-page.css": (
        f"{LEAFLET}/leaflet.css",
        *(f"css/map{part}.css" for part in ("", "-engine", "-sites", "-record", "-time", "-phone")),
    ),
}

# What a script of ours imports as it is read; `import("./later.js")` is fetched on use.
_IMPORTED = re.compile(r'^import\b[^;"()]*"\./([\w-]+\.js)";$', re.MULTILINE)

blueprint = Blueprint("assets", __name__)


def leaflet_dir() -> Path:
    """The folder of the Leaflet files that the package `xstatic-leaflet` carries."""
    return Path(str(resources.files("xstatic.pkg.leaflet"))) / "data"


@dataclass
class Assets:
    """Every static file by its public path, and the hash over all of them."""

    files: dict[str, tuple[Path, ...]]
    encoded: dict[tuple[str, str], bytes] = field(default_factory=dict)

    @classmethod
    def collect(cls) -> Assets:
        """All files of `static/` and the used ones of Leaflet."""
        static, leaflet = resource("static"), leaflet_dir()
        own = {
            path.relative_to(static).as_posix(): (path,)
            for path in sorted(static.rglob("*"))
            if path.is_file()
        }
        vendor = {f"{LEAFLET}/{name}": (leaflet / name,) for name in LEAFLET_FILES}
        files = own | vendor
        joined = {name: tuple(files[part][0] for part in parts) for name, parts in TOGETHER.items()}
        return cls(files | joined)

    @cached_property
    def tree_hash(self) -> str:
        """First 16 hexadecimal digits of a SHA-256 over every path and content."""
        digest = hashlib.sha256()
        for name in sorted(self.files):
            digest.update(f"{name}\0".encode())
            for path in self.files[name]:
                digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:16]

    def imports(self, *names: str) -> list[str]:
        """These scripts and every script that they import when they are read, in the order of their names."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                source = self.files[name][0].read_text(encoding="utf-8")
                waiting += [f"js/{each}" for each in _IMPORTED.findall(source)]
        return sorted(found)

    def content(self, name: str, encoding: str) -> bytes:
        """The file in that content coding, compressed once per process; raises KeyError when unknown."""
        key = (name, encoding)
        if key not in self.encoded:
            plain = b"\n".join(_without_comments(path) for path in self.files[name])
            self.encoded[key] = encode(plain, encoding, brotli_quality=11)
        return self.encoded[key]


# Readers on a weak link pay for every byte; the sources with their comments stand in the repository.
_SQUEEZE: dict[str, Callable[[str], str]] = {".js": jsmin, ".css": cssmin}


def _without_comments(path: Path) -> bytes:
    squeeze = _SQUEEZE.get(path.suffix)
    # Leaflet's script comes squeezed already, with the notice of its licence, which stays.
    if squeeze is None or path.name == "leaflet.js":
        return path.read_bytes()
    return squeeze(path.read_text(encoding="utf-8")).encode()


def media_type(name: str) -> str:
    """Media type by the end of a file's name."""
    suffix = PurePosixPath(name).suffix
    return MEDIA_TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def assets() -> Assets:
    """The static files of the running application."""
    found: Assets = current_app.extensions["geoapp.assets"]
    return found


def url_for_static(path: str) -> str:
    """Address of a static file under the current tree hash; raises KeyError for a file that is not there."""
    if path not in assets().files:
        raise KeyError(path)
    return url_for("assets.static_file", tree=assets().tree_hash, path=path)


@blueprint.get("/static/<tree>/<path:path>")
def static_file(tree: str, path: str) -> BaseResponse:
    """One static file; an old tree hash is sent on to the current one, so that modules never mix."""
    known = assets()
    if path not in known.files:
        abort(404)
    if tree != known.tree_hash:
        return redirect(url_for_static(path))
    kind = media_type(path)
    textual = kind.startswith("text/") or kind.endswith(("+xml", "json"))
    encoding = preferred_encoding(request.headers.get("Accept-Encoding", "")) if textual else "identity"
    kind += "; charset=utf-8" if textual else ""
    return kept_response(known.content(path, encoding), kind, encoding, varies=textual)


@blueprint.get("/favicon.ico")
def favicon() -> BaseResponse:
    """Where browsers look without being told; pages name the file themselves."""
    return redirect(url_for_static("img/favicon.svg"))
