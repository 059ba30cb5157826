"""One suite for every engine: a test that takes `store` runs against each of ENGINES."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geoapp import reference
from geoapp.config import resource
from geoapp.store import Store

ENGINES: dict[str, Callable[[Path], str]] = {"sqlite": lambda folder: f"sqlite:///{folder / 'store.sqlite3'}"}


@pytest.fixture(scope="session")
def shipped() -> reference.Reference:
    return reference.read(resource("data"))


@pytest.fixture(scope="session", params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def address(engine: str, tmp_path: Path) -> str:
    return ENGINES[engine](tmp_path)


@pytest.fixture
def empty(address: str) -> Iterator[Store]:
    """A store in which nothing was ever stored."""
    with Store.open(address) as store:
        yield store


@pytest.fixture
def store(empty: Store, shipped: reference.Reference) -> Store:
    """A store with the shipped reference data and no records."""
    empty.save_reference(shipped)
    return empty


@pytest.fixture(scope="module")
def lasting(
    engine: str, tmp_path_factory: pytest.TempPathFactory, shipped: reference.Reference
) -> Iterator[Store]:
    """The same for a module whose tests only read."""
    with Store.open(ENGINES[engine](tmp_path_factory.mktemp("lasting"))) as store:
        store.save_reference(shipped)
        yield store
