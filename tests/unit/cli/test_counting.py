"""A process that serves counts a new version of the data set before anybody asks."""

import pytest
from sqlalchemy import select

from geoapp.cli.counting import Counting
from geoapp.errors import StoreFailed
from geoapp.store import Store
from geoapp.store.counting import answers
from geoapp.store.schema import whole_answers
from geoapp.web import context
from geoapp.web.app import create_app
from tests import engines
from tests.editing import own_settings
from tests.unit.store.building import a_record, put


@pytest.fixture
def app(shipped_instance, tmp_path, monkeypatch):
    monkeypatch.setattr(answers, "LEAST_INCIDENTS", 1)
    app = create_app(own_settings(shipped_instance, tmp_path))
    yield app
    engines.wait_for_beside()
    if "geoapp.store" in app.extensions:
        app.extensions["geoapp.store"].close()


def kept(app):
    with app.app_context():
        store = context.store()
    engines.wait_for_beside()
    with store.reading() as connection:
        hashes = connection.execute(select(whole_answers.c.content_hash)).scalars()
        return list(hashes).count(store.current().content_hash)


def test_what_another_process_stored_is_counted_at_the_next_look(app):
    counting = Counting(app)
    counting.look()
    assert kept(app) == 6
    with Store.open(app.extensions["geoapp.settings"].store_url) as other:
        put(other, a_record("post-1"))
    assert kept(app) == 0
    counting.look()
    assert kept(app) == 6


def test_a_version_is_counted_once(app, monkeypatch):
    counting = Counting(app)
    counting.look()
    monkeypatch.setattr("geoapp.cli.counting.count_ahead", None)  # counting again would fail
    counting.look()


def test_it_goes_on_when_the_database_does_not_answer(app, monkeypatch):
    looks = []

    def look():
        looks.append(len(looks))
        if len(looks) == 3:
            raise SystemExit  # the test has seen enough
        raise StoreFailed("the database server is going down or coming up; try again")

    counting = Counting(app)
    monkeypatch.setattr(counting, "look", look)
    monkeypatch.setattr("geoapp.cli.counting.LOOK_EVERY_S", 0)
    with pytest.raises(SystemExit):
        counting._go_on()
    assert looks == [0, 1, 2]
