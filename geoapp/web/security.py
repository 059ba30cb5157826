"""Headers that keep a page to itself: nothing foreign is loaded, no reader is passed on."""

from __future__ import annotations

from flask import Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'"
)
NOT_FRAMED = f"{POLICY}; frame-ancestors 'none'"
FRAMED_ANYWHERE = f"{POLICY}; frame-ancestors *"
EMBEDDABLE = frozenset({"/embed"})

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def protect(response: Response) -> Response:
    """Set the security headers; a view cannot loosen them."""
    policy = FRAMED_ANYWHERE if request.path in EMBEDDABLE else NOT_FRAMED
    response.headers["Content-Security-Policy"] = policy
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
