"""The site as the application's own views render it: asked for page by page, following every link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import orjson
from flask import Flask
from markupsafe import escape

from geoapp.config import Settings
from geoapp.export import FORMATS
from geoapp.kinds import STATUSES
from geoapp.publish.addresses import Addresses, Target, split_language
from geoapp.publish.rewriting import NOWHERE, Rewriter, policy_tag
from geoapp.query import Filters
from geoapp.web import context
from geoapp.web.app import create_app
from geoapp.web.assets import assets, url_for_static
from geoapp.web.language import DEFAULT, LANGUAGES

# A browser that opens a page names XHTML; our own script does not.
ACCEPT = {"Accept": "text/html,application/xhtml+xml"}
# Scripts and sheets of pages that are not published.
LEFT_OUT = (
    "js/edit", "js/form-keeper", "js/point-picker", "js/keep", "css/edit", "css/incident-form", "css/api",
    "css/keep", "css/links",
)  # fmt: skip
# Files beside the pages that name addresses of the site: those of records, citations, crawlers, machines.
NAMES_ITSELF = re.compile(r"\.(?:atom|xml|txt|bib|cff|jsonld)$|(?:csl|citation|datapackage)\.json$")
EVERY_STATUS = Filters(status=tuple(STATUSES))


@dataclass(frozen=True)
class Failed:
    """An address that is linked and that the application did not answer."""

    address: str
    status: int


class Site:
    """All files of the site by name; `failed` says afterwards what was linked and could not be had."""

    def __init__(self, settings: Settings) -> None:
        self.app = published_app(settings)
        self.failed: list[Failed] = []
        self._addresses = Addresses(self.app, absolute=bool(settings.base_url))
        self._rewriter = Rewriter(self._addresses, settings.base_url, self._want)
        self._client = self.app.test_client()
        with self.app.app_context():
            self.store = context.store()
        self._waiting: dict[str, Target] = {}
        self._seen: set[str] = set()
        self._current: dict[str, str] = {}

    @property
    def waiting(self) -> int:
        """How many files are known to be still to come."""
        return len(self._waiting)

    @property
    def rewriter(self) -> Rewriter:
        """What makes the addresses of this site relative."""
        return self._rewriter

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Name and content of every file, each once."""
        for address in self._seeds():
            if target := self._addresses.target(address):
                self._want(target)
        while self._waiting:
            file, target = next(iter(self._waiting.items()))
            del self._waiting[file]
            content = self._content(target)
            if content is not None:
                yield file, content

    def _want(self, target: Target) -> None:
        if target.file not in self._seen and target.ask is not None:
            self._seen.add(target.file)
            self._waiting[target.file] = target

    def _seeds(self) -> Iterator[str]:
        # Forms of export first: the page of downloads tells their sizes.
        yield from (f"/exports/incidents.{extension}" for extension in FORMATS)
        with self.app.test_request_context("/"):
            names = [name for name in assets().files if not name.startswith(LEFT_OUT)]
            yield from [url_for_static(name) for name in names]
        found = [
            (each.key, each.version, each.incident.id, each.incident.title)
            for each in self.store.stream(EVERY_STATUS)
        ]
        for language in LANGUAGES.values():
            yield f"{language.prefix}/"
            yield f"{language.prefix}/embed"
            yield f"{language.prefix}/changes.atom"
            for key, version, identifier, title in found:
                page = f"{language.prefix}/incidents/{identifier}"
                self._current[f"{page}/v/{version}"] = title
                yield page
                yield f"{page}/v/{version}"
                yield f"{language.prefix}/incidents/key/{key}"
        yield from ("/robots.txt", "/sitemap.xml", "/map/manifest.json")
        chunks = orjson.loads(self.store.manifest())["chunks"]
        yield from (f"/map/chunks/{chunk[0]}.bin" for chunk in chunks)

    def _content(self, target: Target) -> bytes | None:
        """What stands in the file of an address; None, and noted, when the application does not answer."""
        address = target.ask or ""
        if title := self._current.get(address):
            return _sent_on(title, split_language(address)[0])
        answer = self._client.get(address, headers=ACCEPT)
        if answer.status_code != 200:
            self.failed.append(Failed(address, answer.status_code))
            return None
        if answer.mimetype == "text/html":
            return self._rewriter.page(target.file, answer.text).encode()
        if target.file.startswith("map/shell."):
            return self._rewriter.shell(target.file, answer.text).encode()
        if (answer.mimetype or "").endswith(("+xml", "/xml", "/plain", "json")) and NAMES_ITSELF.search(
            target.file
        ):
            return self._rewriter.whole(answer.text).encode()
        return bytes(answer.data)


def _sent_on(title: str, prefix: str) -> bytes:
    """The newest version of a record is its page: the address leads there until a newer one comes."""
    language, text = prefix.removeprefix("/") or DEFAULT, escape(title)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n{policy_tag()}'
        f'<meta http-equiv="refresh" content="0; url=../../">\n<title>{text}</title>\n'
        f'<link rel="canonical" href="../../">\n</head>\n'
        f'<body><p><a href="../../">{text}</a></p></body>\n</html>\n'
    ).encode()


def published_app(settings: Settings) -> Flask:
    """The application with what a folder cannot do left out of its pages."""
    # Tiles stay out: a folder would hold a whole file of them, and a site on any host may ask no other one.
    without = replace(settings, mbtiles=None, online_tiles="", trusted_hosts=())
    app = create_app(replace(without, base_url=settings.base_url or NOWHERE))
    app.jinja_env.globals["is_published"] = True
    return app
