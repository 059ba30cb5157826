"""Taking turns with what costs seconds of the processor: a few such answers are made at once in a process.

More of them would not be ready sooner, and meanwhile every reader would wait behind them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from geoapp.errors import Busy

MOST_AT_ONCE = 2
# Who waits holds a thread that answers readers, so few may, and not for long.
MOST_WAITING = 2
PATIENCE_S = 3.0

_present = BoundedSemaphore(MOST_AT_ONCE + MOST_WAITING)
_turns = BoundedSemaphore(MOST_AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """One of the turns for the block; raises Busy when none becomes free soon."""
    if not _present.acquire(blocking=False):
        raise Busy
    try:
        if not _turns.acquire(timeout=PATIENCE_S):
            raise Busy
        try:
            yield
        finally:
            _turns.release()
    finally:
        _present.release()


def in_turn(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces within one turn, which ends with them or with `close`."""
    with turn():
        yield from pieces
