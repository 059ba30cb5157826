"""Content codings of a stream: Brotli and gzip, piece by piece."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import brotli


def encoded(pieces: Iterable[bytes], coding: str, quality: int = 4) -> Iterator[bytes]:
    """The pieces in the coding `br` (with that quality) or `gzip`; `identity` leaves them as they are."""
    if coding == "br":
        by_brotli = brotli.Compressor(quality=quality)
        packed = chain((by_brotli.process(piece) for piece in pieces), _late(by_brotli.finish))
    elif coding == "gzip":
        # 16 more than the largest window asks zlib for the gzip header.
        by_gzip = zlib.compressobj(6, wbits=16 + zlib.MAX_WBITS)
        packed = chain((by_gzip.compress(piece) for piece in pieces), _late(by_gzip.flush))
    else:
        return iter(pieces)
    return (piece for piece in packed if piece)


def _late(close: Callable[[], bytes]) -> Iterator[bytes]:
    yield close()
