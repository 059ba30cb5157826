"""Failures: a page for readers, problem details for tools, one table for both."""

import logging

import pytest

from geoapp.errors import BadParameters, Conflict, DataRefused, Fault, Gone, NotFound, Problem, StoreFailed
from geoapp.web.problems import told

FAULT = Fault("category", "x", "a category", suggestion="drone")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadParameters([FAULT]), 400),
        (DataRefused([Problem("error", "f.csv", "a day")]), 422),
        (NotFound("incident", "x"), 404),
        (Gone("incident", "x", "asked for by the person"), 410),
        (Conflict("moved on"), 409),
        (StoreFailed("locked"), 503),
        (RuntimeError("secret"), 500),
    ],
)
def test_every_kind_of_failure_has_its_status(error, status):
    assert told(error).status == status
    assert "secret" not in told(error).detail


def test_a_removed_record_says_why_in_public():
    assert told(Gone("incident", "x", "asked for by the person")).detail == "asked for by the person"
    assert "not public" in told(Gone("incident", "x")).detail


def test_readers_get_a_page_that_leads_on(client):
    answer = client.get("/nope")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert 'href="/incidents"' in answer.text and "noindex" in answer.text


def test_tools_get_problem_details(client):
    answer = client.get("/exports/incidents.csv?category=dron")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    body = answer.get_json()
    assert body["status"] == 400 and body["title"]
    assert body["errors"][0]["parameter"] == "category"
    assert body["errors"][0]["did_you_mean"] == "drone"


def test_a_wrong_method_says_which_are_right(client):
    answer = client.post("/incidents")
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"]


def test_a_fault_of_ours_is_logged_and_not_shown(client, app, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("secret detail")

    monkeypatch.setitem(app.view_functions, "readers.methodology", broken)
    with caplog.at_level(logging.ERROR):
        answer = client.get("/methodology")
    assert answer.status_code == 500 and "secret" not in answer.text
    assert "secret detail" in caplog.text


def test_a_database_that_does_not_answer_is_503_with_a_time_to_return(client, monkeypatch):
    from geoapp.store import Store

    def locked(_):
        raise StoreFailed("locked")

    monkeypatch.setattr(Store, "current", locked)
    for address in ("/readyz", "/incidents"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert client.get("/healthz").status_code == 200
