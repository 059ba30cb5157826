"""The command line: one module per family of commands; heavy imports stay inside the commands."""

from __future__ import annotations

import atexit
import gc

import click

from geoapp.cli import (
    data,
    docs,
    exporting,
    linking,
    moving,
    people,
    publishing,
    record,
    serving,
    starting,
    translating,
    upkeep,
)
from geoapp.cli.group import Commands, example

main = Commands(
    "geoapp",
    help="A map of dated incidents along a contested boundary line.\n\n"
    "Settings come from GEOAPP_* variables; `geoapp docs` lists them.\n\n"
    + example(
        "geoapp serve", "geoapp import new.csv --dry-run", "geoapp export --format csv --output all.csv"
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
click.version_option(package_name="geoapp", message="%(prog)s %(version)s")(main)
# Looking for garbage before the process ends takes as long as loading what a command needs.
atexit.register(gc.freeze)
for command in (
    serving.serve,
    starting.init,
    data.import_,
    exporting.export,
    publishing.publish,
    upkeep.rejoin,
    upkeep.reload,
    upkeep.check,
    moving.backup,
    moving.restore,
    moving.copy,
    linking.check_links,
    people.user,
    record.history,
    record.undo,
    record.redact,
    docs.docs,
    translating.catalogs,
):
    main.add_command(command)

__all__ = ["main"]
