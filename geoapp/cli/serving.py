"""`geoapp serve`: the web server."""

from __future__ import annotations

import click

from geoapp.cli.group import Refused, example


@click.command(
    epilog=example("geoapp serve", "GEOAPP_CONTACT=editors@example.org geoapp serve --port 8080 --threads 16")
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=5000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0: any free one."
)
@click.option(
    "--threads", default=8, show_default=True, type=click.IntRange(1, 256), help="Requests at a time."
)
def serve(host: str, port: int, threads: int) -> None:
    """Serve the map, the pages and the exports.

    An empty store is filled first from the data folder; a store with data is left as it is.
    """
    from waitress.server import create_server

    from geoapp.cli.opening import fill_if_empty, open_store
    from geoapp.config import Settings
    from geoapp.web.app import create_app

    settings = Settings.from_env()
    with open_store(settings, create=True) as store:
        fill_if_empty(store, settings)
    try:
        server = create_server(create_app(settings), host=host, port=port, threads=threads, ident=None)
    except OSError as error:
        hint = f"is another program using port {port}? Try --port {port + 1 if port < 65535 else 5000}"
        raise Refused(f"cannot listen on {host}:{port} ({error.strerror}); {hint}") from error
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Serving on http://{shown}:{server.effective_port}/ (Ctrl+C to stop)", err=True)
    server.run()
