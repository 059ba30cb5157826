"""What was redacted is on no page, in no file and in no answer; that something was, and why, is."""

import pytest

from geoapp.store import Store

ID = "2019-08-20-adzvi-eight-released"


@pytest.fixture
def site(editing_app):
    """A client of a site of its own, and its store."""
    with Store.open(editing_app.extensions["geoapp.settings"].store_url) as store:
        yield editing_app.test_client(), store


def pages_of(store):
    number = store.current().number
    versions = len(store.history(ID, removed=True))
    return [
        *(f"/incidents/{ID}/v/{each}" for each in range(1, versions + 1)),
        f"/incidents/{ID}",
        "/changes",
        *(f"/changes/{each}" for each in range(1, number + 1)),
        "/changes.atom",
        "/incidents?q=adzvi",
        "/exports/incidents.csv",
        "/exports/incidents.geojson",
        "/exports/changes.csv?since=1",
        f"/api/collections/incidents/items/{ID}?f=json",
        "/map/manifest.json",
    ]


def test_a_redacted_value_is_on_no_page(site):
    client, store = site
    secret = store.get(ID).incident.summary
    words = secret[:60]
    assert words in client.get(f"/incidents/{ID}").text
    client.get("/exports/incidents.csv")  # the kept file of the version before
    store.redact(ID, "summary", reason="Names a private person")
    for path in pages_of(store):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert words not in answer.text, path
    assert "Names a private person" in client.get("/changes").text


def test_a_redacted_record_answers_gone_with_the_reason(site):
    client, store = site
    title = store.get(ID).incident.title
    store.redact(ID, reason="A minor")
    for path in pages_of(store):
        answer = client.get(path)
        assert answer.status_code == (410 if ID in path else 200), path
        assert title not in answer.text, path
    assert "redacted by the editors: A minor" in client.get(f"/incidents/{ID}").text
    assert "A minor" in client.get("/changes").text
