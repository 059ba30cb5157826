"""Guessing takes long; nobody can shut another person out; nothing kept says who tried from where."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from geoapp.store import Store
from geoapp.users import SignInRefused, TooManyTries, Users, throttle
from tests.unit.users.conftest import PASSWORD, Clock

HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"
Try = Callable[..., object]


@pytest.fixture
def attempt(users: Users, cheap_hashes: list[str | None]) -> Try:
    """What a try gives: None, or what was raised."""

    def attempt(
        name: str = "ana", password: str = "wrong", address: str = HERE
    ) -> SignInRefused | TooManyTries | None:
        try:
            users.sign_in(name, password, address, "")
        except (SignInRefused, TooManyTries) as error:
            return error
        return None

    return attempt


def waits(error: object) -> int:
    assert isinstance(error, TooManyTries)
    return error.seconds


def test_five_tries_are_free_and_each_says_how_many_are_left(attempt: Try) -> None:
    assert [attempt().tries_left for _ in range(5)] == [4, 3, 2, 1, 0]
    assert waits(attempt()) == 60


def test_pauses_grow_to_a_quarter_of_an_hour_and_no_further(attempt: Try, clock: Clock) -> None:
    for _ in range(4):
        attempt()
    pauses = []
    for _ in range(7):
        assert isinstance(attempt(), SignInRefused)
        pauses.append(waits(attempt()))
        clock.move(seconds=pauses[-1])
    assert pauses == [60, 120, 240, 480, 900, 900, 900]


def test_the_right_password_waits_too_and_is_not_even_compared(
    attempt: Try, clock: Clock, cheap_hashes: list[str | None]
) -> None:
    for _ in range(5):
        attempt()
    compared = len(cheap_hashes)
    assert waits(attempt(password=PASSWORD)) == 60
    assert len(cheap_hashes) == compared
    clock.move(seconds=60)
    assert attempt(password=PASSWORD) is None


def test_asking_during_a_pause_does_not_make_it_longer(attempt: Try, clock: Clock) -> None:
    for _ in range(5):
        attempt()
    for _ in range(30):
        attempt()
        clock.move(seconds=2)
    assert attempt(password=PASSWORD) is None


def test_ten_wrong_tries_elsewhere_do_not_keep_a_person_out_here(attempt: Try) -> None:
    for _ in range(10):
        attempt(address=ELSEWHERE)
    assert waits(attempt(password=PASSWORD, address=ELSEWHERE)) > 0
    assert attempt(password=PASSWORD, address=HERE) is None


def test_a_right_password_clears_what_its_name_failed_before(attempt: Try) -> None:
    for _ in range(4):
        attempt()
    assert attempt(password=PASSWORD) is None
    assert attempt().tries_left == 4


def test_unknown_and_disabled_names_are_answered_like_known_ones(attempt: Try, users: Users) -> None:
    users.disable("ana")
    names = ("rosa", "ana", "nobody", "", "ana;--", "é" * 5000)
    told = []
    for number, name in enumerate(names):
        password, address = PASSWORD if name == "ana" else "wrong", f"192.0.2.{number}"
        answers = [attempt(name, password, address) for _ in range(6)]
        told.append([(type(each), str(each), vars(each)) for each in answers])
    assert [kind for kind, *_ in told[0]] == [SignInRefused] * 5 + [TooManyTries]
    assert all(each == told[0] for each in told)


def test_unknown_names_cost_a_comparison_like_known_ones(
    attempt: Try, cheap_hashes: list[str | None]
) -> None:
    attempt("nobody")
    attempt("ana")
    assert cheap_hashes[0] is None and cheap_hashes[1] is not None


@pytest.mark.parametrize("spellings", [("ana", "ANA", " ana ", "Ana", "ａｎａ"), ("x" * 300, "x" * 301) * 3])
def test_another_spelling_of_a_name_is_no_fresh_start(attempt: Try, spellings: tuple[str, ...]) -> None:
    for spelling in spellings[:5]:
        attempt(spelling)
    assert waits(attempt(spellings[0])) == 60


def test_many_names_from_one_address_are_slowed_down_together(attempt: Try) -> None:
    for number in range(20):
        assert isinstance(attempt(f"name{number}"), SignInRefused)
    assert waits(attempt("yet-another")) == 60
    assert attempt(password=PASSWORD, address=ELSEWHERE) is None


def test_right_tries_do_not_count_against_a_shared_address(attempt: Try) -> None:
    for _ in range(30):
        assert attempt(password=PASSWORD) is None
    assert attempt("nobody").tries_left == 4


def test_addresses_that_one_person_holds_count_as_one(attempt: Try) -> None:
    for number in range(5):
        attempt(address=f"2001:db8:1:2::{number}")
    assert waits(attempt(address="2001:db8:1:2:ffff::1")) == 60
    assert isinstance(attempt(address="2001:db8:1:3::1"), SignInRefused)
    for _ in range(5):
        attempt(address="::ffff:203.0.113.5")
    assert waits(attempt(address="203.0.113.5")) == 60


def test_failures_are_forgotten_after_an_hour(attempt: Try, clock: Clock) -> None:
    for _ in range(4):
        attempt()
    clock.move(seconds=throttle.FORGOTTEN_AFTER_S + 1)
    assert attempt().tries_left == 4


def test_neither_addresses_nor_typed_names_are_kept_and_the_salt_changes_daily(
    attempt: Try, store: Store, clock: Clock
) -> None:
    def kept() -> tuple[str, set[str], bytes]:
        with store.reading() as connection:
            everything = [
                str(row)
                for name in ("sign_in_failures", "sign_in_salts", "users", "user_sessions")
                for row in connection.execute(text(f"SELECT * FROM {name}"))
            ]
            keys = set(connection.execute(text("SELECT key FROM sign_in_failures")).scalars())
            [salt] = connection.execute(text("SELECT salt FROM sign_in_salts")).scalars()
        return "\n".join(everything), keys, salt

    attempt("my secret word")
    attempt(password=PASSWORD)
    shown, keys, salt = kept()
    assert HERE not in shown and "my secret word" not in shown
    clock.move(days=1)
    attempt("my secret word")
    _, later, new_salt = kept()
    assert salt != new_salt and not keys & later


def test_tries_at_the_same_moment_are_each_counted_before_they_are_looked_at(
    users: Users, store: Store, clock: Clock
) -> None:
    counted = []
    for _ in range(6):
        with store.writing() as connection:
            counted.append(throttle.count_try(connection, "ana", HERE, clock()).wait_s)
    assert counted == [0, 0, 0, 0, 0, 60]
