"""Answers about the whole set are kept in the database, and are those of a fresh count."""

import pytest
from sqlalchemy import delete, select, update

from geoapp.errors import StoreFailed
from geoapp.query import Filters
from geoapp.store import Store, ahead, copying, count_ahead, reading
from geoapp.store.ahead import wrong_answers
from geoapp.store.counting import answers, coverage, facets, vocabulary
from geoapp.store.schema import whole_answers
from tests import engines
from tests.unit.store.building import a_record, a_report, changed, put

KEPT = {f"{what} 1" for what in ("count", "coverage", "days", "extent", "facets", "in_use")}


@pytest.fixture(autouse=True)
def keep_small_sets(monkeypatch):
    monkeypatch.setattr(answers, "LEAST_INCIDENTS", 1)


@pytest.fixture
def filled(store):
    put(store, a_record("post-1"), a_record("post-2", category="drone", joined={"longitude": None}))
    return store


@pytest.fixture
def fresh_counts(monkeypatch):
    """What was counted by going through the records."""
    counted = []

    def note(module, name):
        original = getattr(module, name)

        def noted(*given):
            counted.append(name)
            return original(*given)

        monkeypatch.setattr(module, name, noted)

    known = (facets, "facets"), (facets, "days"), (reading, "count"), (vocabulary, "in_use")
    for module, name in (*known, (coverage, "publishers")):
        note(module, name)
    return counted


def told(store):
    known = store.vocabulary()
    whole = Filters()
    items = store.items
    return store.count(whole), store.facets(whole), store.days(whole), items.extent(), items.coverage(), known


def kept(store):
    engines.wait_for_beside()
    with store.reading() as connection:
        return list(connection.execute(select(whole_answers).order_by(*whole_answers.primary_key)))


def hold_against_a_fresh_count(store, address, fresh_counts):
    """Another process answers from what was kept, and says what counting says."""
    count_ahead(store)
    assert {row.what for row in kept(store) if row.content_hash == store.current().content_hash} == KEPT
    with Store.open(address) as other:
        fresh_counts.clear()
        from_kept = told(other)
        assert fresh_counts == []
    with Store.open(address) as other, other.writing() as connection:
        connection.execute(delete(whole_answers))
    with Store.open(address) as other:
        assert told(other) == from_kept
        assert {"facets", "days", "count", "in_use", "publishers"} <= set(fresh_counts)
    # The order of codes and days is part of the answer.
    assert [list(counts) for counts in from_kept[1].values()] == [
        list(counts) for counts in store.facets(Filters()).values()
    ]


def test_another_process_answers_from_what_was_kept_after_every_change(filled, address, fresh_counts):
    hold_against_a_fresh_count(filled, address, fresh_counts)
    put(filled, a_record("post-3", status="retracted"), changed(filled.get("post-1"), place="Elsewhere"))
    hold_against_a_fresh_count(filled, address, fresh_counts)
    filled.undo(filled.batches()[0].id)
    hold_against_a_fresh_count(filled, address, fresh_counts)
    filled.redact("post-2", reason="A private person")
    hold_against_a_fresh_count(filled, address, fresh_counts)
    assert filled.count(Filters()) == 1


def test_a_first_question_keeps_its_answer(filled, address, fresh_counts):
    filled.facets(Filters(limit=5, sortby=("-date",)))
    assert [row.what for row in kept(filled)] == ["facets 1"]
    with Store.open(address) as other, other.view() as seen:
        fresh_counts.clear()
        assert seen.facets(Filters())["category"] == {"drone": 1, "post_established": 1}
        assert fresh_counts == []


def test_answers_about_a_part_are_not_kept(filled):
    filled.count(Filters(category=("drone",)))
    filled.facets(Filters(q="post"))
    assert kept(filled) == []


def test_an_answer_of_other_content_is_not_used(filled, address, fresh_counts):
    count_ahead(filled)
    engines.wait_for_beside()
    with filled.writing() as connection:
        connection.execute(update(whole_answers).values(content_hash="0" * 64))
    with Store.open(address) as other:
        fresh_counts.clear()
        told(other)
    assert "facets" in fresh_counts


def test_a_restored_backup_answers_for_its_own_content(filled, address, tmp_path, fresh_counts):
    file = tmp_path / "backup.sqlite"
    count_ahead(filled)
    engines.wait_for_beside()
    copying.backup(address, file)
    put(filled, a_record("post-3"))
    number = filled.current().number
    hold_against_a_fresh_count(filled, address, fresh_counts)
    filled.close()
    copying.restore(file, address, replacing=True)
    with Store.open(address) as back:
        assert told(back)[0] == 2
        put(back, a_record("post-4"), a_record("post-5"))
        # The number that the replaced store had reached, for other content.
        assert back.current().number == number
        assert told(back)[0] == 4
        hold_against_a_fresh_count(back, address, fresh_counts)


def test_what_an_undo_brings_back_is_found_again(filled, fresh_counts):
    count_ahead(filled)
    engines.wait_for_beside()
    filled.undo(put(filled, a_record("post-3")) and filled.batches()[0].id)
    fresh_counts.clear()
    assert told(filled)[0] == 2
    assert fresh_counts == []


def test_answers_of_versions_that_are_no_longer_kept_go(filled):
    first = filled.current().content_hash
    for number in range(3, 6):
        count_ahead(filled)
        assert first in {row.content_hash for row in kept(filled)}
        put(filled, a_record(f"post-{number}"))
    assert first not in {row.content_hash for row in kept(filled)}


def test_a_redaction_leaves_no_answer_that_names_what_was_taken_out(store):
    report = a_report(report_id="post-1/1", source_publisher="Qwertzuiopa")
    put(store, a_record("post-1", reports=(report,)), a_record("post-2"))
    count_ahead(store)
    assert any(b"Qwertzuiopa" in row.body for row in kept(store))
    before = store.current()
    store.redact("post-1/1", "source_publisher", reason="A private person")
    # Counted before the redaction, written after it.
    store._answers.keep(before, "in_use", {"publisher": ["Qwertzuiopa"]})
    assert kept(store) == []


def test_a_kept_answer_that_is_damaged_is_counted_again(filled, address, fresh_counts):
    filled.count(Filters())
    assert kept(filled)
    with filled.writing() as connection:
        connection.execute(update(whole_answers).values(body=b"{"))
    with Store.open(address) as other:
        assert other.count(Filters()) == 2
    assert [row.body for row in kept(filled)] == [b"2"]


def test_a_wrong_answer_is_found_by_the_check(filled, address):
    filled.facets(Filters())
    filled.count(Filters())
    assert len(kept(filled)) == 2
    assert wrong_answers(filled) == []
    with filled.writing() as connection:
        connection.execute(update(whole_answers).where(whole_answers.c.what == "count 1").values(body=b"3"))
    with Store.open(address) as other:
        assert wrong_answers(other) == ["count"]


def test_what_a_disk_has_to_give_first_is_gone_through_once(filled, monkeypatch, fresh_counts):
    count_ahead(filled)
    fresh_counts.clear()
    monkeypatch.setattr(ahead, "COLD_S", 60)
    assert not ahead.read_ahead(filled)
    assert fresh_counts == ["count"]
    monkeypatch.setattr(ahead, "COLD_S", -1)
    assert ahead.read_ahead(filled)
    assert {"facets", "days", "in_use"} <= set(fresh_counts)
    # What the process knows stays what it was.
    fresh_counts.clear()
    told(filled)
    assert fresh_counts == []


def test_nobody_hears_when_an_answer_cannot_be_written(filled, address, monkeypatch):
    def full():
        raise StoreFailed("the disk that holds the database is full")

    with Store.open(address) as other:
        monkeypatch.setattr(other._database, "writing", full)
        assert told(other) == told(filled)
        assert other.facets(Filters(category=("drone",)))["category"]


def test_a_store_for_reading_alone_answers_without_keeping(filled, address):
    with Store.open(address, read_only=True) as other:
        assert told(other)[0] == 2
        engines.wait_for_beside()
        other.close()
    assert kept(filled) == []


def test_a_reader_does_not_wait_for_a_writer(filled, address):
    with Store.open(address) as other:
        with filled.writing():
            assert other.count(Filters()) == 2
        assert [row.what for row in kept(other)] == ["count 1"]


def test_small_sets_are_counted_each_time(filled, monkeypatch):
    monkeypatch.setattr(answers, "LEAST_INCIDENTS", 3)
    count_ahead(filled)
    assert kept(filled) == []
