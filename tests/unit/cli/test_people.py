"""`geoapp user`: accounts from the command line; a password is made or asked for, never an argument."""

from __future__ import annotations

import re

import pytest

from geoapp.cli import main
from geoapp.config import Settings
from geoapp.store import Store
from geoapp.users import SignInRefused, Users
from tests.unit.cli.conftest import Run

PASSWORD = "four wet boots by the door"
TWICE = f"{PASSWORD}\n{PASSWORD}\n"


def signs_in(name: str, password: str) -> bool:
    with Store.open(Settings.from_env().store_url) as store:
        try:
            return Users(store).sign_in(name, password, "192.0.2.1", "")[0].name == name
        except SignInRefused:
            return False


def made(output: str) -> str:
    found = re.search(r"shown this once, to be changed at the first sign-in: (\S+)", output)
    assert found is not None
    return found[1]


def test_the_first_administrator_is_made_before_anything_else_exists(run: Run) -> None:
    answer = run("user", "add", "ana", "--role", "administrator")
    assert "ana can sign in at /edit/sign-in as administrator." in answer.output
    assert signs_in("ana", made(answer.output))


def test_what_is_kept_of_accounts_is_for_its_owner_alone(run: Run) -> None:
    run("user", "add", "ana")
    assert Settings.from_env().instance_dir.stat().st_mode & 0o777 == 0o700


def test_a_password_that_is_asked_for_is_not_printed(run: Run) -> None:
    answer = run("user", "add", "ana", "--ask", stdin=TWICE)
    assert PASSWORD not in answer.output and signs_in("ana", PASSWORD)


@pytest.mark.parametrize("given", ["short\nshort\n", "password1234\npassword1234\n"])
def test_a_bad_password_makes_no_account(run: Run, given: str) -> None:
    run("user", "add", "ana", "--ask", stdin=given, code=1)
    assert run("user", "list").output == ""


def test_no_option_or_argument_takes_a_password(run: Run) -> None:
    group = main.commands["user"]
    for command in group.commands.values():  # type: ignore[attr-defined]
        assert "password" not in [parameter.name for parameter in command.params]
    run("user", "add", "ana", PASSWORD, code=2)


def test_accounts_are_listed_with_role_and_state(run: Run) -> None:
    run("user", "add", "rosa", "--role", "administrator")
    run("user", "add", "ana", "--ask", stdin=TWICE)
    run("user", "add", "levan", "--ask", "--role", "reviewer", stdin=TWICE)
    run("user", "disable", "levan")
    assert signs_in("ana", PASSWORD)
    ana, levan, rosa = run("user", "list").output.splitlines()
    assert re.fullmatch(r"ana \| editor \| active \| last seen \d{4}-\d\d-\d\d \d\d:\d\d UTC", ana)
    assert levan.startswith("levan | reviewer | disabled 2")
    assert rosa == "rosa | administrator | has not chosen a password yet | not signed in now"


def test_disabling_is_taken_back(run: Run) -> None:
    run("user", "add", "ana", "--ask", stdin=TWICE)
    assert "disabled and signed out everywhere" in run("user", "disable", "ana").output
    assert not signs_in("ana", PASSWORD)
    assert "can sign in again" in run("user", "disable", "ana", "--undo").output
    assert signs_in("ana", PASSWORD)


def test_a_reset_makes_a_new_password_or_asks_for_one(run: Run) -> None:
    run("user", "add", "ana", "--ask", stdin=TWICE)
    password = made(run("user", "reset", "ana").output)
    assert not signs_in("ana", PASSWORD) and signs_in("ana", password)
    run("user", "reset", "ana", "--ask", stdin=TWICE)
    assert signs_in("ana", PASSWORD)


@pytest.mark.parametrize(
    "command", [("reset", "nobody"), ("disable", "nobody"), ("reset", "nobody", "--ask")]
)
def test_an_unknown_name_is_said_before_anything_is_asked(run: Run, command: tuple[str, ...]) -> None:
    run("user", "add", "ana")
    answer = run("user", *command, code=1)
    assert "no account 'nobody'" in answer.output and "Password:" not in answer.output


@pytest.mark.parametrize("arguments", [("add", "a b"), ("add", "ana")])
def test_an_account_that_cannot_be_made_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    run("user", "add", "ana")
    assert "name: " in run("user", *arguments, code=1).output


def test_the_last_administrator_is_not_disabled(run: Run) -> None:
    run("user", "add", "ana", "--role", "administrator")
    assert "only administrator" in run("user", "disable", "ana", code=1).output


def test_a_store_that_does_not_exist_has_nobody_to_change(run: Run) -> None:
    assert "there is no database" in run("user", "reset", "ana", code=1).output
