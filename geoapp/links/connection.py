"""One request to one address that was checked: pinned, bounded in bytes and in time."""

from __future__ import annotations

import http.client
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, Timer
from types import TracebackType
from typing import Literal, Self

from geoapp.links.policy import Target

Method = Literal["HEAD", "GET"]
CONNECT_S = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: its status and where it redirects to, if it does."""

    status: int
    location: str | None


class Deadline:
    """Cuts whatever connection is open when the time for one link is over.

    Time-outs of a socket start again with every byte, so a server that drips could hold us for ever.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds, self.is_over = seconds, False
        self._open: socket.socket | None = None
        self._lock = Lock()
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()

    def guard(self, connection: socket.socket) -> None:
        """Watch this connection from now on; raises TimeoutError when the time is over already."""
        with self._lock:
            self._open = connection
            if self.is_over:
                raise TimeoutError

    def _end(self) -> None:
        with self._lock:
            self.is_over = True
            if self._open is not None:
                with suppress(OSError):
                    # Not SSLSocket.shutdown, which takes the session away under the reading thread.
                    socket.socket.shutdown(self._open, socket.SHUT_RDWR)


class _Pinned(http.client.HTTPConnection):
    """A connection to one IP address that keeps the host's name in the request and in the handshake."""

    def __init__(self, target: Target, address: str, secure: ssl.SSLContext, deadline: Deadline) -> None:
        super().__init__(target.host, target.port, timeout=min(CONNECT_S, deadline.seconds))
        self._target, self._address, self._secure, self._deadline = target, address, secure, deadline
        self.default_port = 443 if target.is_secure else 80

    def connect(self) -> None:
        """Connect to the address that was checked; no name is looked up again and no proxy is asked."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = plain
        self._deadline.guard(plain)
        if self._target.is_secure:
            wrapped = self._secure.wrap_socket(
                plain, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock = wrapped
            self._deadline.guard(wrapped)
            wrapped.do_handshake()


@dataclass(frozen=True)
class Asker:
    """Sends single requests as one user agent; reads at most `max_bytes` of a body and closes."""

    user_agent: str
    secure: ssl.SSLContext
    max_bytes: int = 65_536

    def ask(self, method: Method, target: Target, address: str, deadline: Deadline) -> Answer:
        """The answer of this very address; raises OSError and http.client.HTTPException."""
        connection = _Pinned(target, address, self.secure, deadline)
        headers = {
            "User-Agent": self.user_agent,
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        try:
            connection.request(method, target.path, headers=headers)
            with connection.getresponse() as response:
                response.read(self.max_bytes)
                return Answer(response.status, response.getheader("Location"))
        finally:
            connection.close()
