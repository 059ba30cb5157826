"""Figures for Prometheus: counted by names of our own, and by nothing that a reader sends."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from geoapp.errors import StoreFailed
from geoapp.web import context, metrics


def figures(app):
    """Every sample by its name and labels."""
    body, kind = metrics.exposition(app)
    assert kind.startswith("text/plain")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }


def answered(app, endpoint, status=200, method="GET"):
    labels = {"endpoint": endpoint, "method": method, "status": str(status)}
    return figures(app).get(("geoapp_requests_total", tuple(sorted(labels.items()))), 0)


@pytest.fixture
def client(client_with, monkeypatch):
    monkeypatch.delenv(metrics.FOLDER_VARIABLE, raising=False)
    return client_with(metrics_port=9464)


def test_answers_are_counted_by_endpoint_method_and_status(client):
    app = client.application
    for path in (
        "/incidents",
        "/ka/incidents",
        "/incidents?q=post",
        "/nothing-here",
        "/incidents?category=x",
    ):
        client.get(path)
    client.head("/incidents")
    assert answered(app, "readers.incidents") == 3
    assert answered(app, "readers.incidents", 400) == 1
    assert answered(app, "readers.incidents", method="HEAD") == 1
    assert answered(app, "none", 404) == 1


def test_the_time_until_an_answer_began_is_counted(client):
    client.get("/healthz")
    told = figures(client.application)
    labels = (("endpoint", "health.liveness"),)
    assert told[("geoapp_request_seconds_count", labels)] == 1
    assert told[("geoapp_request_seconds_bucket", (*labels, ("le", "+Inf")))] == 1


def test_nothing_that_a_reader_sends_becomes_a_figure(client):
    headers = {
        "User-Agent": "Secretive",
        "Referer": "https://from.example/",
        "X-Forwarded-For": "203.0.113.7",
    }
    client.get("/incidents?q=hushhush", headers=headers)
    client.open("/quietplace", method="WHISPER", headers=headers)
    body = metrics.exposition(client.application)[0].decode()
    for hidden in (
        "Secretive",
        "from.example",
        "203.0.113.7",
        "127.0.0.1",
        "hushhush",
        "quietplace",
        "WHISPER",
    ):
        assert hidden not in body
    assert answered(client.application, "none", 404, "other") == 1


def test_the_data_set_is_told_as_it_is_now(client):
    with client.application.app_context():
        now = context.store().current()
    told = figures(client.application)
    assert told[("geoapp_database_answers", ())] == 1
    assert told[("geoapp_dataset_version", ())] == now.number
    assert told[("geoapp_incidents", ())] == 252 == now.incidents


def test_a_database_that_does_not_answer_is_a_figure(client, monkeypatch):
    def gone():
        raise StoreFailed("the database server is going down")

    monkeypatch.setattr(context, "store", gone)
    told = figures(client.application)
    assert told[("geoapp_database_answers", ())] == 0
    assert ("geoapp_dataset_version", ()) not in told


def test_without_a_port_nothing_is_counted(client_with):
    app = client_with().application
    assert "geoapp.metrics" not in app.extensions


def test_no_page_gives_the_figures(client):
    assert client.get("/metrics").status_code == 404
