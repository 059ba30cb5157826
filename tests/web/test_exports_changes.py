"""`/exports/changes.csv`: what is different from an earlier version."""

import csv
import io

import pytest

from geoapp.ingest import prepare, read_table
from geoapp.query import Filters
from geoapp.store import Store
from geoapp.web.app import create_app
from tests.editing import own_settings

SECRET = "Editor of the night"


@pytest.fixture
def settings(shipped_instance, tmp_path):
    return own_settings(shipped_instance, tmp_path / "instance")


@pytest.fixture
def store(settings):
    with Store.open(settings.store_url) as opened:
        yield opened


@pytest.fixture
def client(settings):
    return create_app(settings).test_client()


def _import(store, text, note):
    table = read_table(text.encode(), "changes.csv")
    return store.commit(prepare(store, table, author=SECRET, public_note=note, private_note=SECRET)).number


def _rows(client, since):
    response = client.get(f"/exports/changes.csv?since={since}")
    assert response.status_code == 200, response.data
    text = response.get_data(as_text=True)
    assert SECRET not in text
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_nothing_changed_since_now(client, store):
    assert _rows(client, store.current().number) == []


def test_everything_is_new_since_the_empty_data_set(client):
    rows = _rows(client, 0)
    assert len(rows) == 252
    assert {row["kind"] for row in rows} == {"added"}
    assert {row["version_from"] for row in rows} == {""}


def test_a_change_names_its_columns_versions_and_note(client, store):
    before, (identifier, *_) = store.current().number, store.ids(Filters())
    number = _import(store, f"id,title\n{identifier},Another title\n", "=Title put right")
    (row,) = _rows(client, before)
    assert row == {
        "id": identifier, "kind": "changed", "version_from": "1", "version_to": "2", "changed": "title",
        "dataset_version": str(number), "date": row["date"], "public_note": "'=Title put right",
    }  # fmt: skip


def test_a_retraction_and_an_undone_import_are_told(client, store):
    before, (identifier, *_) = store.current().number, store.ids(Filters())
    _import(store, f"id,status\n{identifier},retracted\n", "Withdrawn")
    assert [row["kind"] for row in _rows(client, before)] == ["retracted"]
    (imported,) = (batch.id for batch in store.batches() if batch.public_note == "Withdrawn")
    store.undo(imported)
    (row,) = _rows(client, before)
    assert (row["kind"], row["changed"]) == ("changed", "")


def test_removals_are_told(client, store):
    before = store.current().number
    (first,) = (batch.id for batch in store.batches() if batch.kind == "import")
    store.undo(first)
    rows = _rows(client, before)
    assert len(rows) == 252
    assert {row["kind"] for row in rows} == {"removed"}


def test_what_came_and_went_in_between_is_left_out(client, store):
    (first,) = (batch.id for batch in store.batches() if batch.kind == "import")
    store.undo(first)
    assert _rows(client, 1) == []


def test_a_redaction_is_told_without_what_it_took_away(client, store):
    before, (identifier, *_) = store.current().number, store.ids(Filters())
    title = store.get(identifier).incident.title
    store.redact(identifier, reason="Published by mistake")
    (row,) = _rows(client, before)
    assert (row["id"], row["kind"]) == (identifier, "redacted")
    assert "Published by mistake" in row["public_note"]
    assert title not in str(row)


@pytest.mark.parametrize("since", ["", "99", "-1", "two", "1.5"])
def test_a_version_that_never_was_is_refused(client, since):
    response = client.get(f"/exports/changes.csv?since={since}")
    assert response.status_code == 400
    assert response.get_json(force=True)["errors"][0]["parameter"] == "since"


def test_who_holds_the_list_is_told_so(client):
    first = client.get("/exports/changes.csv?since=0")
    again = client.get("/exports/changes.csv?since=0", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
