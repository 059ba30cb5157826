"""Large uploads are checked one after the other; who comes meanwhile is told so, and loses nothing."""

import pytest

from geoapp.web.editing import shared
from geoapp.web.turns import CHECKS
from tests.uploading import ROW, draft_of, shown, to_csv
from tests.uploading import save as save_as_shown

BUSY = "Another large file is being checked"


@pytest.fixture(autouse=True)
def large(monkeypatch):
    """Every file is large, and nobody waits."""
    monkeypatch.setattr(shared, "LARGE_BYTES", 1)
    monkeypatch.setattr(CHECKS, "patience_s", 0.01)


@pytest.fixture
def ana(person):
    return person()


@pytest.fixture
def draft(ana):
    return draft_of(ana, ROW)


@pytest.mark.parametrize("step", ["check", "preview", "errors.csv", "columns"])
def test_while_another_is_checked_the_answer_is_503_and_leads_back(ana, draft, step):
    with CHECKS.turn():
        answer = ana.get(f"{draft}/{step}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert BUSY in answer.text
    assert f'href="{draft}/{step}"' in answer.text
    assert ana.get(f"{draft}/{step}").status_code == 200


def test_what_was_to_be_saved_then_is_saved_later(ana, draft, editing_app):
    store = editing_app.extensions["geoapp.store"]
    before, form = store.current(), shown(ana.get(f"{draft}/preview"))
    with CHECKS.turn():
        answer = ana.post(f"{draft}/save", form | {"public_note": "Brought in by a test"})
    assert answer.status_code == 503
    assert f'href="{draft}/preview"' in answer.text
    assert store.current() == before
    assert save_as_shown(ana, draft).status_code == 303
    assert store.current().number == before.number + 1


def test_a_small_file_needs_no_turn(ana, draft, monkeypatch):
    monkeypatch.setattr(shared, "LARGE_BYTES", len(to_csv(ROW)) + 1)
    with CHECKS.turn():
        assert ana.get(f"{draft}/check").status_code == 200


def test_a_draft_can_be_discarded_meanwhile(ana, draft):
    with CHECKS.turn():
        assert ana.post(f"{draft}/discard", {}).status_code == 303
