"""Costly exports take turns: a few at once, the others are told to come back."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

import pytest

from geoapp.config import Settings
from geoapp.errors import Busy
from geoapp.web.app import create_app
from geoapp.web.turns import EXPORTS
from tests.editing import own_settings

FILTER = "datetime=2019-08-29/2019-08-30"
COSTLY = [
    f"/exports/incidents.gpkg?{FILTER}",
    f"/exports/incidents.fgb?{FILTER}",
    f"/exports/incidents.parquet?{FILTER}",
    "/exports/changes.csv?since=0",
]


@pytest.fixture(scope="module")
def app(shipped_instance):
    return create_app(Settings(instance_dir=shipped_instance))


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(EXPORTS, "patience_s", 0.01)


@pytest.fixture
def taken(impatient):
    with ExitStack() as held:
        for _ in range(EXPORTS.at_once):
            held.enter_context(EXPORTS.turn())
        yield held


@pytest.mark.parametrize("path", COSTLY)
def test_without_a_free_turn_the_answer_is_503_with_a_time_to_return(taken, client, path, caplog):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.content_type == "application/problem+json"
    assert answer.json["title"] == "Too many files are being made at once"
    assert not caplog.records


@pytest.mark.parametrize("path", COSTLY)
def test_with_one_turn_left_it_is_answered_again_and_again(impatient, client, path):
    with ExitStack() as held:
        for _ in range(EXPORTS.at_once - 1):
            held.enter_context(EXPORTS.turn())
        for _ in range(3):
            assert client.get(path).status_code == 200


def test_what_streams_from_the_first_row_on_needs_no_turn(taken, client):
    for path in (f"/exports/incidents.geojson?{FILTER}", f"/exports/incidents.csv?{FILTER}"):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("coding", ["identity", "br"])
def test_a_whole_file_needs_a_turn_until_it_is_there(shipped_instance, tmp_path, impatient, coding):
    client = create_app(own_settings(shipped_instance, tmp_path / "instance")).test_client()
    asked = {"path": "/exports/incidents.geojson", "headers": {"Accept-Encoding": coding}}
    with ExitStack() as held:
        for _ in range(EXPORTS.at_once):
            held.enter_context(EXPORTS.turn())
        assert client.get(**asked).status_code == 503
        held.pop_all().close()
        first = client.get(**asked)
        for _ in range(EXPORTS.at_once):
            held.enter_context(EXPORTS.turn())
        again = client.get(**asked)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.data == again.data
    assert again.headers.get("Content-Encoding", "identity") == coding


def test_who_holds_the_answer_already_needs_no_turn(client, taken):
    taken.close()
    tag = client.get(COSTLY[0]).headers["ETag"]
    with ExitStack() as held:
        for _ in range(EXPORTS.at_once):
            held.enter_context(EXPORTS.turn())
        assert client.get(COSTLY[0], headers={"If-None-Match": tag}).status_code == 304


def test_changes_that_nobody_reads_to_their_end_give_their_turn_back(impatient, client):
    for _ in range(EXPORTS.at_once + 1):
        answer = client.get("/exports/changes.csv?since=0", buffered=False)
        assert answer.status_code == 200
        answer.close()


def test_a_turn_that_failed_is_free_again(impatient):
    for _ in range(EXPORTS.at_once + 1):
        with pytest.raises(ZeroDivisionError), EXPORTS.turn():
            raise ZeroDivisionError


def test_who_waits_gets_the_turn_that_becomes_free(monkeypatch):
    monkeypatch.setattr(EXPORTS, "patience_s", 60)
    waits = Event()

    def wait():
        waits.set()
        with EXPORTS.turn():
            return "done"

    with ThreadPoolExecutor(1) as threads, ExitStack() as held:
        for _ in range(EXPORTS.at_once):
            held.enter_context(EXPORTS.turn())
        waiting = threads.submit(wait)
        assert waits.wait(60)
        held.close()
        assert waiting.result(60) == "done"


def test_a_few_may_wait_and_no_more(monkeypatch):
    monkeypatch.setattr(EXPORTS, "patience_s", 60)
    with ThreadPoolExecutor(EXPORTS.waiting) as threads, ExitStack() as held:
        for _ in range(EXPORTS.at_once):
            held.enter_context(EXPORTS.turn())
        begun = [threads.submit(held_for_a_moment) for _ in range(EXPORTS.waiting)]
        # Whoever comes when as many wait as may is refused without waiting.
        while EXPORTS._present.acquire(blocking=False):
            EXPORTS._present.release()
        with pytest.raises(Busy), EXPORTS.turn():
            pass
        held.close()
        assert [each.result(60) for each in begun] == [None] * EXPORTS.waiting


def held_for_a_moment():
    with EXPORTS.turn():
        pass
