"""`/edit/uploads/<id>/preview`: what saving would change, and saving exactly that, once."""

import pytest

from geoapp.ingest import prepare, read_table
from tests.uploading import NOTE, ROW, draft_of, save, shown, to_csv

OTHER = ROW | {"id": "2031-06-01-other", "title": "Of somebody else", "source_url": "https://example.org/o"}


@pytest.fixture
def ana(person):
    return person()


@pytest.fixture
def draft(ana):
    return draft_of(ana, ROW)


@pytest.fixture
def store(editing_app, ana):
    return editing_app.extensions["geoapp.store"]


def commit(store, *rows, author="mk"):
    batch = prepare(store, read_table(to_csv(*rows)), author=author, public_note="Meanwhile")
    return store.commit(batch)


def test_new_records_are_shown_with_what_is_worked_out_for_them(ana, draft):
    page = ana.get(f"{draft}/preview").text
    for part in ("Save 1 new", "Uploaded for a test", "Khurvaleti", "Single source", "<svg", "from the line"):
        assert part in page or "At or near the line" in page


def test_changed_records_are_shown_field_by_field(ana, store):
    commit(store, ROW)
    draft = draft_of(ana, ROW | {"title": "Another title", "end_date": "2031-05-04"})
    page = ana.get(f"{draft}/preview").text
    assert "Save 1 changed" in page
    assert "<del>Uploaded for a test</del>" in page
    assert "<ins>Another title</ins>" in page
    assert "<ins>2031-05-04</ins>" in page


def test_unchanged_records_are_counted_and_named(ana, store):
    commit(store, ROW)
    page = ana.get(f"{draft_of(ana, ROW)}/preview").text
    assert "1 incident equals what is stored" in page
    assert "This file changes nothing" in page


def test_what_is_saved_is_what_was_shown(ana, draft, store, editing_app):
    answer = save(ana, draft, private_note="For us")
    assert answer.location == f"{draft}/saved"
    stored = store.get(ROW["id"])
    assert stored.incident.title == ROW["title"]
    batch = store.batches()[0]
    assert (batch.author, batch.public_note, batch.private_note) == ("ana", NOTE, "For us")
    page = ana.get(answer.location).text
    assert "Saved: 1 new, nothing deleted" in page
    assert f'href="/changes/{store.current().number}"' in page


def test_readers_see_it_at_once_and_not_who_saved_it(ana, draft, editing_app):
    save(ana, draft, private_note="For us alone")
    reader = editing_app.test_client()
    assert reader.get(f"/incidents/{ROW['id']}").status_code == 200
    log = reader.get("/changes").text
    assert NOTE in log
    assert "For us alone" not in log
    assert "rows.csv" not in log


def test_a_public_note_is_needed_and_what_was_typed_stays(ana, draft, store):
    before = store.current()
    answer = save(ana, draft, public_note="  ", private_note="Typed already")
    assert answer.status_code == 422
    assert "readers see it" in answer.text
    assert "Typed already" in answer.text
    assert store.current() == before


def test_sending_the_form_twice_saves_once(ana, draft, store):
    seen = shown(ana.get(f"{draft}/preview")) | {"public_note": NOTE}
    first = ana.post(f"{draft}/save", seen)
    made = store.current()
    second = ana.post(f"{draft}/save", seen)
    assert first.location == second.location == f"{draft}/saved"
    assert store.current() == made


def test_a_preview_of_an_older_version_is_made_again_and_says_so(ana, draft, store):
    seen = shown(ana.get(f"{draft}/preview"))
    meanwhile = commit(store, OTHER)
    answer = ana.post(f"{draft}/save", seen | {"public_note": NOTE})
    assert answer.status_code == 409
    assert f"mk saved version {meanwhile.number} since; the difference is new." in answer.text
    assert NOTE in answer.text
    assert store.current() == meanwhile
    again = ana.post(f"{draft}/save", shown(answer) | {"public_note": NOTE})
    assert again.status_code == 303
    assert store.current().number == meanwhile.number + 1


def test_a_difference_that_became_another_is_shown_before_it_is_saved(ana, store):
    draft = draft_of(ana, ROW)
    seen = shown(ana.get(f"{draft}/preview"))
    commit(store, ROW | {"title": "mk was faster"})
    answer = ana.post(f"{draft}/save", seen | {"public_note": NOTE})
    assert "<del>mk was faster</del>" in answer.text
    assert store.get(ROW["id"]).incident.title == "mk was faster"


def test_a_preview_from_before_a_correction_saves_nothing(ana, draft, store):
    seen = shown(ana.get(f"{draft}/preview"))
    before = store.current()
    ana.post(f"{draft}/correct", {"cell": "2:title", "text": "Corrected elsewhere"})
    answer = ana.post(f"{draft}/save", seen | {"public_note": NOTE})
    assert answer.status_code == 409
    assert "not what was shown" in answer.text
    assert store.current() == before


@pytest.mark.parametrize("sent", [{}, {"version": "x", "digest": "0" * 64}, {"version": "2", "digest": "zz"}])
def test_a_form_that_names_no_preview_is_refused(ana, draft, store, sent):
    before = store.current()
    assert ana.post(f"{draft}/save", sent | {"public_note": NOTE}).status_code == 400
    assert store.current() == before


def test_a_draft_with_errors_is_not_saved(ana, store):
    draft = draft_of(ana, ROW | {"category": "nope"})
    before = store.current()
    sent = {"version": str(before.number), "digest": "0" * 64, "public_note": NOTE}
    assert ana.post(f"{draft}/save", sent).location == f"{draft}/check"
    assert store.current() == before


def test_a_busy_database_loses_nothing(ana, draft, store, monkeypatch):
    from geoapp.errors import StoreFailed
    from geoapp.store import Store

    seen = shown(ana.get(f"{draft}/preview"))

    def fail(*_, **__):
        raise StoreFailed("the disk that holds the database is full")

    with monkeypatch.context() as patched:
        patched.setattr(Store, "commit", fail)
        assert ana.post(f"{draft}/save", seen | {"public_note": NOTE}).status_code == 503
    assert NOTE in ana.get(f"{draft}/preview").text
    assert save(ana, draft).status_code == 303


def test_retracting_is_a_change_that_stays_visible(ana, store, editing_app):
    commit(store, ROW)
    save(ana, draft_of(ana, ROW | {"status": "retracted"}))
    assert store.get(ROW["id"]).incident.status == "retracted"
    assert "retracted" in editing_app.test_client().get("/changes").text
