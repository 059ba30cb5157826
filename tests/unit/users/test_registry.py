"""Accounts: made, changed, disabled; roles in order; the last administrator stays."""

from __future__ import annotations

import pytest

from geoapp.cli import people
from geoapp.errors import NotFound
from geoapp.store import Store
from geoapp.users import (
    ROLES,
    PasswordRefused,
    Session,
    SignInRefused,
    TooManyTries,
    UserRefused,
    Users,
    passwords,
)
from tests.unit.users.conftest import PASSWORD, Clock

HERE = "192.0.2.7"
NEW = "six dry hats on a shelf"


def entered(users: Users, name: str = "ana", password: str = PASSWORD) -> tuple[Session, str]:
    token = users.sign_in(name, password, HERE, "")[1]
    found = users.session(token)
    assert found is not None
    return found, token


def test_a_role_may_do_what_those_before_it_may(users: Users) -> None:
    users.add("levan", "reviewer", PASSWORD)
    may = {user.name: [role for role in ROLES if user.may(role)] for user in users.everyone()}
    assert may == {"ana": ["editor"], "levan": ["editor", "reviewer"], "rosa": list(ROLES)}


def test_the_command_line_knows_the_same_roles() -> None:
    assert people.ROLES == ROLES


def test_a_password_made_here_must_be_changed_and_one_of_their_own_need_not(users: Users) -> None:
    levan, made = users.add("levan", "editor")
    assert levan.must_change and not users.named("ana").must_change
    session, token = entered(users, "levan", made)
    users.change_password(session, token, made, NEW, HERE)
    assert not users.named("levan").must_change


@pytest.mark.parametrize("name", ["", " ", "a b", "-ana", "ana-", "a" * 41, "an\na", "a/b", "<b>", "ana@x"])
def test_a_name_that_cannot_be_one_is_refused(users: Users, name: str) -> None:
    with pytest.raises(UserRefused, match="name: expected"):
        users.add(name, "editor", PASSWORD)


@pytest.mark.parametrize("name", ["ana", "ANA", " Ana ", "ａｎａ"])
def test_a_name_is_one_name_however_it_is_written(users: Users, name: str) -> None:
    with pytest.raises(UserRefused, match="is taken"):
        users.add(name, "editor", PASSWORD)
    assert users.sign_in(name, PASSWORD, HERE, "")[0].name == "ana"


def test_names_of_other_scripts_are_names(users: Users) -> None:
    assert users.add("ნინო", "editor", PASSWORD)[0].name == "ნინო"
    assert users.add("Зарина.т", "editor", PASSWORD)[0].name == "зарина.т"


def test_an_unknown_role_is_refused_and_changes_nothing(users: Users) -> None:
    with pytest.raises(UserRefused, match="role: expected one of editor"):
        users.add("levan", "root", PASSWORD)
    with pytest.raises(UserRefused, match="role: expected one of editor"):
        users.set_role("ana", "root")
    with pytest.raises(NotFound):
        users.named("levan")
    assert users.named("ana").role == "editor"


def test_the_rule_for_passwords_holds_for_accounts_of_the_command_line_too(users: Users) -> None:
    with pytest.raises(PasswordRefused):
        users.add("levan", "editor", "levanlevanlevan")
    with pytest.raises(PasswordRefused):
        users.reset("ana", "short")


def test_a_role_is_in_force_at_once(users: Users) -> None:
    _, token = entered(users)
    users.set_role("ana", "reviewer")
    found = users.session(token)
    assert found is not None and found.user.may("reviewer")


def test_a_disabled_account_is_out_at_once_and_comes_back_with_its_password(users: Users) -> None:
    _, token = entered(users)
    assert users.disable("ana").disabled is not None
    assert users.session(token) is None
    with pytest.raises(SignInRefused, match="do not match"):
        users.sign_in("ana", PASSWORD, HERE, "")
    assert users.enable("ana").disabled is None
    assert users.session(token) is None
    entered(users)


def test_a_reset_ends_every_session_and_voids_the_old_password(users: Users) -> None:
    _, token = entered(users)
    user, made = users.reset("ana")
    assert user.must_change and users.session(token) is None
    with pytest.raises(SignInRefused):
        users.sign_in("ana", PASSWORD, HERE, "")
    entered(users, "ana", made)


@pytest.mark.parametrize("change", ["reset", "disable"])
def test_a_sign_in_that_was_overtaken_by_a_reset_starts_no_session(
    users: Users, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    ana = users.named("ana")
    matches = passwords.matches

    def overtaken(known: str | None, password: str) -> bool:
        found = matches(known, password)
        getattr(users, change)(ana.name)
        return found

    monkeypatch.setattr(passwords, "matches", overtaken)
    with pytest.raises(SignInRefused):
        users.sign_in("ana", PASSWORD, "192.0.2.1", "Firefox")
    assert users.sessions(ana) == []


@pytest.mark.parametrize("change", ["reset", "disable"])
def test_a_change_of_the_password_that_was_overtaken_by_a_reset_changes_nothing(
    users: Users, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """Who took an account over must not win against the administrator who takes it back."""
    session, token = entered(users)
    hashed = passwords.hashed
    made = []

    def overtaken(password: str) -> str:
        if password == NEW and not made:
            made.append(password)
            getattr(users, change)("ana")
        return hashed(password)

    monkeypatch.setattr(passwords, "hashed", overtaken)
    with pytest.raises(PasswordRefused, match="signed out"):
        users.change_password(session, token, PASSWORD, NEW, HERE)
    users.enable("ana")
    with pytest.raises(SignInRefused):
        users.sign_in("ana", NEW, HERE, "")


@pytest.mark.parametrize("change", ["disable", "editor", "reviewer"])
def test_the_last_administrator_stays_one(users: Users, change: str) -> None:
    def go() -> None:
        users.disable("rosa") if change == "disable" else users.set_role("rosa", change)

    with pytest.raises(UserRefused, match="only administrator"):
        go()
    assert users.named("rosa").may("administrator")
    users.set_role("ana", "administrator")
    go()


def test_a_disabled_administrator_does_not_count_as_another(users: Users) -> None:
    users.add("levan", "administrator", PASSWORD)
    users.disable("levan")
    with pytest.raises(UserRefused, match="only administrator"):
        users.disable("rosa")


def test_changing_the_password_ends_every_other_session(users: Users) -> None:
    session, token = entered(users)
    _, other = entered(users)
    users.change_password(session, token, PASSWORD, NEW, HERE)
    assert users.session(token) is not None and users.session(other) is None
    entered(users, "ana", NEW)
    with pytest.raises(SignInRefused):
        users.sign_in("ana", PASSWORD, HERE, "")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("not this one", NEW, "not your current"),
        (PASSWORD, "short", "at least 12"),
        (PASSWORD, PASSWORD, "password you have"),
    ],
)
def test_a_password_is_not_changed_without_the_old_one_or_to_a_bad_one(
    users: Users, old: str, new: str, told: str
) -> None:
    session, token = entered(users)
    with pytest.raises(PasswordRefused, match=told):
        users.change_password(session, token, old, new, HERE)
    entered(users)


def test_somebody_at_an_open_screen_cannot_guess_the_password_there_either(users: Users) -> None:
    session, token = entered(users)
    for _ in range(5):
        with pytest.raises(PasswordRefused):
            users.change_password(session, token, "a guess of mine", NEW, HERE)
    with pytest.raises(TooManyTries):
        users.change_password(session, token, PASSWORD, NEW, HERE)


def test_an_outdated_hash_is_made_anew_at_sign_in(users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(passwords, "is_outdated", lambda _: True)
        patched.setattr(passwords, "hashed", lambda _: "made anew")
        entered(users)
    with pytest.raises(SignInRefused):
        users.sign_in("ana", PASSWORD, HERE, "")


def test_everyone_is_listed_by_name_with_when_they_were_last_seen(users: Users, clock: Clock) -> None:
    entered(users)
    assert [(each.name, each.last_seen) for each in users.everyone()] == [("ana", clock.now), ("rosa", None)]


def test_two_processes_see_the_same_accounts(users: Users, store: Store) -> None:
    other = Users(store)
    _, token = entered(users)
    assert other.named("ana") == users.named("ana")
    users.sign_out(token)
    assert other.session(token) is None
