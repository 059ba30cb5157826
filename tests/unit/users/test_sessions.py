"""Where people are signed in: made anew at each sign-in, ended by people and by time."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from geoapp.errors import NotFound, StoreFailed
from geoapp.store import Store
from geoapp.users import Users
from tests.unit.users.conftest import PASSWORD, Clock

HERE = "192.0.2.7"
pytestmark = pytest.mark.usefixtures("cheap_hashes")


def enter(users: Users, name: str = "ana", device: str = "Firefox on Linux") -> str:
    return users.sign_in(name, PASSWORD, HERE, device)[1]


def test_every_sign_in_gives_a_token_of_its_own_and_the_store_keeps_its_hash_alone(
    users: Users, store: Store
) -> None:
    first, second = enter(users), enter(users)
    assert first != second and len(first) >= 43
    with store.reading() as connection:
        kept = str(connection.execute(text("SELECT * FROM user_sessions")).all())
    assert first not in kept and second not in kept
    found = users.session(first)
    assert found is not None and (found.user.name, found.device) == ("ana", "Firefox on Linux")


@pytest.mark.parametrize("token", ["", "x", "é\ud800", "a" * 100_000])
def test_a_token_that_was_never_given_is_nobody(users: Users, token: str) -> None:
    assert users.session(token) is None


def test_signing_out_ends_one_session(users: Users) -> None:
    first, second = enter(users), enter(users)
    users.sign_out(first)
    users.sign_out(first)
    assert users.session(first) is None and users.session(second) is not None


def test_signing_out_everywhere_can_leave_the_one_in_use(users: Users) -> None:
    here, others, of_another = enter(users), [enter(users), enter(users)], enter(users, "rosa")
    assert users.sign_out_everywhere(users.named("ana"), but=here) == 2
    assert users.session(here) is not None and users.session(of_another) is not None
    assert [users.session(each) for each in others] == [None, None]
    assert users.sign_out_everywhere(users.named("ana")) == 1


def test_a_session_is_revoked_by_its_owner_alone(users: Users) -> None:
    token = enter(users)
    [mine] = users.sessions(users.named("ana"))
    with pytest.raises(NotFound):
        users.revoke(users.named("rosa"), mine.id)
    assert users.session(token) is not None
    users.revoke(users.named("ana"), mine.id)
    assert users.session(token) is None
    with pytest.raises(NotFound):
        users.revoke(users.named("ana"), mine.id)


def test_a_session_ends_after_twelve_hours_without_use(users: Users, clock: Clock) -> None:
    token = enter(users)
    for _ in range(3):
        clock.move(hours=11)
        assert users.session(token) is not None
    clock.move(hours=12, seconds=1)
    assert users.session(token) is None
    assert users.sessions(users.named("ana")) == []


def test_a_session_ends_after_two_weeks_in_any_case(users: Users, clock: Clock) -> None:
    token = enter(users)
    for _ in range(28):
        clock.move(hours=12)
        assert users.session(token) is not None
    clock.move(hours=1)
    assert users.session(token) is None


def test_sessions_that_ran_out_leave_the_store(users: Users, store: Store, clock: Clock) -> None:
    enter(users)
    clock.move(hours=13)
    enter(users, "rosa")
    with store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM user_sessions")).scalar_one() == 1


def test_use_is_noted_at_most_every_few_minutes(users: Users, clock: Clock) -> None:
    token, ana = enter(users), users.named("ana")
    begun = clock.now
    clock.move(minutes=4)
    users.session(token)
    assert users.sessions(ana)[0].seen == begun
    clock.move(minutes=2)
    users.session(token)
    assert users.sessions(ana)[0].seen == clock.now


def test_a_session_is_found_while_another_process_commits(
    users: Users, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, tries = enter(users), []

    def locked() -> None:
        tries.append(clock.now)
        raise StoreFailed("locked")

    clock.move(hours=1)
    monkeypatch.setattr(store, "writing", locked)
    assert users.session(token) is not None
    assert users.session(token) is not None
    assert len(tries) == 1, "each request would wait for the lock"


def test_a_long_name_of_a_browser_is_cut(users: Users) -> None:
    enter(users, device="x" * 10_000)
    assert len(users.sessions(users.named("ana"))[0].device) == 60
