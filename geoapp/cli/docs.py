"""`geoapp docs`: the manual's generated pages, from the schema, the settings and the commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import click

from geoapp.cli.group import Refused, example

_NOTE = "<!-- Made by `geoapp docs`; edit the source, not this file. -->\n\n"


@click.command(epilog=example("geoapp docs", "geoapp docs --check"))
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 when a page is not up to date.")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("docs/generated"),
    show_default=True,
    help="Folder of the pages.",
)
@click.pass_context
def docs(ctx: click.Context, check: bool, output: Path) -> None:
    """Write the generated pages of the manual: data dictionary, commands, settings, filters."""
    pages = render(ctx.find_root().command)
    stale = [name for name, text in pages.items() if _read(output / name) != text]
    if check:
        if stale:
            raise Refused(f"not up to date: {', '.join(stale)}; run geoapp docs and commit what it writes")
        click.echo(f"{len(pages)} pages in {output} are up to date.")
        return
    output.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (output / name).write_text(pages[name], encoding="utf-8", newline="\n")
    click.echo(f"{len(stale)} of {len(pages)} pages written to {output}.")


def _read(page: Path) -> str | None:
    return page.read_text(encoding="utf-8") if page.is_file() else None


def render(root: click.Command) -> dict[str, str]:
    """Every generated page: file name -> Markdown."""
    return {
        "data-dictionary.md": _NOTE + "\n".join(_data_dictionary()),
        "cli.md": _NOTE + "\n".join(_commands(root)),
        "settings.md": _NOTE + "\n".join(_settings()),
        "filters.md": _NOTE + "\n".join(_filters()),
        "recipes.md": _NOTE + "\n".join(_recipes()),
    }


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    head = list(head)
    yield f"| {' | '.join(head)} |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def _data_dictionary() -> Iterator[str]:
    from geoapp.incident import INCIDENT_FIELDS, JOINED_FIELDS, REPORT_FIELDS, Field

    def rows(listed: Iterable[Field]) -> Iterator[tuple[str, ...]]:
        for item in listed:
            required = "yes" if item.required else "no"
            yield f"`{item.name}`", item.kind.name, required, item.meaning, item.kind.description

    head = ("Name", "Kind", "Required", "Meaning", "Values")
    yield "# Data dictionary\n"
    yield "CSV in UTF-8, one row per incident and report; rows that share an `id` are one incident.\n"
    yield "## Columns of an incident\n"
    yield from _table(head, rows(INCIDENT_FIELDS))
    yield "## Columns of a report\n"
    yield from _table(head, rows(REPORT_FIELDS))
    yield "## Joined fields\n"
    yield "Computed from the layers when a row comes in; in GeoJSON, never in an upload.\n"
    yield from _table(head, rows(JOINED_FIELDS))


def _commands(root: click.Command) -> Iterator[str]:
    yield "# Commands\n"
    yield "Exit code 0: done; 1: the data were refused, every error is printed; 2: wrong use.\n"
    with click.Context(root, info_name="geoapp", terminal_width=100, **root.context_settings) as parent:
        yield from _below(root, parent)


def _below(group: click.Command, parent: click.Context) -> Iterator[str]:
    """Every command of a group, and after a group in it its own commands."""
    listed: Mapping[str, click.Command] = group.commands if isinstance(group, click.Group) else {}
    for name, command in listed.items():
        context = click.Context(command, parent, name)
        yield f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
        yield from _below(command, context)


def _settings() -> Iterator[str]:
    from geoapp.config import described

    yield "# Settings\n"
    yield "Environment variables, read once at the start.\n"
    yield from _table(
        ("Variable", "Default", "Meaning"),
        (
            (f"`{name}`", f"`{default}`" if default else "(blank)", sentence)
            for name, default, sentence in described()
        ),
    )


def _filters() -> Iterator[str]:
    from geoapp.query import FILTERS

    yield "# Filters\n"
    yield "One vocabulary for map, list, API, exports and command line. Values of one name are alternatives,"
    yield "separated by commas (a comma inside a value is written `\\,`); all names must hold.\n"
    yield from _table(
        ("Name", "Type", "Meaning"),
        ((f"`{name}`", str(item.json_schema["type"]), item.meaning) for name, item in FILTERS.items()),
    )


def _recipes() -> Iterator[str]:
    from geoapp.export import recipes

    return recipes.page("https://map.example.org")
