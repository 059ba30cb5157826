"""Web servers on this very machine, and a checker that may ask them because a test says so."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from geoapp.links import Checker, Policy

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """A running server: what was asked of it, and what it replies under each path."""

    port: int
    replies: dict[str, Reply]
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "news.example", scheme: str = "http") -> str:
        """An address of this server under a name that only the test's resolver knows."""
        return f"{scheme}://{host}:{self.port}{path}"


def status(code: int, **headers: str) -> Reply:
    """Replies with a status, these headers and no body."""

    def reply(request: BaseHTTPRequestHandler) -> None:
        request.send_response(code)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return reply


def by_method(**replies: Reply) -> Reply:
    """Replies to each method in its own way."""
    return lambda request: replies[request.command](request)


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def _reply(self) -> None:
        self.site.asked.append(f"{self.command} {self.path}")
        self.site.headers.append(dict(self.headers))
        self.site.replies.get(self.path, status(404))(self)

    do_GET = do_HEAD = _reply

    def log_message(self, *_: object) -> None:
        """Tests look at `asked`."""


@pytest.fixture
def start() -> Iterator[Callable[..., Site]]:
    """Starts a server with these replies by path; with a context it speaks TLS."""
    running = []

    def start(replies: dict[str, Reply] | None = None, secure: ssl.SSLContext | None = None) -> Site:
        handler = type("Handler", (_Handler,), {})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        if secure:
            server.socket = secure.wrap_socket(server.socket, server_side=True)
        handler.site = Site(server.server_address[1], {"/": status(200)} | (replies or {}))
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        running.append((server, thread))
        return handler.site

    yield start
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def here() -> Callable[..., Checker]:
    """Makes a checker for which every name stands for this machine and whose policy permits that."""

    def here(*sites: Site, **changed: object) -> Checker:
        policy = Policy(
            ports=frozenset(site.port for site in sites),
            permits=lambda address: address == "127.0.0.1",
            resolve=lambda host, port: ["127.0.0.1"],
        )
        return Checker(**({"user_agent": "test", "policy": policy} | changed))

    return here


@pytest.fixture
def deaf() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of `news.example`, made for this run and trusted by nobody."""
    file = tmp_path_factory.mktemp("tls") / "news.pem"
    order = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=news.example"
    )
    name = ["-addext", "subjectAltName=DNS:news.example", "-keyout", str(file), "-out", str(file) + ".crt"]
    subprocess.run([*order.split(), *name], check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + Path(str(file) + ".crt").read_bytes())
    return file
