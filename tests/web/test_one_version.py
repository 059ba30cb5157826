"""A page is of one version of the data set, and gives the connection back when it is done."""

import pytest
from sqlalchemy import event

from geoapp.web import context


@pytest.fixture
def engine(app, client):
    client.get("/readyz")
    return app.extensions["geoapp.store"]._database.engine


@pytest.mark.parametrize(
    "path", ["/", "/incidents", "/places", "/checkpoints", "/changes", "/map/manifest.json"]
)
def test_the_version_is_asked_for_once(client, engine, path):
    heard = []

    def hear(connection, cursor, statement, *_):
        heard.append(statement)

    client.get(path)  # what a process keeps is read
    event.listen(engine, "before_cursor_execute", hear)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    newest = [
        each for each in heard if "ORDER BY dataset_versions.number DESC" in each and "records_sum" in each
    ]
    assert len(newest) == 1


@pytest.mark.parametrize("path", ["/", "/incidents/nobody", "/exports/incidents.csv", "/incidents?bbox=x"])
def test_every_connection_is_given_back(client, engine, path):
    client.get(path).close()
    assert engine.pool.checkedout() == 0


def test_a_view_that_was_released_begins_anew(app):
    with app.test_request_context("/"):
        first = context.view()
        assert context.view() is first
        context.release_view()
        assert context.view() is not first
        assert context.dataset() == context.store().current()
