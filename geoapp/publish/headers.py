"""The file of headers that Netlify, Cloudflare Pages and others read (`_headers`)."""

from __future__ import annotations

from urllib.parse import urlsplit

from geoapp.publish.folder import IMMUTABLE
from geoapp.web import compression
from geoapp.web.language import LANGUAGES
from geoapp.web.security import HEADERS, POLICY

# All pages but the one for other sites' frames; hosts join several policies, and all of them hold.
NOT_FRAMED = (
    "", "index.html", "incidents/*", "places/*", "checkpoints/*", "stories/*", "methodology/*",
    "downloads/*", "changes/*",
)  # fmt: skip
OPEN = ("exports/*", "datapackage.json", "dataset.jsonld")


def headers_file(base_url: str) -> bytes:
    """The content of `_headers`; paths begin with that of the site's address."""
    root = urlsplit(base_url).path.rstrip("/")
    lines = [f"{root}/*", f"  Content-Security-Policy: {POLICY}"]
    lines += [f"  {name}: {value}" for name, value in HEADERS.items()]
    for language in LANGUAGES.values():
        for page in NOT_FRAMED:
            lines += [f"{root}{language.prefix}/{page}", "  Content-Security-Policy: frame-ancestors 'none'"]
    for folder in IMMUTABLE:
        lines += [f"{root}/{folder}*", f"  Cache-Control: {compression.IMMUTABLE}"]
    for path in OPEN:
        lines += [f"{root}/{path}", "  Access-Control-Allow-Origin: *"]
    return ("\n".join(lines) + "\n").encode()
