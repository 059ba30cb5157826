"""The rule for new passwords, and hashes that say nothing and cost the same for everyone."""

from __future__ import annotations

import pytest

from geoapp.users import PasswordRefused, passwords


@pytest.mark.parametrize(
    "password",
    [
        "four wet boots by the door",
        "839201748362",
        "ოთხი სველი ჩექმა",
        "the password of my cat is fish",
        "aaaabbbbccccdddd",
        "x" * 200 + "abcdefg.hij",
    ],
)
def test_long_passwords_of_ones_own_are_taken_whatever_they_are_made_of(password: str) -> None:
    passwords.check_new(password, "ana")


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "PasswordPassword",
        "qwertyuiop12",
        "123456789012",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "Welcome2026!",
        "letmeinletmein",
        "anaanaanaana",
        "ana-password-ana",
        "йцукенйцукен",
        "correct horse battery staple",
    ],
)
def test_what_others_try_first_is_refused(password: str) -> None:
    with pytest.raises(PasswordRefused, match="others would try"):
        passwords.check_new(password, "ana")


@pytest.mark.parametrize(("password", "told"), [("short one", "at least 12"), ("x1yz" * 65, "at most 256")])
def test_a_password_has_a_least_and_a_most_length(password: str, told: str) -> None:
    with pytest.raises(PasswordRefused, match=told):
        passwords.check_new(password, "ana")


def test_a_hash_is_argon2id_and_salted_and_matches_its_password_alone() -> None:
    first, second = passwords.hashed("four wet boots"), passwords.hashed("four wet boots")
    assert first.startswith("$argon2id$") and first != second
    assert passwords.matches(first, "four wet boots")
    assert not passwords.matches(first, "four wet boot")
    assert not passwords.matches("not a hash", "four wet boots")


def test_outside_of_tests_a_hash_costs_what_owasp_advises() -> None:
    assert (passwords.TIME_COST, passwords.MEMORY_KIB, passwords.LANES) == (2, 19 * 1024, 1)


def test_the_same_characters_from_another_keyboard_are_the_same_password() -> None:
    assert passwords.matches(passwords.hashed("caf\u00e9 four boots"), "cafe\u0301 four boots")


def test_an_enormous_password_is_no_work_and_no_match() -> None:
    known = passwords.hashed("four wet boots")
    assert not passwords.matches(known, "four wet boots" + "\ufdfa" * 1_000_000)


def test_without_an_account_a_hash_is_computed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []

    class Counting:
        def verify(self, known: str, _: str) -> bool:
            verified.append(known)
            return True

    monkeypatch.setattr(passwords, "_hasher", Counting())
    assert not passwords.matches(None, "four wet boots")
    assert verified[0].startswith("$argon2id$")


def test_nobody_knows_the_password_that_unknown_names_are_compared_with() -> None:
    assert not passwords.matches(None, "")


def test_a_hash_with_other_parameters_is_known_as_outdated() -> None:
    assert passwords.is_outdated("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$hFP4vWbgWRU")
    assert not passwords.is_outdated(passwords.hashed("four wet boots"))


def test_a_made_password_keeps_the_rule_and_is_never_made_twice() -> None:
    made = {passwords.generate() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        passwords.check_new(password, "ana")
        assert not set(password) & set("0O1Il")
