"""How a stream is cut: into pieces large enough to send, small enough to hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

# A few dozen incidents; below this the cost per piece shows, above it only the memory does.
PIECE_BYTES = 64 * 1024


def in_pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of at least `PIECE_BYTES`, the last one excepted."""
    waiting: list[bytes] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= PIECE_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)
