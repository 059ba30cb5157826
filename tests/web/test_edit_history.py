"""`/edit/batches` and the history of a record: who did what and why, undo with its preview, restore."""

import pytest

from geoapp.query import Filters
from tests.uploading import NOTE, ROW, draft_of, save


@pytest.fixture
def ana(person):
    return person()


@pytest.fixture
def store(editing_app, ana):
    return editing_app.extensions["geoapp.store"]


def saved(person, *rows, **notes):
    """Save rows as a batch and give its number."""
    draft = draft_of(person, *rows)
    page = person.get(save(person, draft, **notes).location)
    return int(page.text.partition("Batch ")[2].partition(" is in")[0])


def test_the_history_says_who_when_why_and_what(ana, person):
    saved(person("rosa"), ROW, private_note="Private words")
    page = ana.get("/edit/batches").text
    for part in ("rosa", NOTE, "Private: Private words", "1 new", "rows.csv", "command line", "252 new"):
        assert part in page


@pytest.mark.parametrize("asked", [f"record={ROW['id']}", "who=rosa", "since=2031-01-01&who="])
def test_the_history_is_narrowed_to_a_record_an_editor_or_a_day(ana, person, asked):
    saved(person("rosa"), ROW)
    page = ana.get(f"/edit/batches?{asked}").text
    assert "252 new" not in page
    assert ("1 new" in page) is not asked.startswith("since")
    assert ("No batch is meant by that." in page) is asked.startswith("since")


def test_a_record_that_is_not_there_narrows_to_nothing(ana):
    assert ana.get("/edit/batches?record=no-such-record").status_code == 404


def test_a_day_that_is_none_narrows_nothing(ana):
    assert "252 new" in ana.get("/edit/batches?since=soon&from=x&undo=y&made=z").text


def test_one_batch_shows_its_records(ana):
    batch = saved(ana, ROW)
    page = ana.get(f"/edit/batches/{batch}").text
    assert ROW["title"] in page
    assert f"/edit/incidents/{ROW['id']}/history" in page


@pytest.mark.parametrize("path", ["/edit/batches/999", "/edit/incidents/no-such-record/history"])
def test_what_is_not_there_is_not_found(ana, path):
    assert ana.get(path).status_code == 404


def test_undo_shows_its_preview_inside_the_row_and_does_nothing_yet(ana, store):
    batch = saved(ana, ROW)
    before = store.current()
    page = ana.get(f"/edit/batches?undo={batch}").text
    assert f"Undo batch {batch}?" in page
    assert "1 record goes back without loss" in page
    assert "1 new one is withdrawn from every page, and stays in the history." in page
    assert store.current() == before


def test_undo_is_a_batch_of_its_own(ana, store, editing_app):
    batch = saved(ana, ROW)
    answer = ana.post(f"/edit/batches/{batch}/undo", {"public_note": "Wrong file", "private_note": "mine"})
    page = ana.get(answer.location).text
    assert "Taken back: 1 removed" in page
    assert f"Taken back by batch {batch + 1}" in page
    made = store.batches()[0]
    assert (made.kind, made.author, made.public_note, made.private_note) == (
        "undo",
        "ana",
        "Wrong file",
        "mine",
    )
    assert editing_app.test_client().get(f"/incidents/{ROW['id']}").status_code == 410


def test_what_was_taken_back_stays_in_the_history_and_can_come_back(ana, store, editing_app):
    batch = saved(ana, ROW)
    ana.post(f"/edit/batches/{batch}/undo")
    address = f"/edit/incidents/{ROW['id']}"
    assert f'href="{address}/history"' in ana.get(f"/edit/batches/{batch}").text
    page = ana.get(f"{address}/history").text
    assert f"2 versions of “{ROW['title']}”" in page
    assert "readers see it nowhere" in page
    ana.post(f"{address}/restore", {"version": "1", "public_note": "Not wrong after all"})
    assert editing_app.test_client().get(f"/incidents/{ROW['id']}").status_code == 200


def test_undoing_twice_does_it_once_and_says_so(ana, store):
    batch = saved(ana, ROW)
    ana.post(f"/edit/batches/{batch}/undo")
    after = store.current()
    answer = ana.post(f"/edit/batches/{batch}/undo")
    assert answer.status_code == 409
    assert "undone already" in answer.text
    assert store.current() == after


def test_a_batch_whose_undo_was_undone_is_not_called_taken_back(ana):
    batch = saved(ana, ROW)
    for each in (batch, batch + 1):
        ana.post(f"/edit/batches/{each}/undo")
    page = ana.get("/edit/batches").text
    assert f"Taken back by batch {batch + 1}" not in page
    assert f"Taken back by batch {batch + 2}" in page
    assert f"/edit/batches?undo={batch}#" in page


def test_undo_meets_a_later_change_and_asks(ana, store):
    first = saved(ana, ROW)
    saved(ana, ROW | {"title": "Changed since"})
    page = ana.get(f"/edit/batches?undo={first}").text
    assert "1 of its records was changed since" in page
    assert "Conflict 1: Changed since" in page
    assert 'value="keep" checked' in page
    before = store.current()
    refused = ana.post(f"/edit/batches/{first}/undo")
    assert refused.status_code == 409
    assert store.current() == before
    done = ana.post(f"/edit/batches/{first}/undo", {f"decision-{ROW['id']}": "undo"})
    assert done.status_code == 303


def test_a_batch_of_which_a_record_was_kept_is_taken_back_in_part_and_can_be_undone_further(ana, store):
    other = ROW | {"id": "2031-05-02-other", "title": "Other", "source_url": "https://example.org/other"}
    batch = saved(ana, ROW, other)
    saved(ana, ROW | {"title": "Changed since"})
    ana.post(f"/edit/batches/{batch}/undo", {f"decision-{ROW['id']}": "keep"})
    page = ana.get("/edit/batches").text
    assert f"Taken back in part by batch {batch + 2}" in page
    assert f"/edit/batches?undo={batch}#" in page
    assert f"Batch {batch + 2} took it back in part." in ana.get(f"/edit/batches/{batch}").text
    ana.post(f"/edit/batches/{batch}/undo", {f"decision-{ROW['id']}": "undo"})
    assert ROW["id"] not in store.ids(Filters())
    assert "in part" not in ana.get("/edit/batches").text


def test_undo_takes_back_the_source_alone_and_keeps_the_later_change(ana, store):
    saved(ana, ROW)
    second = {"source_url": "https://example.org/second", "source_title": "<b>Second</b>"}
    batch = saved(ana, ROW | {"source_title": ""}, ROW | second)
    saved(ana, ROW | {"title": "Changed since"})
    page = ana.get(f"/edit/batches?undo={batch}").text
    assert 'value="sources" checked' in page
    assert "Take back 1 source only" in page
    assert "Example: &lt;b&gt;Second&lt;/b&gt;" in page
    done = ana.post(f"/edit/batches/{batch}/undo", {f"decision-{ROW['id']}": "sources"})
    assert "Taken back: 1 changed, nothing deleted" in ana.get(done.location).text
    found = store.get(ROW["id"]).incident
    assert found.title == "Changed since"
    assert [report.source_url for report in found.reports] == [ROW["source_url"]]


def test_the_last_source_of_a_record_is_not_taken_back_alone(ana, store):
    batch = saved(ana, ROW)
    saved(ana, ROW | {"title": "Changed since"})
    page = ana.get(f"/edit/batches?undo={batch}").text
    assert 'value="sources"' not in page
    assert "no other source would be left" in page
    before = store.current()
    refused = ana.post(f"/edit/batches/{batch}/undo", {f"decision-{ROW['id']}": "sources"})
    assert refused.status_code == 409
    assert ROW["id"] in refused.text
    assert store.current() == before


def test_a_record_goes_back_to_an_earlier_version(ana, store):
    saved(ana, ROW)
    saved(ana, ROW | {"title": "Second title"})
    page = ana.get(f"/edit/incidents/{ROW['id']}/history").text
    assert "2 versions of “Second title”" in page
    assert "<del>Uploaded for a test</del>" in page
    answer = ana.post(
        f"/edit/incidents/{ROW['id']}/restore", {"version": "1", "public_note": "First was right"}
    )
    assert answer.status_code == 303
    assert "Restored: 1 changed" in ana.get(answer.location).text
    assert store.get(ROW["id"]).incident.title == ROW["title"]
    assert store.batches()[0].public_note == "First was right"


def test_restoring_what_stands_already_is_refused_in_words(ana, store):
    saved(ana, ROW)
    before = store.current()
    answer = ana.post(f"/edit/incidents/{ROW['id']}/restore", {"version": "1"})
    assert answer.status_code == 409
    assert "Nothing was restored" in answer.text
    assert store.current() == before


def test_a_removed_record_is_brought_back_from_its_batch(ana, store):
    batch = saved(ana, ROW)
    ana.post(f"/edit/batches/{batch}/undo")
    page = ana.get(f"/edit/batches/{batch + 1}").text
    assert "Restore version 1" in page
    assert ana.post(f"/edit/incidents/{ROW['id']}/restore", {"version": "1"}).status_code == 303
    assert store.get(ROW["id"]).incident.title == ROW["title"]


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "1.5"])
def test_a_form_that_names_no_version_is_refused(ana, version):
    saved(ana, ROW)
    assert ana.post(f"/edit/incidents/{ROW['id']}/restore", {"version": version}).status_code == 400


@pytest.mark.parametrize("path", ["/edit/batches/2/undo", f"/edit/incidents/{ROW['id']}/restore"])
def test_changes_need_the_token_of_a_form(ana, store, path):
    before = store.current()
    assert ana.client.post(path, data={"version": "1"}).status_code == 403
    assert store.current() == before


@pytest.mark.parametrize("path", ["/edit/batches", "/edit/batches/2", f"/edit/incidents/{ROW['id']}/history"])
def test_readers_are_sent_to_sign_in(person, path):
    assert person(None).get(path).status_code == 303


def test_hostile_notes_stay_text(ana):
    batch = saved(ana, ROW, public_note="<script>alert(1)</script>{{7*191}}", private_note="<img src=x>")
    for path in ("/edit/batches", f"/edit/batches/{batch}", f"/edit/incidents/{ROW['id']}/history"):
        page = ana.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "1337" not in page
