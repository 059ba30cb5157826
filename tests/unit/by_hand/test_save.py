"""Saving by hand against a store that others write to as well."""

import pytest

from geoapp import by_hand
from geoapp.by_hand import Checked, Form, Met, Saved
from geoapp.by_hand.save import reopened
from geoapp.errors import Conflict, NotFound

from .conftest import a_sheet, with_cells, with_report


def save(store, who="ana", **form):
    return by_hand.save(store, Form(**{"public_note": "Why.", **form}), who)


def test_a_saved_incident_is_a_batch_of_one_with_its_notes_and_author(store):
    done = save(store, sheet=a_sheet(), private_note="From the phone.")
    assert done == Saved("2019-08-24-post-seen", 1, store.current())
    batch = store.batches()[0]
    assert (batch.author, batch.public_note, batch.private_note) == ("ana", "Why.", "From the phone.")
    assert batch.file_name == "form"


def test_a_form_with_an_error_stores_nothing(store):
    before = store.current()
    done = save(store, sheet=a_sheet(date="x"))
    assert isinstance(done, Checked)
    assert done.errors
    assert store.current() == before


def test_a_form_without_any_change_stores_nothing(store, saved, opened):
    before = store.current()
    done = save(store, sheet=opened, identifier=saved, opened=1)
    assert isinstance(done, Checked)
    assert (done.errors, done.change) == ((), None)
    assert store.current() == before


def test_an_edit_makes_the_next_version(store, saved, opened):
    done = save(store, sheet=with_cells(opened, title="Post set up"), identifier=saved, opened=1)
    assert (done.identifier, done.version) == (saved, 2)
    assert store.get(saved).incident.title == "Post set up"


def test_when_somebody_saved_meanwhile_nothing_is_overwritten(store, saved, opened):
    save(store, "mk", sheet=with_cells(opened, summary="Theirs."), identifier=saved, opened=1)
    met = save(store, sheet=with_cells(opened, summary="Mine.", place="Tsnelisi"), identifier=saved, opened=1)
    assert isinstance(met, Met)
    assert (met.opened.number, met.saved.number, met.saved.batch.author) == (1, 2, "mk")
    assert {piece.key: piece.verdict for piece in met.pieces} == {"summary": "both", "place": "mine"}
    assert store.get(saved).incident.summary == "Theirs."


def test_what_was_put_together_is_saved_on_top_of_both(store, saved, opened):
    save(store, "mk", sheet=with_cells(opened, summary="Theirs."), identifier=saved, opened=1)
    form = Form(sheet=with_cells(opened, place="Tsnelisi"), identifier=saved, opened=1, public_note="Why.")
    met = by_hand.save(store, form, "ana")
    sheet = by_hand.merged(met.theirs, met.mine, list(met.pieces), {})
    done = by_hand.save(store, reopened(form, sheet, met.saved.number), "ana")
    assert done.version == 3
    stored = store.get(saved).incident
    assert (stored.summary, stored.place) == ("Theirs.", "Tsnelisi")


def test_when_they_save_again_first_it_is_asked_again(store, saved, opened):
    save(store, "mk", sheet=with_cells(opened, summary="Theirs."), identifier=saved, opened=1)
    form = Form(sheet=with_cells(opened, summary="Mine."), identifier=saved, opened=1, public_note="Why.")
    met = by_hand.save(store, form, "ana")
    theirs = by_hand.sheet_of(store.get(saved).incident)
    save(store, "mk", sheet=with_cells(theirs, summary="Theirs again."), identifier=saved, opened=2)
    sheet = by_hand.merged(met.theirs, met.mine, list(met.pieces), {"summary": "Both."})
    again = by_hand.save(store, reopened(form, sheet, met.saved.number), "ana")
    assert isinstance(again, Met)
    assert store.get(saved).incident.summary == "Theirs again."


def test_both_may_add_a_report_at_the_same_time(store, saved, opened):
    theirs = with_report(opened, 1, source_url="https://example.org/theirs")
    mine = with_report(opened, 1, source_url="https://example.org/mine")
    save(store, "mk", sheet=theirs, identifier=saved, opened=1)
    form = Form(sheet=mine, identifier=saved, opened=1, public_note="Why.")
    met = by_hand.save(store, form, "ana")
    assert {piece.verdict for piece in met.pieces} == {"theirs", "mine"}
    sheet = by_hand.merged(met.theirs, met.mine, list(met.pieces), {})
    assert isinstance(by_hand.save(store, reopened(form, sheet, 2), "ana"), Saved)
    urls = [each.source_url for each in store.get(saved).incident.reports]
    assert urls == ["https://example.org/1", "https://example.org/theirs", "https://example.org/mine"]


def test_another_record_saved_meanwhile_is_no_conflict(store, saved, opened):
    save(store, "mk", sheet=a_sheet(title="Another post"))
    done = save(store, sheet=with_cells(opened, title="Post set up"), identifier=saved, opened=1)
    assert isinstance(done, Saved)


def test_a_commit_that_others_come_before_every_time_gives_up_without_storing(
    store, saved, opened, monkeypatch
):
    def late(batch):
        raise Conflict("late")

    monkeypatch.setattr(store, "commit", late)
    with pytest.raises(Conflict, match="nothing of yours was stored"):
        save(store, sheet=with_cells(opened, title="Post set up"), identifier=saved, opened=1)


def test_an_incident_that_is_gone_cannot_be_saved(store, saved, opened):
    store.undo(store.batches()[0].id)
    with pytest.raises(NotFound):
        save(store, sheet=with_cells(opened, title="Post set up"), identifier=saved, opened=1)
