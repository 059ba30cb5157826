"""`GEOAPP_SECOND_PERSON`: what an editor sends waits until another person, a reviewer, saves it."""

import re

import pytest

from geoapp.by_hand import sheet_of
from geoapp.drafts.rows import MOST_OPEN
from geoapp.ingest import prepare, read_table
from geoapp.query import Filters
from geoapp.web.app import create_app
from tests.editing import Person, add_people, own_settings
from tests.uploading import NOTE, ROW, draft_of, save, shown, to_csv

ID = ROW["id"]


@pytest.fixture
def app(shipped_instance, tmp_path):
    settings = own_settings(shipped_instance, tmp_path / "editing", second_person=True)
    add_people(settings, ana="editor", rosa="reviewer", max="reviewer", admin="administrator")
    return create_app(settings)


def signed_in(app, name):
    person = Person(app)
    assert person.sign_in(name).status_code == 303
    return person


@pytest.fixture
def ana(app):
    return signed_in(app, "ana")


@pytest.fixture
def store(app, ana):
    return app.extensions["geoapp.store"]


@pytest.fixture
def rosa(app):
    return signed_in(app, "rosa")


@pytest.fixture
def waiting(ana):
    """The path under which a reviewer finds what ana handed over."""
    draft = draft_of(ana, ROW)
    answer = save(ana, draft, private_note="For us")
    assert answer.location == f"{draft}/waiting"
    return draft.replace("/uploads/", "/waiting/")


def approve(person, waiting):
    return person.post(f"{waiting}/save", shown(person.get(waiting)))


def test_an_upload_waits_and_readers_see_nothing_of_it(app, ana, waiting, store):
    page = ana.get(waiting.replace("/waiting/", "/uploads/") + "/waiting")
    assert "It waits for a reviewer" in page.text
    assert "Waits for a reviewer" in ana.get("/edit/drafts").text
    assert app.test_client().get(f"/incidents/{ID}").status_code == 404
    assert all(batch.public_note != NOTE for batch in store.batches())


def test_a_reviewer_sees_the_same_difference_and_saves_just_that(app, ana, rosa, waiting, store):
    assert 'href="/edit/waiting"' in rosa.get("/edit/account").text
    listed = rosa.get("/edit/waiting").text
    assert NOTE in listed and waiting in listed
    page = rosa.get(waiting)
    assert ROW["title"] in page.text and "Save 1 new" in page.text
    answer = approve(rosa, waiting)
    assert answer.status_code == 303
    batch = store.batches()[0]
    assert (batch.author, batch.public_note) == ("ana", NOTE)
    assert batch.private_note == "For us\nReviewed by rosa."
    assert store.get(ID).incident.title == ROW["title"]
    assert "1 new" in ana.get(waiting.replace("/waiting/", "/uploads/") + "/saved").text
    assert rosa.get(waiting).status_code == 404


def test_public_pages_name_neither_of_the_two(app, rosa, waiting):
    approve(rosa, waiting)
    reader = app.test_client()
    for path in ("/changes", f"/incidents/{ID}", "/changes.atom"):
        text = reader.get(path).text
        assert not re.search(r"\b(ana|rosa)\b", text, re.IGNORECASE)


def test_what_is_different_by_then_is_shown_again_and_not_saved(rosa, waiting, store):
    seen = shown(rosa.get(waiting))
    other = ROW | {"title": "Meanwhile", "id": ID}
    store.commit(prepare(store, read_table(to_csv(other)), public_note="Of somebody else"))
    answer = rosa.post(f"{waiting}/save", seen)
    assert answer.status_code == 409
    assert "not what was shown" in answer.text
    assert store.get(ID).incident.title == "Meanwhile"
    assert approve(rosa, waiting).status_code == 303
    assert store.get(ID).incident.title == ROW["title"]


@pytest.mark.parametrize("field", ["public_note", "private_note"])
def test_a_note_that_was_changed_after_the_reviewer_read_it_is_shown_again(ana, rosa, waiting, store, field):
    draft, seen = waiting.replace("/waiting/", "/uploads/"), shown(rosa.get(waiting))
    ana.get(f"{draft}/waiting")
    ana.post(f"{draft}/take-back")
    assert save(ana, draft, **{field: "Not what the reviewer read"}).location == f"{draft}/waiting"
    answer = rosa.post(f"{waiting}/save", seen)
    assert answer.status_code == 409
    assert "not what was shown" in answer.text and "Not what the reviewer read" in answer.text
    assert all(batch.author != "ana" for batch in store.batches())
    assert approve(rosa, waiting).status_code == 303


def test_what_passes_its_check_no_more_can_only_be_sent_back(app, ana, rosa, store):
    draft = draft_of(ana, ROW | {"title": "Changed", "report_id": f"{ID}/1"})
    save(ana, draft)
    waiting = draft.replace("/uploads/", "/waiting/")
    other = ROW | {"source_url": "https://example.org/other"}
    store.commit(prepare(store, read_table(to_csv(other)), public_note="Takes the number"))
    store.undo(store.batches()[0].id)
    page = rosa.get(waiting).text
    assert "cannot be saved" in page
    assert f"{waiting}/save" not in page


def test_it_is_sent_back_with_a_remark_and_handed_over_again(ana, rosa, waiting, store):
    for nothing in (" ", "\0 \x1f"):  # PostgreSQL keeps no text with U+0000
        assert rosa.post(f"{waiting}/send-back", {"remark": nothing}).status_code == 422
    assert (
        rosa.post(f"{waiting}/send-back", {"remark": "The <b>day</b> is wrong"}).location == "/edit/waiting"
    )
    draft = waiting.replace("/waiting/", "/uploads/")
    assert "sent back by a reviewer" in ana.get("/edit/drafts").text
    for step in ("check", "preview"):
        assert "The &lt;b&gt;day&lt;/b&gt; is wrong" in ana.get(f"{draft}/{step}").text
    assert save(ana, draft).location == f"{draft}/waiting"
    assert approve(rosa, waiting).status_code == 303


def test_it_can_be_taken_back_by_its_editor(ana, rosa, waiting):
    draft = waiting.replace("/waiting/", "/uploads/")
    ana.get(f"{draft}/waiting")
    assert ana.post(f"{draft}/take-back").location == f"{draft}/preview"
    assert rosa.get(waiting).status_code == 404
    assert "Hand over" in ana.get(f"{draft}/preview").text


def test_nothing_of_a_waiting_upload_can_be_changed_or_discarded(ana, rosa, waiting, store):
    draft = waiting.replace("/waiting/", "/uploads/")
    ana.get(f"{draft}/waiting")
    for act, sent in (("discard", {}), ("correct", {"cell": "2:title", "text": "Another"})):
        assert ana.post(f"{draft}/{act}", sent).status_code in (303, 400, 409)
    approve(rosa, waiting)
    assert store.get(ID).incident.title == ROW["title"]


def test_a_reviewer_cannot_save_an_upload_of_their_own(app, rosa, store):
    draft = draft_of(rosa, ROW)
    assert save(rosa, draft).location == f"{draft}/waiting"
    own = draft.replace("/uploads/", "/waiting/")
    assert rosa.get(own).status_code == 404
    assert rosa.post(f"{own}/save", {"version": "1", "digest": "0" * 64}).status_code == 404
    assert "Nothing waits" in rosa.get("/edit/waiting").text
    assert approve(signed_in(app, "max"), own).status_code == 303
    assert store.batches()[0].author == "rosa"


def test_an_editor_is_no_second_person(app, rosa, ana, waiting):
    assert 'href="/edit/waiting"' not in ana.get("/edit/account").text
    for path in ("/edit/waiting", waiting):
        assert ana.get(path).status_code == 403
    assert ana.post(f"{waiting}/save", {"version": "1", "digest": "0" * 64}).status_code == 403
    assert ana.post(f"{waiting}/send-back", {"remark": "x"}).status_code == 403


def test_an_administrator_saves_alone(app, store):
    admin = signed_in(app, "admin")
    draft = draft_of(admin, ROW)
    assert save(admin, draft).location == f"{draft}/saved"
    assert store.batches()[0].author == "admin"


def test_what_was_typed_in_waits_like_an_upload(ana, rosa, store):
    before = store.find(Filters(limit=1))[0]
    address = f"/edit/incidents/{before.incident.id}"
    assert "Hand over to a reviewer" in ana.get(address).text
    sheet = sheet_of(before.incident)
    cells = {name: text for name, text in sheet.incident.items() if text} | {"title": "=Typed in by hand"}
    for at, report in enumerate(sheet.reports):
        cells |= {f"{at}.{name}": text for name, text in report.items() if text}
    sent = cells | {"act": "save", "public_note": NOTE, "opened": str(before.version)}
    answer = ana.post(address, sent)
    assert answer.status_code == 303, answer.text
    assert store.get(before.incident.id) == before
    waiting = answer.location.replace("/uploads/", "/waiting/").removesuffix("/waiting")
    assert approve(rosa, waiting).status_code == 303
    after = store.get(before.incident.id)
    assert after.incident.title == "=Typed in by hand"
    assert after.incident.reports == before.incident.reports
    assert store.batches()[0].author == "ana"


@pytest.mark.parametrize("name", ["ana", "rosa"])
def test_undo_and_restore_are_refused_and_not_offered(app, name, waiting, rosa, store):
    approve(rosa, waiting)
    now, batch, person = store.current(), store.batches()[0].id, signed_in(app, name)
    history = person.get("/edit/batches").text
    assert "Undo…" not in history
    for path, sent in (
        (f"/edit/batches/{batch}/undo", {"public_note": "x"}),
        (f"/edit/incidents/{ID}/restore", {"version": "1", "public_note": "x"}),
    ):
        answer = person.post(path, sent)
        assert answer.status_code == 403
        assert "second-person rule" in answer.text
    assert store.current() == now


def test_with_too_many_open_drafts_what_was_typed_in_is_refused_and_told(ana, store):
    for at in range(MOST_OPEN):
        draft_of(ana, ROW | {"id": f"{ID}-{at}"})
    before, now = store.find(Filters(limit=1))[0], store.current()
    sheet = sheet_of(before.incident)
    cells = {name: text for name, text in sheet.incident.items() if text} | {"title": "Typed in"}
    for at, report in enumerate(sheet.reports):
        cells |= {f"{at}.{name}": text for name, text in report.items() if text}
    address = f"/edit/incidents/{before.incident.id}"
    ana.get(address)
    answer = ana.post(address, cells | {"act": "save", "public_note": NOTE, "opened": str(before.version)})
    assert answer.status_code == 422
    assert f"at most {MOST_OPEN} drafts that are open" in answer.text
    assert "Typed in" in answer.text
    assert store.current() == now
