"""The connections of `geoapp serve`: no reader can keep others out by sending slowly or not at all."""

from __future__ import annotations

import os
import select
import socket
import sys
import time
from typing import Any

from waitress.channel import HTTPChannel

from geoapp.cli.channel import Channel

# A request must have come whole within so many seconds, and one more for each so many bytes of it.
PATIENCE_S = 30
LEAST_BYTES_A_SECOND = 1000
# Waitress takes no more connections at its limit; before that, the one that waits longest is let go.
MOST = 500
ROOM = 100
# Without a word either way; a reader's connection may be away for a while.
SILENT_S = 60
OPTIONS: dict[str, Any] = {
    "connection_limit": MOST,
    "channel_timeout": SILENT_S,
    # The other way of waiting knows no file numbers above 1,023.
    "asyncore_use_poll": hasattr(select, "poll"),
    "max_request_header_size": 65_536,
}


# Where the system cannot gather and send by itself (Windows), waitress sends in its own way.
_Base: type[HTTPChannel] = (
    Channel if hasattr(os, "sendfile") and hasattr(socket.socket, "sendmsg") else HTTPChannel
)


class Connection(_Base):  # type: ignore[misc]
    """One connection, which is closed when its request comes too slowly or others need its place."""

    def __init__(self, server: Any, *arguments: Any, **named: Any) -> None:
        super().__init__(server, *arguments, **named)
        self.waiting_since, self._taken = self.clock(), 0
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
        if self.clock() - self.waiting_since > PATIENCE_S + self._taken / LEAST_BYTES_A_SECOND:
            self.will_close = True
            return False
        return bool(super().received(data))

    def handle_error(self) -> None:
        """Close after a request that cannot be taken apart; the log does not say who sent it."""
        kind = sys.exc_info()[0]
        self.logger.error("a connection was closed: %s", kind.__name__ if kind else "unknown")
        self.handle_close()

    def __repr__(self) -> str:
        return "<a connection>"

    def _make_room(self, server: Any) -> None:
        """Let the connection go that has waited longest; never this one, nor one that is being answered."""
        others = [each for each in list(server.active_channels.values()) if each is not self and each.is_idle]
        if others:
            min(others, key=lambda each: float(each.waiting_since)).will_close = True
