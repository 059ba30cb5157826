"""Validators of answers, and answers kept by them.

The tag of a reader's page names all that the page follows from. Who holds the page hears 304 before anything
is rendered; who does not gets the very answer that another reader got, as long as the process keeps it.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import cache
from threading import Lock

from cachetools import LRUCache
from flask import Flask, Response, current_app, g, request

from geoapp import links
from geoapp.config import PACKAGE
from geoapp.web import catalogs, context, language
from geoapp.web.assets import assets
from geoapp.web.compression import preferred_encoding
from geoapp.web.readers import background

# The blueprints whose pages follow from data set, reference data, templates and static files alone.
VALIDATED = ("readers", "map_page", "places", "checkpoints", "changes", "stories", "embed", "keep")
# What else does.
VALIDATED_TOO = ("mapdata.manifest",)
# Those of them that also follow from what day it is.
DATED = ("checkpoints",)
# And those that show when the links to sources were checked.
LINKED = ("readers",)
# A page is some 16 kB as it is sent; one of a whole table up to 100. An answer of the API may be a thousand.
KEPT_BYTES, LARGEST_BYTES = 8 * 1024 * 1024, 256 * 1024


class Kept:
    """Finished answers by their validator, those asked for last; any thread may ask."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self._lock = Lock()
        self._answers: LRUCache[str, tuple[bytes, list[tuple[str, str]]]]
        self._answers = LRUCache(most_bytes, getsizeof=lambda answer: len(answer[0]))

    def get(self, tag: str) -> Response | None:
        """A new answer with what was kept under this validator."""
        with self._lock:
            found = self._answers.get(tag)
        return found and Response(found[0], headers=found[1])

    def put(self, tag: str, answer: Response) -> None:
        """Keep a finished answer; those that nobody asked for longest make room."""
        content = answer.get_data()
        # One that is larger than all the room is refused.
        with self._lock, suppress(ValueError):
            if len(content) <= LARGEST_BYTES:
                self._answers.setdefault(tag, (content, list(answer.headers)))


def entity_tag() -> str:
    """Strong validator of this page in the coding that this reader takes."""
    if "entity_tag" not in g:
        g.entity_tag = _entity_tag()
    found: str = g.entity_tag
    return found


def _entity_tag() -> str:
    known, shown = context.dataset(), context.settings()
    return tag_of(
        current_app.extensions["geoapp.program_hash"],
        assets().tree_hash,
        context.reference().hash,
        # The card is a fragment for our script and a page for a reader.
        "application/xhtml+xml" in request.headers.get("Accept", ""),
        known.number,
        known.content_hash,
        shown.contact,
        shown.base_url,
        shown.online_tiles,
        # Of a file the digest, which its address has.
        background.address(),
        request.url_root,
        language.code(),
        request.full_path,
        context.today() if request.blueprint in DATED else "",
        links.stamp(context.view()) if request.blueprint in LINKED else "",
    )


def tag_of(*parts: object) -> str:
    """Strong validator of what follows from these parts, in the coding that this reader takes."""
    digest = hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:20]
    return f"{digest}-{preferred_encoding(request.headers.get('Accept-Encoding', ''))}"


def _is_validated() -> bool:
    return request.blueprint in VALIDATED or request.endpoint in VALIDATED_TOO


def _kept() -> Kept:
    found: Kept = current_app.extensions["geoapp.kept_answers"]
    return found


def _answer_at_once() -> Response | None:
    """Before anything is rendered: 304 when the reader holds this very page, or the page as it was kept."""
    if not _is_validated() or request.method not in ("GET", "HEAD"):
        return None
    if entity_tag() in request.if_none_match.as_set(include_weak=True):
        return Response(status=304)
    return _kept().get(entity_tag())


def kept_as(tag: str) -> Response | None:
    """The answer that was kept under this validator; else the one that is being made is kept under it."""
    g.kept_as = tag
    return _kept().get(tag)


def set_validators(response: Response) -> Response:
    """ETag and Cache-Control on the readers' pages; readers ask again, and mostly hear 304."""
    if _is_validated() and response.status_code in (200, 304):
        response.set_etag(entity_tag())
        response.headers["Cache-Control"] = "public, no-cache"
        response.vary.add("Accept-Encoding")
    elif response.status_code >= 300 and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache"
    return response


def keep(response: Response) -> Response:
    """Keep what is sent, in its coding, for the next reader."""
    is_whole = response.status_code == 200 and not response.is_streamed and request.method == "GET"
    # Of what was refused no validator can be made: the host itself may be why.
    if is_whole and "Set-Cookie" not in response.headers:
        tag = entity_tag() if _is_validated() else g.get("kept_as")
        if tag:
            _kept().put(tag, response)
    return response


@cache
def _code_hash() -> bytes:
    """Of the program itself: a page must not stay as it was when only its code has changed."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()


def _program_hash(app: Flask) -> str:
    digest = hashlib.sha256()
    for name in sorted(app.jinja_env.list_templates()):
        source, _, _ = app.jinja_env.loader.get_source(app.jinja_env, name)  # type: ignore[union-attr]
        digest.update(f"{name}\0{source}\0".encode())
    digest.update(_code_hash())
    # Texts that the pages read from the data folder and that no data set version covers.
    data_dir = app.extensions["geoapp.settings"].data_dir
    for path in [*sorted(data_dir.rglob("*.toml")), *catalogs.paths(data_dir)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def register(app: Flask) -> None:
    """Answer readers at once where their page is known."""
    app.extensions["geoapp.program_hash"] = _program_hash(app)
    app.extensions["geoapp.kept_answers"] = Kept()
    app.before_request(_answer_at_once)
