"""Undoing one batch after another, and what counts as a later change."""

from dataclasses import replace

import pytest

from geoapp.accounts import derived_status
from geoapp.errors import Conflict, Gone
from geoapp.query import Filters
from geoapp.store import Store
from tests.unit.store.building import PARTY_OF, a_record, a_report, changed, put


def _title(store, title):
    """Change the title of post-1; gives the batch."""
    put(store, changed(store.get("post-1"), title=title))
    return store.batches()[0].id


@pytest.fixture
def three(store):
    """Three batches in a row that say first, second, third; gives their numbers and the hashes after each."""
    put(store, a_record("post-1", title="first"))
    numbers, hashes = [store.batches()[0].id], [store.current().content_hash]
    for title in ("second", "third"):
        numbers.append(_title(store, title))
        hashes.append(store.current().content_hash)
    return numbers, hashes


def test_batches_can_be_undone_one_after_another_back_to_nothing(store, three):
    (first, second, third), hashes = three
    assert store.undo(third).content_hash == hashes[1]
    assert store.undo(second).content_hash == hashes[0]
    store.undo(first)
    with pytest.raises(Gone):
        store.get("post-1")
    assert store.ids(Filters()) == []


def test_undoing_the_undoes_brings_everything_forth_again(store, three):
    (_, second, third), hashes = three
    store.undo(third)
    store.undo(second)
    numbers = [batch.id for batch in store.batches()[:2]]
    assert [store.undo(number).content_hash for number in numbers] == hashes[1:]
    assert store.get("post-1").incident.title == "third"


def test_an_undo_that_was_undone_lets_its_batch_be_undone_again(store, three):
    (_, second, third), hashes = three
    store.undo(third)
    store.undo(store.batches()[0].id)
    with pytest.raises(Conflict, match="post-1"):
        store.undo(second)
    assert store.undo(third).content_hash == hashes[1]
    assert store.undo(second).content_hash == hashes[0]


def test_a_batch_is_not_undone_twice(store, three):
    (_, _, third), _ = three
    store.undo(third)
    before = store.current()
    with pytest.raises(Conflict, match="undone already"):
        store.undo(third)
    assert store.current() == before


def test_a_change_that_was_not_undone_still_stands_in_the_way(store, three):
    (_, second, third), _ = three
    store.undo(third)
    _title(store, "fourth")
    with pytest.raises(Conflict, match="post-1"):
        store.undo(second)
    assert store.get("post-1").incident.title == "fourth"


def test_the_same_words_written_again_are_a_later_change(store, three):
    (_, second, _), _ = three
    _title(store, "second")
    with pytest.raises(Conflict, match="post-1"):
        store.undo(second)


def test_a_removal_can_be_undone_after_what_came_later_was_undone(store, three):
    (first, second, third), hashes = three
    for number in (third, second, first):
        store.undo(number)
    removal = store.batches()[0].id
    put(store, a_record("post-1", title="again"))
    store.undo(store.batches()[0].id)
    assert store.undo(removal).content_hash == hashes[0]
    assert store.get("post-1").incident.title == "first"


def test_one_record_in_the_way_keeps_the_whole_batch(store):
    put(store, a_record("post-1"), a_record("post-2"))
    batch = store.batches()[0].id
    _title(store, "other")
    store.undo(store.batches()[0].id)
    put(store, changed(store.get("post-2"), title="Better"))
    with pytest.raises(Conflict, match="post-2") as caught:
        store.undo(batch)
    assert "post-1" not in str(caught.value)


@pytest.fixture
def overtaken(store):
    """Two records of one batch, the second of them changed by a later one; gives the first batch."""
    put(store, a_record("post-1", title="first"), a_record("post-2", title="first"))
    put(store, *(changed(store.get(each), title="second") for each in ("post-1", "post-2")))
    batch = store.batches()[0].id
    put(store, changed(store.get("post-2"), title="third"))
    return batch


def _titles(store):
    return [store.get(each).incident.title for each in ("post-1", "post-2")]


def test_the_preview_shows_what_goes_back_and_all_states_of_what_is_in_the_way(store, overtaken):
    plan = store.undo_preview(overtaken)
    assert (plan.batch.id, plan.ready, plan.undone) == (overtaken, ("post-1",), ())
    (conflict,) = plan.conflicts
    states = (conflict.before, conflict.after, conflict.now)
    assert [state.incident.title for state in states] == ["first", "second", "third"]
    assert conflict.id == "post-2"


def test_the_preview_counts_those_that_the_batch_had_added(store, overtaken):
    put(store, changed(store.get("post-1"), title="fourth"), a_record("post-3"), a_record("post-4"))
    plan = store.undo_preview(store.batches()[0].id)
    assert (len(plan.ready), plan.withdrawn) == (3, 2)


def test_a_record_that_is_kept_stays_and_the_others_go_back(store, overtaken):
    store.undo(overtaken, decisions={"post-2": "keep"})
    assert _titles(store) == ["first", "third"]
    plan = store.undo_preview(overtaken)
    assert (plan.ready, plan.undone) == ((), ("post-1",))
    assert [each.id for each in plan.conflicts] == ["post-2"]


def test_a_record_can_go_back_although_later_batches_changed_it(store, overtaken):
    store.undo(overtaken, decisions={"post-2": "undo"})
    assert _titles(store) == ["first", "first"]
    assert store.undo_preview(overtaken).conflicts == ()
    store.undo(store.batches()[0].id)
    assert _titles(store) == ["second", "third"]


def test_a_conflict_without_a_decision_stops_all(store, overtaken):
    with pytest.raises(Conflict, match="post-2"):
        store.undo(overtaken, decisions={"post-1": "undo"})
    assert _titles(store) == ["second", "third"]


def test_keeping_everything_that_is_left_is_no_undo(store, overtaken):
    store.undo(overtaken, decisions={"post-2": "keep"})
    with pytest.raises(Conflict, match="nothing"):
        store.undo(overtaken, decisions={"post-2": "keep"})


def _report(number, **values):
    return a_report(report_id=f"post-2/{number}", source_url=f"https://example.org/{number}", **values)


def _with_reports(record, *reports):
    return changed(record, reports=(*record.incident.reports, *reports))


@pytest.fixture
def sourced(store):
    """A batch that gave post-2 two sources of the other party, and one that gave it a title and a source."""
    put(store, a_record("post-1"), a_record("post-2"))
    given = [_report(number, source_publisher="Other", attributed_to="SO_GOV") for number in (2, 3)]
    found = store.get("post-2")
    record = _with_reports(found, *given)
    joined = replace(found.joined, parties=tuple(sorted(PARTY_OF.values())), publishers=2)
    status = derived_status(record.incident)
    put(store, replace(record, incident=replace(record.incident, status=status), joined=joined))
    batch = store.batches()[0].id
    later = changed(_with_reports(store.get("post-2"), _report(4)), title="Better")
    put(store, later)
    return batch


def _numbers(record):
    return [report.report_id for report in record.incident.reports]


def test_the_preview_names_the_sources_that_a_batch_gave(store, sourced):
    (conflict,) = store.undo_preview(sourced).conflicts
    assert [report.report_id for report in conflict.sources] == ["post-2/2", "post-2/3"]
    assert conflict.stands_without


def test_only_the_sources_of_a_batch_can_be_taken_back(store, sourced):
    store.undo(sourced, decisions={"post-2": "sources"})
    found = store.get("post-2")
    assert _numbers(found) == ["post-2/1", "post-2/4"]
    assert found.incident.title == "Better"
    # What followed from them follows from those that are left.
    assert (found.joined.parties, found.joined.publishers) == (("georgian_authorities",), 1)
    assert found.incident.status == derived_status(found.incident)
    assert store.history("post-2")[-1].number == 4


def test_taking_sources_back_is_a_batch_that_can_be_undone(store, sourced):
    before = store.current().content_hash
    store.undo(sourced, decisions={"post-2": "sources"})
    assert store.undo(store.batches()[0].id).content_hash == before


def test_after_sources_were_taken_back_the_record_is_not_what_stood_before_the_batch(store, sourced):
    later = store.batches()[0].id
    store.undo(sourced, decisions={"post-2": "sources"})
    with pytest.raises(Conflict, match="post-2"):
        store.undo(later)
    plan = store.undo_preview(sourced)
    assert (plan.ready, plan.undone) == ((), ())
    assert plan.conflicts[0].sources == ()
    store.undo(sourced, decisions={"post-2": "undo"})
    assert _numbers(store.get("post-2")) == ["post-2/1"]


def test_sources_are_not_taken_back_where_no_other_is_left_or_none_was_given(store):
    put(store, a_record("post-1"), a_record("post-2"))
    first = store.batches()[0].id
    second = _title(store, "second")
    put(store, changed(store.get("post-1"), title="third"), changed(store.get("post-2"), title="third"))
    before = store.current()
    for batch in (first, second):
        decisions = dict.fromkeys(("post-1", "post-2"), "sources")
        with pytest.raises(Conflict, match="post-1.*no source"):
            store.undo(batch, decisions=decisions)
    assert not any(each.stands_without for each in store.undo_preview(first).conflicts)
    assert store.current() == before


def test_a_withdrawn_source_does_not_hold_a_record_up(store, sourced):
    reports = [
        replace(report, report_status="retracted") if report.report_id[-1] in "14" else report
        for report in store.get("post-2").incident.reports
    ]
    put(store, changed(store.get("post-2"), reports=tuple(reports)))
    assert not store.undo_preview(sourced).conflicts[0].stands_without


@pytest.fixture
def freed(store, sourced):
    """The batch that gave post-2 two sources, after the one that stood in its way was undone."""
    store.undo(store.batches()[0].id)
    assert store.undo_preview(sourced).ready == ("post-2",)
    return sourced


def test_keep_holds_where_the_later_change_was_undone_since_it_was_said(store, freed):
    before = store.current()
    with pytest.raises(Conflict, match="kept"):
        store.undo(freed, decisions={"post-2": "keep"})
    assert store.current() == before


def test_sources_only_holds_where_the_later_change_was_undone_since_it_was_said(store, freed):
    put(store, changed(store.get("post-2"), title="Meanwhile"))
    store.undo(store.batches()[0].id)
    store.undo(freed, decisions={"post-2": "sources"})
    assert _numbers(store.get("post-2")) == ["post-2/1"]
    assert store.history("post-2")[-1].batch.undoes == freed


def test_undoes_of_an_older_program_still_count_as_what_they_brought_back(store, three, address):
    (_, second, third), hashes = three
    store.undo(third)
    with store.writing() as connection:
        # It did not note what a version says again.
        connection.exec_driver_sql("ALTER TABLE record_versions DROP COLUMN again")
        connection.exec_driver_sql("DROP TABLE coded_incidents")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0009'")
    with Store.open(address) as today:
        with pytest.raises(Conflict, match="undone already"):
            today.undo(third)
        assert today.undo(second).content_hash == hashes[0]
