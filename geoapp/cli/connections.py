"""The connections of `geoapp serve`: no reader can keep others out by sending slowly or not at all."""

from __future__ import annotations

import select
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from geoapp.cli.channel import BaseChannel

# A request must have come whole within so many seconds, and one more for each so many bytes of it.
PATIENCE_S = 30
LEAST_BYTES_A_SECOND = 1000
# Waitress takes no more connections at its limit; before that, the one that waits longest is let go.
MOST = 500
ROOM = 100
# Waitress takes a request whole before it is looked at, whoever sends it, and lays it by in a file: so many
# bytes of all together. What is small is always taken.
MOST_TAKEN, SMALL = 400_000_000, 1_000_000
# Without a word either way; a reader's connection may be away for a while.
SILENT_S = 60
# Each answer that waits for its reader holds a thread. While more than half of the threads do, the slowest
# reader is let go who takes less than this and for whom the next piece has waited so many seconds.
LEAST_TAKEN_A_SECOND = 32_000
SLOW_S = 3
# Bytes that the system takes before it has sent them.
MOST_UNSENT = 131_072
LOOK_EVERY_S = 1.0
OPTIONS: dict[str, Any] = {
    "connection_limit": MOST,
    "channel_timeout": SILENT_S,
    # The other way of waiting knows no file numbers above 1,023.
    "asyncore_use_poll": hasattr(select, "poll"),
    "max_request_header_size": 65_536,
}


class SlowReaders:
    """The connections of one server whose answers wait for their readers."""

    def __init__(self, threads: int) -> None:
        self._most = max(1, threads // 2)
        self._lock = threading.Lock()
        self._waiting: list[Connection] = []

    @contextmanager
    def one_more(self, connection: Connection) -> Iterator[None]:
        """This connection waits within the block."""
        with self._lock:
            self._waiting.append(connection)
        try:
            yield
        finally:
            with self._lock:
                self._waiting.remove(connection)

    def is_too_slow(self, connection: Connection, now: float) -> bool:
        """Whether this one must go: too little was taken for long, or many wait and it is the slowest."""
        waited = now - connection.slow_since
        if waited < SLOW_S or waited > SILENT_S:
            return waited > SILENT_S
        with self._lock:
            if len(self._waiting) <= self._most:
                return False
            slowest = min(self._waiting, key=lambda each: each.rate(now))
        return slowest is connection and connection.rate(now) < LEAST_TAKEN_A_SECOND


class Connection(BaseChannel):  # type: ignore[misc]
    """One connection, which is closed when its request comes too slowly or others need its place."""

    def __init__(self, server: Any, *arguments: Any, **named: Any) -> None:
        super().__init__(server, *arguments, **named)
        self.waiting_since, self._taken = self.clock(), 0
        self.slow_since, self._sent = 0.0, 0
        with suppress(AttributeError, OSError):
            # Else the system takes megabytes at once and then long nothing, however fast the reader is.
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, MOST_UNSENT)
        if not hasattr(server, "slow_readers"):
            server.slow_readers = SlowReaders(self.adj.threads)
        if len(server.active_channels) > MOST - ROOM:
            self._make_room(server)

    @staticmethod
    def clock() -> float:
        """Seconds that only go up."""
        return time.monotonic()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is answered here and the connection is still wanted."""
        return not self.requests and not self.total_outbufs_len and not self.will_close

    def received(self, data: bytes) -> bool:
        """Take what came, as long as the request is not late."""
        if self.request is None:
            self.waiting_since, self._taken = self.clock(), 0
        self._taken += len(data)
        is_late = self.clock() - self.waiting_since > PATIENCE_S + self._taken / LEAST_BYTES_A_SECOND
        if is_late or (self._taken > SMALL and self._is_too_much()):
            self.will_close = True
            return False
        return bool(super().received(data))

    def writable(self) -> bool:
        """Whether the loop shall look for a moment to send; who does not read never gives one."""
        if self.will_close and self.total_outbufs_len:
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)  # the loop hears of that, and closes
        return bool(super().writable())

    def rate(self, now: float) -> float:
        """Bytes that the reader takes in each second, since this answer waits until enough is taken."""
        return self._sent / max(now - self.slow_since, 0.001)

    def send(self, data: Any, do_close: bool = True) -> int:
        """Send, and note what the reader takes."""
        sent: int = super().send(data, do_close)
        self._sent += sent
        return sent

    def _flush_outbufs_below_high_watermark(self) -> None:
        """Wait until the reader has taken enough; one who is too slow is let go."""
        most = self.adj.outbuf_high_watermark
        if self.total_outbufs_len <= most:
            return
        with self.outbuf_lock, self.server.slow_readers.one_more(self):
            self.slow_since, self._sent = self.clock(), 0
            while self.connected and self.total_outbufs_len > most:
                self.will_close = self.will_close or self.server.slow_readers.is_too_slow(self, self.clock())
                self.server.pull_trigger()
                self.outbuf_lock.wait(LOOK_EVERY_S)

    def handle_error(self) -> None:
        """Close after a request that cannot be taken apart; the log does not say who sent it."""
        kind = sys.exc_info()[0]
        self.logger.error("a connection was closed: %s", kind.__name__ if kind else "unknown")
        self.handle_close()

    def __repr__(self) -> str:
        return "<a connection>"

    def _is_too_much(self) -> bool:
        """Whether all the requests that are not answered yet take more room than there is."""
        channels = list(self.server.active_channels.values())
        taken: int = sum(each._taken for each in channels if each.request or each.requests)
        return taken > MOST_TAKEN

    def _make_room(self, server: Any) -> None:
        """Let the connection go that has waited longest, one that takes an answer only if all do.

        Never this one, nor one that is being answered.
        """
        others = [
            each
            for each in list(server.active_channels.values())
            if each is not self and not each.requests and not each.will_close
        ]
        if others:
            min(others, key=lambda each: (each.total_outbufs_len > 0, each.waiting_since)).will_close = True
