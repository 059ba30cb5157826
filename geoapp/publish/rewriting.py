"""Turns what the application answered into what stands in a folder: every address in one place.

Texts of people cannot be taken for addresses: Jinja has escaped their quotes, so an attribute found here
is one that a template wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from geoapp.publish.addresses import Addresses, Target, relative
from geoapp.web.security import POLICY

# Stands for the address of the site where none is set; nothing answers there (RFC 2606).
NOWHERE = "https://this-site.example"
_ATTRIBUTE = re.compile(
    r'\s(href|src|action|data-href|data-rows|data-place|data-facets|data-keys|data-card)="(/[^"]*)"'
)
_CONFIG = re.compile(r"(\sdata-config=')([^']*)(')")
_IN_CONFIG = re.compile(r'"(/[^"]+)"')
_WHOLE_LINK = re.compile(rf'<link [^>]*href="{re.escape(NOWHERE)}[^>]*>\n?')
_LINK_TO_NOTHING = re.compile(r"<link (?![^>]*href=)[^>]*>\n?")
_LINKED_DATA = re.compile(r'<script type="application/ld\+json">.*?</script>\n?', re.DOTALL)
_CHARSET = '<meta charset="utf-8">\n'
# `data-query` lets the map's script narrow a link: a file in a folder cannot be narrowed.
_NARROWED = re.compile(r'(<a href="[^"]*(?:exports/|downloads/)[^"]*") data-query')
_SCRIPT = re.compile(r'<script type="module" src="([^"]*/js/)(?:main|embed)\.js"></script>')
_LIST = re.compile(r'<form class="filters" method="get"')
_STATIC = re.compile(r'href="([^"]*)css/site\.css"')

Wanted = Callable[[Target], None]


class Rewriter:
    """Rewrites answers; `wanted` hears of every address that is linked and has to be published too."""

    def __init__(self, addresses: Addresses, base_url: str, wanted: Wanted) -> None:
        self._addresses = addresses
        self._base = base_url or NOWHERE
        self._has_base = bool(base_url)
        self._wanted = wanted
        self._whole = re.compile(re.escape(self._base) + r'(/[^\s"<>&\']*)?')

    def page(self, file: str, text: str) -> str:
        """A page of HTML as it stands in that file."""
        if not self._has_base:
            text = _LINKED_DATA.sub("", _WHOLE_LINK.sub("", text))
        text = _LINK_TO_NOTHING.sub("", self.fragment(file, text))
        text = _CONFIG.sub(lambda found: found[1] + self._config(file, found[2]) + found[3], text)
        text = _NARROWED.sub(r"\1", self.whole(text))
        return self._scripted(text).replace(_CHARSET, _CHARSET + policy_tag(), 1)

    def whole(self, text: str) -> str:
        """Text with whole addresses of this site, each as it is published."""
        return self._whole.sub(self._whole_address, text)

    def fragment(self, file: str, text: str) -> str:
        """A piece of a page as it stands in that file."""
        return _ATTRIBUTE.sub(lambda found: self._attribute(file, found), text)

    def shell(self, file: str, text: str) -> str:
        """The map's script, whose addresses stand beside it and not beside the page."""

        def named(found: re.Match[str]) -> str:
            target = self._addresses.target(found[1])
            here = relative(file, target.address if target else found[1].removeprefix("/"))
            if found.string[: found.start()].endswith("from "):
                return f'"{here}"'
            return f'new URL("{here}", import.meta.url).href'

        return re.sub(r'"(/(?:static|map)/[^"]*)"', named, text)

    def _attribute(self, file: str, found: re.Match[str]) -> str:
        name, address = found[1], found[2].replace("&amp;", "&")
        here = self._here(file, address)
        # A link to what is not there is no link; its text stays.
        return "" if here is None else f' {name}="{here.replace("&", "&amp;")}"'

    def _here(self, file: str, address: str) -> str | None:
        target = self._addresses.target(address)
        if target is None:
            return None
        if target.ask is not None:
            self._wanted(target)
        return relative(file, target.address)

    def _config(self, file: str, text: str) -> str:
        return _IN_CONFIG.sub(lambda found: f'"{self._here(file, found[1]) or ""}"', text)

    def _whole_address(self, found: re.Match[str]) -> str:
        target = self._addresses.target(found[1] or "/")
        return f"{self._base}/{target.address}" if target else found[0]

    def _scripted(self, text: str) -> str:
        """With the script that answers in the place of a server, before the one that asks."""
        text = _SCRIPT.sub(
            lambda found: f'<script type="module" src="{found[1]}published.js"></script>\n{found[0]}', text, 1
        )
        static = _STATIC.search(text)
        if static and _LIST.search(text):
            script = f'<script type="module" src="{static[1]}js/published-list.js"></script>\n</head>'
            text = text.replace("</head>", script, 1)
        return text


def policy_tag() -> str:
    """The policy as a page can carry it itself: all of it but `frame-ancestors`, which takes a header."""
    return f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
