"""The end of a process that serves: what was begun is answered, what comes next goes elsewhere."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from waitress import wasyncore

from geoapp.cli.channel import BaseTask
from geoapp.cli.connections import OPTIONS, Connection
from geoapp.web import health

# Below the patience of whoever sent the signal (`workers.PATIENCE_S`), who would kill.
PATIENCE_S = 20.0
# A connection without a request may be one whose request is still on its way.
QUIET_S = 1.0
LOOK_EVERY_S = 0.2
# Connections that the system has taken for us and that we have not seen; as many as it keeps waiting.
MOST_WAITING = 1_024


class _Task(BaseTask):  # type: ignore[misc]
    """Tells a client that its connection ends with this answer, when the process is about to end."""

    def build_response_header(self) -> bytes:
        if self.channel.server.is_draining:
            self.set_close_on_finish()
        header: bytes = super().build_response_header()
        return header


class _Channel(Connection):
    task_class = _Task


class Serving:
    """Runs a waitress server until SIGTERM or Ctrl+C, and ends it without losing a request.

    After SIGTERM /readyz says 503 and requests are still taken for `seconds`, so that a balancer can look
    elsewhere; then nothing new is taken, and what was begun may take PATIENCE_S more. Ctrl+C waits for no
    balancer.
    """

    def __init__(self, server: Any, sockets: dict[int, Any], app: Flask, seconds: int) -> None:
        self._server, self._sockets, self._app, self._seconds = server, sockets, app, seconds
        self._asked = threading.Event()
        server.is_draining = False
        server.channel_class = _Channel

    def run(self) -> None:
        """Serve; returns when the process may end."""
        signal.signal(signal.SIGTERM, self._ask)
        try:
            self._turn_until(self._asked.is_set)
            health.drain(self._app)
            self._server.is_draining = True
            told = time.monotonic()
            self._turn_until(lambda: time.monotonic() - told >= self._seconds)
        except KeyboardInterrupt:
            self._server.is_draining = True
        self._take_no_more()
        begun = time.monotonic()
        self._turn_until(lambda: self._is_done() or time.monotonic() - begun > PATIENCE_S)
        self._server.task_dispatcher.shutdown()

    def _ask(self, number: int, frame: object) -> None:
        self._asked.set()
        self._server.pull_trigger()

    def _turn_until(self, is_over: Callable[[], bool]) -> None:
        while not is_over():
            wasyncore.loop(LOOK_EVERY_S, OPTIONS["asyncore_use_poll"], self._sockets, count=1)

    def _take_no_more(self) -> None:
        """Take the connections that wait, then none: who comes later is refused and can ask elsewhere."""
        channels = self._server.active_channels
        for _ in range(MOST_WAITING):
            before = len(channels)
            self._server.handle_accept()
            if len(channels) == before:
                break
        # Not the server's own `close`, which closes what wakes the loop, too.
        wasyncore.dispatcher.close(self._server)

    def _is_done(self) -> bool:
        """Nobody is connected any more; connections on which nothing happens are closed."""
        now = time.time()
        for channel in list(self._server.active_channels.values()):
            if channel.is_idle and not channel.request and now - channel.last_activity > QUIET_S:
                channel.will_close = True
        return not self._server.active_channels
