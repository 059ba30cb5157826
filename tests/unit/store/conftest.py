"""One suite for every engine: see `tests.engines`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from geoapp import reference
from geoapp.store import Store
from tests import engines


@pytest.fixture
def address(tmp_path: Path) -> str:
    return engines.address(tmp_path, "store.sqlite3")


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
def lasting(tmp_path_factory: pytest.TempPathFactory, shipped: reference.Reference) -> Iterator[Store]:
    """The same for a module whose tests only read."""
    with Store.open(engines.address(tmp_path_factory.mktemp("lasting"))) as store:
        store.save_reference(shipped)
        yield store
