"""`geoapp init`: a data folder for another line."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from geoapp.cli.group import Refused, example
from geoapp.config import PACKAGE

STARTER = PACKAGE / "starter"


@click.command(epilog=example("geoapp init my-line", "GEOAPP_DATA_DIR=my-line geoapp serve"))
@click.argument(
    "folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path), required=False
)
def init(folder: Path) -> None:
    """Make a data folder for another line in DIR (default: this folder), which must be empty.

    It holds a made-up line with areas, crossings, places, actors, categories and a few incidents as a
    template; it runs as it is. Its README says what to put in the place of what.
    """
    try:
        if folder.is_dir() and any(folder.iterdir()):
            raise Refused(f"{folder} is not empty; name a new folder, such as geoapp init my-line")
        made = shutil.copytree(STARTER, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
    except OSError as error:
        raise Refused(f"cannot write to {folder}: {error.strerror or error}") from error
    where = made.resolve()
    click.echo(f"Made a data folder in {where}. Look at it:")
    click.echo(f"  GEOAPP_DATA_DIR={where} GEOAPP_INSTANCE_DIR={where}-instance geoapp serve")
