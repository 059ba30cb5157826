"""`geoapp publish`: the site as a folder of files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geoapp.cli.group import Refused, example
from geoapp.cli.progress import progress

if TYPE_CHECKING:
    from geoapp.publish import Published


@click.command(
    epilog=example(
        "GEOAPP_CONTACT=desk@example.org GEOAPP_BASE_URL=https://map.example.org geoapp publish site",
        "cd site && python -m http.server",
    )
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--no-twins", is_flag=True, help="Leave out .br and .gz files: the host packs by itself.")
def publish(folder: Path, no_twins: bool) -> None:
    """Write the whole site for readers into FOLDER, for any file host.

    Map, list, records with their versions, stories, downloads, in every language; the map's filters and
    search run in the reader's browser. Run again, it rewrites what changed and nothing else. Files in
    FOLDER that it did not make stay as they are. Without GEOAPP_BASE_URL what needs the site's own
    address is left out: the feed, the site map, canonical links.
    """
    from geoapp.config import Settings
    from geoapp.publish import publish as write

    settings = Settings.from_env()
    with progress("Publishing") as show:
        done = write(settings, folder, show, twins=not no_twins)
    _tell(done, folder, has_base=bool(settings.base_url))
    if done.failed:
        raise Refused(
            f"{len(done.failed)} linked pages could not be rendered, the first: {done.failed[0].address}"
        )


def _tell(done: Published, folder: Path, *, has_base: bool) -> None:
    written = done.written
    click.echo(
        f"{folder}: {written.files:,} files, {written.bytes / 1e6:.1f} MB; {written.changed:,} written, "
        f"{written.removed:,} removed, {written.kept:,} of earlier versions kept.",
        err=True,
    )
    sizes = ", ".join(f"{code} {size / 1e6:.1f} MB" for code, size in done.by_language.items())
    click.echo(f"Pages by language: {sizes}.", err=True)
    if not has_base:
        click.echo(
            "GEOAPP_BASE_URL is not set: feed, site map, canonical links and linked data are left out; "
            "texts name https://this-site.example.",
            err=True,
        )
