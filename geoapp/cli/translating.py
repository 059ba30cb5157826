"""`geoapp catalogs`: the translations of the pages, in step with what program and data say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geoapp.cli.group import Refused, example

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog


@click.command(epilog=example("geoapp catalogs", "geoapp catalogs --check"))
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 when a message is missing.")
def catalogs(check: bool) -> None:
    """Bring the catalogs in step: those of the program, and those of the labels in DATA_DIR.

    New messages come in blank, translations that are there stay, messages that nobody says go.
    """
    from geoapp.web import extraction

    stale, blank = [], 0
    for path, wanted in _wanted():
        catalog = extraction.in_step(path, wanted)
        text, missing = extraction.as_file(catalog), extraction.untranslated(catalog)
        blank += len(missing)
        if not path.is_file() or path.read_bytes() != text:
            stale.append(path.name)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text)
        click.echo(
            f"{path.parent.parent.name}/{path.name}: {len(catalog)} messages, {len(missing)} not translated"
        )
    if check and (stale or blank):
        raise Refused("run geoapp catalogs and translate what it leaves blank")


def _wanted() -> list[tuple[Path, Catalog]]:
    from geoapp import reference
    from geoapp.config import Settings
    from geoapp.web import catalogs, extraction, language

    data_dir = Settings.from_env().data_dir
    folders = {
        catalogs.OURS: extraction.program(),
        catalogs.of_data(data_dir): extraction.of_data(reference.read(data_dir), data_dir),
    }
    codes = [code for code in language.LANGUAGES if code != language.DEFAULT]
    return [(folder / f"{code}.po", wanted) for folder, wanted in folders.items() for code in codes]
