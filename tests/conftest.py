"""What every test shares: how hypothesis behaves, and a store that holds the shipped data."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from tests import cheaper, engines

# No deadline: a test never measures time. Derandomised: a run on one machine says what it says on another.
settings.register_profile(
    "geoapp",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("geoapp")


class _ReadToItsEnd(FlaskClient):
    """Reads and closes every answer at once, as a server does; a test may look at the headers alone."""

    def open(self, *args, buffered=True, **kwargs):
        return super().open(*args, buffered=buffered, **kwargs)


Flask.test_client_class = _ReadToItsEnd
engines.install()
cheaper.install()


@pytest.fixture(autouse=bool(engines.SERVER))
def _tidy_databases():
    with engines.tidied():
        yield


@pytest.fixture(autouse=bool(engines.SERVER), scope="session")
def _tidy_shared_databases():
    with engines.tidied():
        yield


@pytest.fixture(scope="session")
def shipped_instance(tmp_path_factory):
    """Instance folder whose store holds the shipped data; for reading only."""
    from geoapp.cli.opening import fill_if_empty, open_store
    from geoapp.config import Settings

    known = Settings(instance_dir=tmp_path_factory.mktemp("shipped"))
    store = open_store(known, create=True)
    fill_if_empty(store, known)
    store.close()
    engines.keep_for_copies(known.instance_dir)
    return known.instance_dir
