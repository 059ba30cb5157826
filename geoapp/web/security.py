"""Headers that keep a page to itself: nothing foreign is loaded, no reader is passed on."""

from __future__ import annotations

from flask import Response, current_app, request
from werkzeug.exceptions import BadHost

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'"
)
NOT_FRAMED = f"{POLICY}; frame-ancestors 'none'"
FRAMED_ANYWHERE = f"{POLICY}; frame-ancestors *"
EMBEDDABLE = frozenset({"/embed"})
# Pages with the map, which may show images of one more host when the operator names it: the key of the
# application's extension that holds the host with its scheme.
WITH_MAP = frozenset({"/", "/embed"})
FOREIGN_IMAGES = "geoapp.foreign_images"

# What a script of another site may send and read; there is nothing but public data behind it.
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-Modified-Since, If-None-Match, If-Range, Range",
    "Access-Control-Expose-Headers": (
        "Accept-Ranges, Content-Crs, Content-Disposition, Content-Range, ETag, Link, "
        "Number-Matched, Repr-Digest, RateLimit, RateLimit-Policy, Retry-After"
    ),
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def refuse_bad_host() -> None:
    """Raise BadHost for a Host header that cannot be one: no address of this site can be built with it.

    Nor with a scheme that is not of the web, which a proxy may hand on from whoever asks.
    """
    if request.scheme.lower() not in ("http", "https"):
        raise BadHost
    if "HTTP_HOST" not in request.environ:
        return
    try:
        is_host = bool(request.host and request.host_url)
    except UnicodeError:
        is_host = False
    if not is_host:
        raise BadHost


def open_to_other_sites(response: Response) -> Response:
    """Let scripts of other sites read public data; errors too, so that they can say what was wrong."""
    response.headers.update(OPEN)
    return response


def protect(response: Response) -> Response:
    """Set the security headers; a view cannot loosen them."""
    policy = FRAMED_ANYWHERE if request.path in EMBEDDABLE else NOT_FRAMED
    host = current_app.extensions[FOREIGN_IMAGES] if request.path in WITH_MAP else None
    if host:
        policy = policy.replace("img-src 'self'", f"img-src 'self' {host}")
    response.headers["Content-Security-Policy"] = policy
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
