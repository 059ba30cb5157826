"""The command group: turns what the core raises into a message and an exit code, in one place."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import click

from geoapp.errors import BadParameters, DataRefused, GeoappError, Problem, SettingRefused

REFUSED = 1
WRONG_USE = 2
# More lines than this would push the first ones out of most terminals' memory.
MOST_PRINTED = 500
# Characters: longer than any first sentence, which click would cut at the width of one line.
MOST_SAID = 300


class Refused(click.ClickException):
    """The data or the store did not allow it: exit code 1."""

    exit_code = REFUSED


class WrongUse(click.ClickException):
    """The command or a setting was used wrongly: exit code 2."""

    exit_code = WRONG_USE


class Commands(click.Group):
    """A click group whose commands may raise any GeoappError."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with the whole first sentence of each, over several lines where it needs them."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        told = [(name, each.get_short_help_str(MOST_SAID)) for name, each in commands if each]
        with formatter.section("Commands"):
            formatter.write_dl(told)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; raises click's exceptions with the contract's exit codes."""
        try:
            return super().invoke(ctx)
        except DataRefused as error:
            tell(error.problems)
            raise Refused(_counted(error)) from error
        except (BadParameters, SettingRefused) as error:
            raise WrongUse(str(error)) from error
        except GeoappError as error:
            raise Refused(str(error) or type(error).__name__) from error


def tell(problems: Sequence[Problem]) -> None:
    """Print problems, errors first where they are too many to be read; the rest is counted."""
    shown = problems
    if len(problems) > MOST_PRINTED:
        shown = sorted(problems, key=lambda each: each.level != "error")[:MOST_PRINTED]
    for problem in shown:
        click.echo(str(problem), err=True)
    if (more := len(problems) - len(shown)) > 0:
        click.echo(f"... and {more:,} more (--errors FILE of import writes all errors to a file)", err=True)


def _counted(error: DataRefused) -> str:
    errors = sum(problem.level == "error" for problem in error.problems)
    return f"nothing was changed: {errors} error{'' if errors == 1 else 's'} above; mend them and try again."


def example(*lines: str) -> str:
    """The end of a command's help that shows how it is used."""
    return "\b\nExample:\n" + textwrap.indent("\n".join(lines), "  ")
