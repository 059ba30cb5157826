"""Taking turns with what costs seconds of the processor: a few such answers are made at once in a process.

More of them would not be ready sooner, and meanwhile every reader would wait behind them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from geoapp.errors import Busy


class Turns:
    """So many turns at once, and so many who wait for one, each for `patience_s` seconds at most.

    Who waits holds a thread that answers readers, so few may, and not for long.
    """

    def __init__(self, at_once: int, waiting: int, patience_s: float) -> None:
        self.at_once, self.waiting, self.patience_s = at_once, waiting, patience_s
        self._present = BoundedSemaphore(at_once + waiting)
        self._turns = BoundedSemaphore(at_once)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One of the turns for the block; raises Busy when none becomes free soon."""
        if not self._present.acquire(blocking=False):
            raise Busy
        try:
            if not self._turns.acquire(timeout=self.patience_s):
                raise Busy
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._present.release()

    def in_turn(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The pieces within one turn, which ends with them or with `close`."""
        with self.turn():
            yield from pieces


EXPORTS = Turns(at_once=2, waiting=2, patience_s=3.0)
# A file of 100,000 rows takes 450 MB and some seconds: of two at once neither would be ready sooner.
CHECKS = Turns(at_once=1, waiting=2, patience_s=10.0)
