"""What one address and one question may take: rate limits and time limits."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from geoapp.config import Rate, Settings
from geoapp.errors import SettingRefused, StoreFailed, TooExpensive
from geoapp.store import Store
from geoapp.store.user_tables import request_counts
from geoapp.users.limits import Limits
from geoapp.web.app import create_app
from tests import engines
from tests.editing import own_settings
from tests.fleet import until

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
def settings(shipped_instance, tmp_path):
    return own_settings(shipped_instance, tmp_path / "limited", rate_limit=Rate(3, 86_400))


@pytest.fixture
def store(settings):
    with Store.open(settings.store_url) as store:
        yield store
        engines.wait_for_beside()


def _limits(store, at=NOON):
    return Limits(lambda: store, Rate(3, 3600), lambda: at)


def _let_through(limits, count=9, address="192.0.2.1"):
    return sum(limits.take(address).allowed for _ in range(count))


def test_requests_above_the_limit_are_refused_with_when_to_come_back(settings):
    client = create_app(settings).test_client()
    answers = [client.get("/api/conformance") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0].headers["RateLimit"].startswith('"address";r=2;t=')
    assert answers[0].headers["RateLimit-Policy"] == '"address";q=3;w=86400'
    refused = answers[-1]
    assert refused.content_type == "application/problem+json"
    assert refused.json["status"] == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 86_400
    assert client.get("/exports/LICENSES.txt").status_code == 429


def test_readers_pages_and_other_addresses_are_not_held_back(settings):
    client = create_app(settings).test_client()
    for _ in range(4):
        client.get("/api/conformance")
    assert client.get("/incidents").status_code == 200
    assert client.get("/map/manifest.json").status_code == 200
    other = client.get("/api/conformance", environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert other.status_code == 200


def test_without_the_setting_nothing_is_counted(client):
    assert "RateLimit" not in client.get("/api/conformance").headers


def test_processes_share_what_they_counted(store):
    one, other = _limits(store), _limits(store)
    assert _let_through(one, 2) == 2
    one.share()
    assert _let_through(other) == 1
    other.share()
    assert _let_through(_limits(store)) == 0
    # What was counted elsewhere since is learned with the next exchange.
    assert one.take("192.0.2.1").allowed
    one.share()
    assert _let_through(one) == 0


def test_what_was_counted_last_is_shared_by_the_requests_that_are_refused(store):
    now = [NOON]
    one = Limits(lambda: store, Rate(3, 3600), lambda: now[0])
    assert _let_through(one) == 3
    now[0] += timedelta(seconds=2)
    assert not one.take("192.0.2.1").allowed
    until(lambda: not _limits(store).take("192.0.2.1").allowed)


def test_what_is_counted_is_forgotten_with_its_span(store):
    limits = _limits(store)
    assert _let_through(limits) == 3
    limits.share()
    later = _limits(store, at=NOON + timedelta(hours=1))
    assert _let_through(later) == 3
    later.share()
    with store.reading() as connection:
        assert connection.execute(select(request_counts.c.requests)).scalars().all() == [3]


def test_no_address_is_kept(store):
    limits = _limits(store)
    limits.take("203.0.113.77")
    limits.share()
    with store.reading() as connection:
        kept = str(connection.execute(select(request_counts)).all())
    assert kept.count("(") == 1
    assert "203.0.113" not in kept


def test_a_store_that_cannot_count_does_not_keep_anybody_out(store, monkeypatch):
    def refuse(*_):
        raise StoreFailed("locked")

    limits = _limits(store)
    monkeypatch.setattr(store, "writing", refuse)
    assert limits.take("192.0.2.1").allowed


@pytest.mark.parametrize("given", ["600", "0/hour", "-1/hour", "600/fortnight", "1e3/hour"])
def test_a_limit_that_cannot_be_read_is_refused(given):
    with pytest.raises(SettingRefused, match="600/hour"):
        Settings.from_env({"GEOAPP_RATE_LIMIT": given})


def test_a_question_that_takes_too_long_is_interrupted(store):
    with pytest.raises(TooExpensive), store._database.reading(1) as connection:
        connection.execute(text(ENDLESS))


def test_the_next_question_on_that_connection_has_its_own_time(store):
    with pytest.raises(TooExpensive), store._database.reading(1) as connection:
        connection.execute(text(ENDLESS))
    assert store.current().incidents
    with store.view(1) as view:
        assert view.current().incidents


def test_an_expensive_question_is_answered_with_what_to_do(settings, monkeypatch):
    app = create_app(settings)

    def refuse(*_):
        raise TooExpensive

    monkeypatch.setattr("geoapp.store.items.Items.page", refuse)
    answer = app.test_client().get("/api/collections/incidents/items", headers={"Accept": "application/json"})
    assert answer.status_code == 503
    assert "simpler filter" in answer.json["detail"]
    assert answer.headers["Retry-After"]
