"""An empty store with accounts, under a clock that stands still until it is moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from geoapp.store import Store
from geoapp.users import Users, passwords
from tests import engines

PASSWORD = "four wet boots by the door"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 5, 3, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost nothing, except where hashing itself is tested."""
    if request.path.stem != "test_passwords":
        monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(engines.address(tmp_path, "store.sqlite3")) as store:
        yield store


@pytest.fixture
def users(store: Store, clock: Clock) -> Users:
    """Accounts of an editor, ana, and an administrator, rosa."""
    users = Users(store, clock)
    users.add("ana", "editor", PASSWORD)
    users.add("rosa", "administrator", PASSWORD)
    return users


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Compares with what is known without Argon2; collects the hashes that were compared."""
    compared: list[str | None] = []
    hashed = passwords.hashed(PASSWORD)

    def matches(known: str | None, password: str) -> bool:
        compared.append(known)
        return known is not None and password == PASSWORD

    monkeypatch.setattr(passwords, "hashed", lambda _: hashed)
    monkeypatch.setattr(passwords, "matches", matches)
    return compared
