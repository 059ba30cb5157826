"""What tests of several modules start from: the shipped reference data, and a store that knows them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from geoapp import reference
from geoapp.config import resource
from geoapp.store import Store
from tests import engines


@pytest.fixture(scope="session")
def shipped() -> reference.Reference:
    """The reference data of the data folder."""
    return reference.read(resource("data"))


@pytest.fixture
def store(tmp_path: Path, shipped: reference.Reference) -> Iterator[Store]:
    """A store with the shipped reference data and no records."""
    with Store.open(engines.address(tmp_path)) as opened:
        opened.save_reference(shipped)
        yield opened
