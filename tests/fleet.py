"""Several `geoapp serve` processes on one store, a tiny balancer, and people who ask over the wire."""

from __future__ import annotations

import http.client
import itertools
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

from werkzeug.test import EnvironBuilder

from tests.editing import Person

PATIENCE_S = 60
# What belongs to one connection alone.
HOP = ("connection", "keep-alive", "transfer-encoding")


def until(asked, patience=PATIENCE_S):
    """Ask again until the answer is true; gives it."""
    end = time.monotonic() + patience
    while not (found := asked()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)
    return found


def _text(file):
    file.seek(0)
    return file.read()


class Process:
    """One `geoapp serve`; a later start takes the port of the first."""

    def __init__(self, **settings):
        self._settings, self.port = settings, 0

    def start(self):
        known = {name: value for name, value in os.environ.items() if not name.startswith("GEOAPP_")}
        with tempfile.TemporaryFile("w+") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "geoapp", "serve", "--port", str(self.port), "--threads", "4"],
                env=known | self._settings,
                stderr=said,
            )
            found = until(lambda: re.search(r"Serving on http://127\.0\.0\.1:(\d+)/", _text(said)))
        self.port = int(found[1])
        return self

    def is_ready(self):
        with suppress(OSError):
            return get(self.port, "/readyz").status_code == 200
        return False

    def end(self):
        """Ask it to end; gives its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=PATIENCE_S)

    def restart(self):
        """End it as an operator does; gives how it ended when it is ready again."""
        code = self.end()
        self.start()
        until(self.is_ready)
        return code


class Balancer(ThreadingHTTPServer):
    """Hands each request to the next process that is ready; asks another only where it could not connect."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, processes):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.processes, self.turn = processes, itertools.count()
        self.ready = dict.fromkeys(processes, True)
        self.is_over = threading.Event()
        for work in (self.serve_forever, self._look):
            threading.Thread(target=work, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def _look(self):
        while not self.is_over.wait(0.1):
            for each in self.processes:
                self.ready[each] = each.is_ready()

    def next(self):
        """The processes to ask in this order."""
        first = next(self.turn)
        turned = [
            self.processes[(first + number) % len(self.processes)] for number in range(len(self.processes))
        ]
        return [each for each in turned if self.ready[each]] or turned

    def handle_error(self, request, client_address):
        """Told to the client by a connection that ends."""


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        for process in self.server.next():
            behind = http.client.HTTPConnection("127.0.0.1", process.port, timeout=PATIENCE_S)
            try:
                behind.connect()
            except ConnectionRefusedError:
                continue
            self._hand_on(behind, body)
            return
        self.send_error(502)

    do_POST = do_GET

    def _hand_on(self, behind, body):
        kept = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        behind.request(self.command, self.path, body=body or None, headers=kept)
        answer = behind.getresponse()
        whole = answer.read()
        behind.close()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in (*HOP, "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(whole)))
        self.end_headers()
        self.wfile.write(whole)


@contextmanager
def fleet(count, **settings):
    """So many processes with these settings, the first of which fills an empty store; and their balancer."""
    processes = [Process(**settings) for _ in range(count)]
    balancer = None
    try:
        for each in processes:
            until(each.start().is_ready)
        balancer = Balancer(processes)
        yield processes, balancer
    finally:
        if balancer is not None:
            balancer.is_over.set()
            balancer.shutdown()
            balancer.server_close()
        for each in processes:
            if hasattr(each, "process"):
                each.process.kill()
                each.process.wait()


class Wire:
    """Asks one port over the wire, with the interface of a test client as far as `Person` needs it."""

    def __init__(self, port, reader=None):
        self.port, self.reader, self.cookies = port, reader, {}

    def get(self, path, **_):
        return self._ask("GET", path)

    def post(self, path, data=None, **_):
        with closing(EnvironBuilder(method="POST", data=data)) as form:
            sent = form.get_environ()
            return self._ask("POST", path, sent["wsgi.input"].read(), sent["CONTENT_TYPE"])

    def _ask(self, method, path, body=None, media_type=None):
        headers = {"Content-Type": media_type} if media_type else {}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        # The port may be a balancer's: whoever answers has to be one host for the forms.
        headers["Host"] = "map.example.org"
        if self.reader:
            headers["X-Forwarded-For"] = self.reader
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return SimpleNamespace(
            status_code=answer.status,
            content=content,
            text=content.decode(errors="replace"),
            headers=answer.headers,
            location=answer.headers.get("Location"),
            mimetype=answer.headers.get_content_type(),
        )


def get(port, path, reader=None):
    """One answer, whole; `reader` is the address that a proxy in front names."""
    return Wire(port, reader).get(path)


def one_of_many(number):
    """The address of a reader, for tests that ask more than one reader may."""
    return f"100.{number // 250 % 250}.{number % 250}.1"


class RemotePerson(Person):
    """A person with one browser, who may be sent to any port."""

    def __init__(self, port):
        super().__init__(SimpleNamespace(test_client=lambda: Wire(port)))

    def at(self, port):
        """From now on this port answers."""
        self.client.port = port
        return self
