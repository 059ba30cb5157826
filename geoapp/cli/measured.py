"""The port for Prometheus: taken before workers are forked, answered by whichever takes a connection."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from flask import Flask

from geoapp.web import metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

PATH = "/metrics"


@contextmanager
def shared_figures() -> Iterator[None]:
    """Let all processes that are forked in the block add to the same figures, in a folder that then goes."""
    with tempfile.TemporaryDirectory(prefix="geoapp-metrics-") as folder:
        os.environ[metrics.FOLDER_VARIABLE] = folder
        try:
            yield
        finally:
            del os.environ[metrics.FOLDER_VARIABLE]


class _Handler(WSGIRequestHandler):
    # Who connects and says nothing does not keep the next one waiting for ever.
    timeout = 5

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Nothing: it would tell who asks."""


class _Server(WSGIServer):
    """On a socket that listens already."""

    def __init__(self, app: Flask, listening: socket.socket) -> None:
        host, port = listening.getsockname()[:2]
        super().__init__((host, port), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.server_name, self.server_port = host, port
        self.setup_environ()
        self._app = app
        self.set_app(self._answer)

    def _answer(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH:
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [f"The figures are at {PATH}\n".encode()]
        body, kind = metrics.exposition(self._app)
        start_response("200 OK", [("Content-Type", kind)])
        return [body]


def answer(app: Flask, listening: socket.socket) -> None:
    """Answer on this socket in a thread that ends with the process."""
    server = _Server(app, listening)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
