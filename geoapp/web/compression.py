"""Content codings for what is made on request: Brotli where the reader takes it, else gzip."""

from __future__ import annotations

import gzip
from collections.abc import Sequence

import brotli
from flask import Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

# Below this many bytes the header costs more than compression saves.
LEAST_BYTES = 860
# Beyond this, packing would cost several times what finding and writing the answer did: a page of 500
# features takes 6 ms of processor time with these in place of 15 (Brotli), 9 in place of 25 (gzip).
LARGE_BYTES = 512 * 1024
FAST = (2, 1)
# For an address that carries the hash of what stands there.
IMMUTABLE = "public, max-age=31536000, immutable"
COMPRESSIBLE = (
    "text/",
    "application/json",
    "application/atom+xml",
    "application/geo+json",
    "application/problem+json",
    "application/x-ndjson",
    "image/svg+xml",
)


def preferred_encoding(header: str, offered: Sequence[str] = ("br", "gzip")) -> str:
    """One of those offered, the first that is taken, or `identity`, by an Accept-Encoding header.

    A coding with q=0 is never chosen.
    """
    accepted = parse_accept_header(header, Accept)
    for coding in offered:
        if accepted.quality(coding) > 0:
            return coding
    return "identity"


def encode(content: bytes, encoding: str, brotli_quality: int = 5, gzip_level: int = 6) -> bytes:
    """The bytes in that content coding."""
    if encoding == "br":
        return bytes(brotli.compress(content, quality=brotli_quality))
    if encoding == "gzip":
        return gzip.compress(content, gzip_level, mtime=0)
    return content


def kept_response(content: bytes, kind: str, encoding: str, *, varies: bool) -> Response:
    """An answer, in that coding already, that may be kept for ever; `varies` where other codings exist."""
    response = Response(content, content_type=kind)
    response.headers["Cache-Control"] = IMMUTABLE
    if varies:
        response.vary.add("Accept-Encoding")
    if encoding != "identity":
        response.headers["Content-Encoding"] = encoding
    return response


def compress_response(response: Response) -> Response:
    """Compress a finished text response; streams and what is encoded already pass through."""
    kind = response.mimetype or ""
    if not kind.startswith(COMPRESSIBLE) or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    encoding = preferred_encoding(request.headers.get("Accept-Encoding", ""))
    if encoding == "identity" or response.status_code in (204, 304) or "Content-Encoding" in response.headers:
        return response
    body = response.get_data()
    if len(body) >= LEAST_BYTES:
        response.set_data(encode(body, encoding, *(FAST if len(body) > LARGE_BYTES else ())))
        response.headers["Content-Encoding"] = encoding
    return response
