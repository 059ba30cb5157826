"""`geoapp serve`: the web server."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import click

from geoapp.cli.group import Refused, WrongUse, example
from geoapp.config import Settings, unknown


@click.command(
    epilog=example("geoapp serve", "GEOAPP_CONTACT=editors@example.org geoapp serve --port 8080 --workers 4")
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=5000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0: any free one."
)
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that serve."
)
@click.option(
    "--threads",
    default=8,
    show_default=True,
    type=click.IntRange(1, 256),
    help="Requests at a time in each process.",
)
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the map, the pages and the exports.

    An empty store is filled first from the data folder; a store with data is left as it is.
    """
    from geoapp import tiles
    from geoapp.cli.opening import fill_if_empty, open_store

    if workers > 1 and not hasattr(os, "fork"):
        raise WrongUse("--workers above 1 needs a system that can fork; start with --workers 1")
    settings = Settings.from_env()
    for warning in unknown():
        click.echo(f"Warning: {warning}", err=True)
    # Refused here, once, and not by each worker as it starts.
    tiles.source(settings)
    listening = _bound(host, port)
    with open_store(settings, create=True) as store:
        fill_if_empty(store, settings)
    with _figures(settings) as figures:
        if workers == 1:
            # Until it serves; then `Serving` looks after the signal.
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
            _run(settings, listening, threads, partial(_tell, listening), figures)
        else:
            from geoapp.cli.workers import Workers

            listening.listen()
            _tell(listening)
            each = partial(_run, settings, listening, threads, bool, figures)
            Workers(workers, each, listening, settings.drain_seconds).run()


@contextmanager
def _figures(settings: Settings) -> Iterator[socket.socket | None]:
    """The socket at which figures are asked for, if any, for the block; raises Refused."""
    if not settings.metrics_port:
        yield None
        return
    from geoapp.cli.measured import shared_figures

    with (
        shared_figures(),
        _bound("127.0.0.1", settings.metrics_port, "set another GEOAPP_METRICS_PORT") as taken,
    ):
        taken.listen()
        yield taken


# Bytes of an answer that may wait to be sent; half of what waitress keeps in memory.
MOST_BYTES_WAITING = 524_288


def _tell(listening: socket.socket) -> None:
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Serving on http://{shown}:{port}/ (Ctrl+C to stop)", err=True)


def _run(
    settings: Settings,
    listening: socket.socket,
    threads: int,
    listens: Callable[[], object],
    figures: socket.socket | None,
) -> None:
    """Answer requests in this process until it is told to stop; `listens` is called when it takes them."""
    from waitress.server import create_server

    from geoapp.cli.connections import OPTIONS
    from geoapp.cli.counting import Counting
    from geoapp.cli.draining import Serving
    from geoapp.cli.memory import give_back_large_blocks
    from geoapp.web.app import create_app
    from geoapp.web.editing.bounds import most_bytes

    # Every request beyond the threads would be a warning ("Task queue depth"): requests waiting are no fault.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    # Waitress would drop what a proxy says; the application itself believes as many as the setting names.
    options = {
        "threads": threads,
        "ident": None,
        "clear_untrusted_proxy_headers": False,
        # A stream waits for its reader well before waitress would write what waits to a file.
        "outbuf_high_watermark": MOST_BYTES_WAITING,
        "max_request_body_size": most_bytes(settings),
        **OPTIONS,
    }
    give_back_large_blocks()
    app = create_app(settings)
    sockets: dict[int, Any] = {}
    # Listens from here on, not before: until a process is ready, a proxy is refused and asks another one.
    server = create_server(app, map=sockets, sockets=[listening], **options)
    listens()
    Counting(app).start()
    if figures is not None:
        from geoapp.cli.measured import answer

        answer(app, figures)
    Serving(server, sockets, app, settings.drain_seconds).run()


def _bound(host: str, port: int, hint: str = "") -> socket.socket:
    """A socket on this address, taken before anything slow is done; raises Refused when it is in use."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    try:
        if os.name == "posix":
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind((host, port))
        return bound
    except OSError as error:
        bound.close()
        hint = hint or f"is another program using it? Try --port {port + 1 if port < 65535 else 5000}"
        raise Refused(f"cannot listen on {host}:{port} ({error.strerror}); {hint}") from error
