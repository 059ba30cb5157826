"""A view: every answer is of one version, whatever is committed meanwhile."""

import pytest
from sqlalchemy import event

from geoapp.errors import StoreFailed
from geoapp.query import Filters
from tests.unit.store.building import a_record, changed, put


@pytest.fixture
def statements(store):
    """Every statement that the engine was given from here on."""
    heard = []

    def hear(connection, cursor, statement, *_):
        heard.append(statement)

    event.listen(store._database.engine, "before_cursor_execute", hear)
    return heard


def test_a_view_stays_as_it_was_while_others_commit(store):
    put(store, a_record("post-1"))
    with store.view() as view:
        before = view.current()
        put(store, changed(store.get("post-1"), title="Changed"), a_record("post-2"))
        assert view.current() == before
        assert view.get("post-1").incident.title == "Post seen"
        assert (view.ids(Filters()), view.count(Filters())) == (["post-1"], 1)
        assert [record.incident.id for record in view.stream(Filters())] == ["post-1"]
        assert len(view.log(10)) == len(store.log(10)) - 1
    with store.view() as view:
        assert view.ids(Filters()) == store.ids(Filters()) == ["post-1", "post-2"]


def test_a_view_asks_once_which_version_it_is_of(store, statements):
    with store.view() as view:
        view.current()
        view.reference()
        view.find(Filters())
        view.facets(Filters())
        view.vocabulary()
    assert sum("dataset_versions" in each for each in statements) == 1


def test_a_view_changes_nothing(store):
    put(store, a_record("post-1"))
    with store.view() as view:
        for change in (lambda: put(view, a_record("post-2")), lambda: view.undo(2)):
            with pytest.raises(StoreFailed, match="reading only"):
                change()
    assert store.ids(Filters()) == ["post-1"]


def test_a_view_gives_its_connection_back(store):
    with store.view() as view:
        view.current()
        assert store._database.engine.pool.checkedout() == 1
        view.close()
    assert store._database.engine.pool.checkedout() == 0
    assert store.current().number == 1
