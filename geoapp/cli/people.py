"""`geoapp user`: the accounts of editors; no password is ever taken from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from geoapp.cli.group import Commands, example

if TYPE_CHECKING:
    from geoapp.users import User

# Known here so that `--help` needs no database; held against geoapp.users.ROLES by a test.
ROLES = ("editor", "reviewer", "administrator")
_ASK = "Ask for the password instead of making one."

user = Commands(
    "user",
    help="Add, list, disable and reset the accounts of editors.\n\n"
    "A password is made and printed once, or asked for; it never stands on the command line.\n\n"
    + example("geoapp user add ana --role administrator", "geoapp user list"),
)


@user.command(epilog=example("geoapp user add ana --role administrator", "geoapp user add levan --ask"))
@click.argument("name")
@click.option(
    "--role", type=click.Choice(ROLES), default="editor", show_default=True, help="What they may do."
)
@click.option("--ask", is_flag=True, help=_ASK)
def add(name: str, role: str, ask: bool) -> None:
    """Make an account for NAME.

    The first administrator is made in this way; they can add the others at /edit/people.
    """
    from geoapp.cli.opening import open_store
    from geoapp.users import Users

    password = _asked() if ask else None
    with open_store(create=True) as store:
        made, given = Users(store).add(name, role, password)
    _tell(f"{made.name} can sign in at /edit/sign-in as {made.role}.", None if ask else given)


@user.command(epilog=example("geoapp user reset ana", "geoapp user reset ana --ask"))
@click.argument("name")
@click.option("--ask", is_flag=True, help=_ASK)
def reset(name: str, ask: bool) -> None:
    """Give NAME a new password and end all of their sessions."""
    from geoapp.cli.opening import open_store
    from geoapp.users import Users

    with open_store() as store:
        users = Users(store)
        users.named(name)  # an unknown name is told before a password is asked for
        known, given = users.reset(name, _asked() if ask else None)
    _tell(f"{known.name} has a new password and is signed out everywhere.", None if ask else given)


@user.command(epilog=example("geoapp user disable ana", "geoapp user disable ana --undo"))
@click.argument("name")
@click.option("--undo", is_flag=True, help="Let NAME sign in again.")
def disable(name: str, undo: bool) -> None:
    """Let NAME sign in no more, and end all of their sessions; what they did stays in the history."""
    from geoapp.cli.opening import open_store
    from geoapp.users import Users

    with open_store() as store:
        users = Users(store)
        known = users.enable(name) if undo else users.disable(name)
    click.echo(f"{known.name} {'can sign in again' if undo else 'is disabled and signed out everywhere'}.")


@user.command("list", epilog=example("geoapp user list"))
def list_() -> None:
    """List every account: name, role, state and when it was last seen."""
    from geoapp.cli.opening import open_store
    from geoapp.users import Users

    with open_store() as store:
        for known in Users(store).everyone():
            click.echo(" | ".join(_line(known)))


def _line(known: User) -> list[str]:
    state = "active"
    if known.disabled:
        state = f"disabled {known.disabled:%Y-%m-%d %H:%M} UTC"
    elif known.must_change:
        state = "has not chosen a password yet"
    seen = f"last seen {known.last_seen:%Y-%m-%d %H:%M} UTC" if known.last_seen else "not signed in now"
    return [known.name, known.role, state, seen]


def _asked() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="The same once more"))


def _tell(sentence: str, password: str | None) -> None:
    click.echo(sentence)
    if password is not None:
        click.echo(f"Password, shown this once, to be changed at the first sign-in: {password}")
