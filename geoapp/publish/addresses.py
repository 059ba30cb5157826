"""Where the pages of the application stand in a published folder, and how they name one another.

A plain file server knows neither queries nor rewrites: a page becomes a folder with `index.html`, rows of
a list from an offset on become a folder below it, and every address is relative, so that the site works
from a subfolder.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from geoapp.web.language import DEFAULT, LANGUAGES

# What is published, by endpoint; all that is linked from these pages and is none of them loses its link.
PUBLISHED = frozenset(
    {
        "assets.static_file", "health.robots", "health.sitemap",
        "readers.incidents", "readers.incident", "readers.incident_version", "readers.card",
        "readers.methodology", "places.places", "checkpoints.checkpoints", "stories.all_stories",
        "stories.story", "citing.cited", "changes.changes", "changes.change", "changes.atom", "embed.embed",
        "map_page.map_page", "mapdata.manifest", "mapdata.chunk", "mapdata.layer", "mapdata.crossings",
        "mapdata.shell_script", "analysts.incidents", "analysts.licences", "analysts.checksums",
        "analysts.changes_since", "analysts.layer", "analysts.datapackage", "analysts.dataset",
        "analysts.cite", "downloads.downloads",
    }
)  # fmt: skip
# What has no meaning without the address of the site: an Atom feed and a sitemap name whole addresses.
ABSOLUTE = frozenset({"changes.atom", "health.sitemap"})
# What the script answers where a server would; the page says only where to ask.
ANSWERED = frozenset({"map_page.rows", "map_page.place", "map_page.facets", "mapdata.keys"})
# Pages whose script reads the filters of the address.
FILTERED = frozenset({"map_page.map_page", "embed.embed", "readers.incidents"})
_CARD_OF_ANY = re.compile(r"/incidents/key/0$")
_OFFSET = re.compile(r"offset=([0-9]+)$")
_SINCE = re.compile(r"since=([0-9]+)$")


@dataclass(frozen=True)
class Target:
    """A published address: `ask` is what the application is asked for, or None when nothing is to be
    rendered; `file` where the answer stands in the folder; `address` how it is linked from the root.
    """

    ask: str | None
    file: str
    address: str


class Addresses:
    """The addresses of an application; without `absolute`, what needs the address of the site is left out."""

    def __init__(self, app: Flask, *, absolute: bool) -> None:
        self._map = app.url_map.bind("published.invalid")
        self._absolute = absolute
        self.target = lru_cache(maxsize=100_000)(self._target)

    def endpoint(self, path: str) -> str | None:
        """The endpoint that answers a path without its language; None when none does."""
        try:
            return str(self._map.match(path, method="GET")[0])
        except (HTTPException, RequestRedirect):
            return None

    def _target(self, address: str) -> Target | None:
        """Where a root-relative address of the application is published; None when it is not."""
        parts = urlsplit(address)
        prefix, path = split_language(parts.path)
        endpoint = self.endpoint(path)
        if endpoint in ANSWERED or _CARD_OF_ANY.search(path):
            return Target(None, "", (prefix + path).removeprefix("/"))
        if endpoint not in PUBLISHED or (endpoint in ABSOLUTE and not self._absolute):
            return None
        if "." in posixpath.basename(path):
            return _file(prefix + path, endpoint, parts.query)
        return _page(prefix + path, endpoint, parts.query, parts.fragment)


def split_language(path: str) -> tuple[str, str]:
    """The prefix of the language that a path begins with, blank for none, and the rest."""
    code, slash, rest = path.removeprefix("/").partition("/")
    if code in LANGUAGES and code != DEFAULT:
        return f"/{code}", slash + rest or "/"
    return "", path


def _file(path: str, endpoint: str, query: str) -> Target:
    name, ask = unquote(path.removeprefix("/")), path
    if endpoint == "analysts.incidents" and query == "bom=true":
        name, ask = "exports/incidents-with-bom.csv", f"{path}?{query}"
    elif since := _SINCE.match(query):
        name, ask = f"exports/changes-since-{since[1]}.csv", f"{path}?{query}"
    return Target(ask, name, name)


def _page(path: str, endpoint: str, query: str, fragment: str) -> Target:
    folder = path.strip("/") + "/" if path.strip("/") else ""
    ask, kept = path, ""
    if offset := _OFFSET.match(query):
        # The first page is the page itself.
        ask, folder = (
            (f"{path}?{query}", f"{folder}offset/{offset[1]}/") if offset[1] != "0" else (path, folder)
        )
    elif query and endpoint in FILTERED:
        kept = f"?{query}"
    anchor = f"#{fragment}" if fragment else ""
    return Target(ask, f"{folder}index.html", f"{folder}{kept}{anchor}")


def relative(file: str, address: str) -> str:
    """An address from the root as it is named in that file of the folder."""
    path, mark, rest = re.match(r"([^?#]*)([?#]?)(.*)", address, re.DOTALL).groups()  # type: ignore[union-attr]
    found = posixpath.relpath(f"/{path}", f"/{posixpath.dirname(file)}")
    if path.endswith("/") or not path:
        found += "/"
    return found + mark + rest
