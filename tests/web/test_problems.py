"""Failures: a page for readers, problem details for tools, one table for both."""

import logging

import pytest
from werkzeug.test import create_environ, run_wsgi_app

from geoapp.errors import BadParameters, Conflict, DataRefused, Fault, Gone, NotFound, Problem, StoreFailed
from geoapp.web.app import create_app
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
        answer = client.get("/methodology?not-answered-before")
    assert answer.status_code == 500 and "secret" not in answer.text
    assert "secret detail" in caplog.text


def test_the_log_is_not_written_by_who_asks(client, app, monkeypatch, caplog):
    def broken(*_, **__):
        raise RuntimeError

    monkeypatch.setitem(app.view_functions, "readers.incident", broken)
    with caplog.at_level(logging.WARNING):
        client.get("/incidents/a%0aERROR forged" + "a" * 5_000)
        client.post(
            "/edit/uploads/a%0aERROR forged" + "a" * 5_000 + "/discard", headers={"Origin": "https://e.org"}
        )
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2
    assert not any("\n" in each or len(each) > 300 for each in told)


def test_a_database_that_does_not_answer_is_503_with_a_time_to_return(client, monkeypatch):
    from geoapp.store import Store

    def locked(_):
        raise StoreFailed("locked")

    monkeypatch.setattr(Store, "current", locked)
    for address in ("/readyz", "/incidents"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "host", ["a" * 64 + ".example", "xn--", "evil.example/path", "one.example, two.example", "a b", "[", ""]
)
def test_a_host_that_cannot_be_one_is_the_askers_mistake(app, host):
    for address in ("/", "/api", "/changes.atom", "/sitemap.xml", "/edit/sign-in", "/nope"):
        # Without a client, which takes the address apart by itself.
        _, status, headers = run_wsgi_app(app, create_environ(address, headers={"Host": host}))
        assert (status[:3], headers["Content-Type"]) == ("400", "application/problem+json")


@pytest.mark.parametrize("scheme", ["javascript", "data", "httpé", "file"])
def test_a_scheme_that_a_proxy_hands_on_becomes_no_link(client_with, scheme):
    client = client_with(trusted_proxies=1)
    for address in ("/api", "/sitemap.xml", "/changes.atom"):
        answer = client.get(address, headers={"X-Forwarded-Proto": scheme})
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert client.get("/api", headers={"X-Forwarded-Proto": "https"}).text.count('"https://localhost/api') > 3


def test_of_very_many_faults_the_first_are_told_and_the_others_counted(client):
    query = "&".join(f"unknown{number}=1" for number in range(3_000))
    body = client.get(f"/exports/incidents.csv?{query}").get_json()
    assert len(body["errors"]) == 21
    assert body["errors"][-1] == {"detail": "and 2980 more"}
    assert body["detail"].endswith("and 2980 more")


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_a_browser_gets_a_page_that_says_what_would_do(client):
    address = "/api/collections/incidents/items?category=detension&datetime=2019-08-24/2019-10-31"
    answer = client.get(address, headers=BROWSER)
    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert "Accept" in answer.headers["Vary"]
    assert "<mark>category=detension</mark>" in answer.text
    assert 'items?category=detention&amp;datetime=2019-08-24/2019-10-31"' in answer.text
    assert "application/problem+json" in answer.text


def test_a_mistyped_name_is_offered_again_with_its_value(client):
    answer = client.get("/exports/incidents.csv?statsu=disputed", headers=BROWSER)
    assert "/exports/incidents.csv?status=disputed" in answer.text


def test_what_is_asked_for_never_becomes_markup(client):
    answer = client.get("/api/collections/incidents/items?<b>=<script>&bbox=<img>", headers=BROWSER)
    assert answer.status_code == 400
    assert "<script>" not in answer.text and "<img>" not in answer.text and "<b>=" not in answer.text


def test_what_fails_after_the_view_is_told_as_what_it_is(shipped_settings):
    app = create_app(shipped_settings)

    def fail(_):
        raise StoreFailed("the database went")

    # The first one that is registered runs last.
    app.after_request_funcs[None].insert(0, fail)
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
