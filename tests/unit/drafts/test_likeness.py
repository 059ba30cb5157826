"""New records that look like stored ones: found, told why, and decided about."""

import pytest

from geoapp.drafts import AS_REPORTS, LEAVE_OUT, SEPARATE, Answers
from geoapp.drafts.work import check
from geoapp.ingest import prepare, read_table
from tests.unit.drafts.conftest import ROW
from tests.uploading import to_csv

NEAR = ROW | {
    "id": "2019-08-30-post-again",
    "date": "2019-08-30",
    "title": "A post seen near Chorchana",
    "source_url": "https://example.org/2",
}
FAR = ROW | {
    "id": "2020-05-01-other",
    "date": "2020-05-01",
    "title": "Something else",
    "place": "Ergneti",
    "source_url": "https://example.org/3",
}


@pytest.fixture
def stored(store):
    store.commit(prepare(store, read_table(to_csv(ROW))))
    return store


def likenesses(store, drafts, *rows):
    return check(store, drafts.add("ana", "x.csv", to_csv(*rows))).likenesses


def test_near_in_time_and_place_with_a_like_title(stored, drafts):
    (found,) = likenesses(stored, drafts, NEAR, FAR)
    assert (found.new.id, found.stored.incident.id) == (NEAR["id"], ROW["id"])
    assert found.reason == "6 days apart, same place, similar title"
    assert (found.lines, found.decision) == ((2,), SEPARATE)


def test_of_two_like_titles_the_one_of_the_same_day_and_category_is_told(store, drafts):
    shots = ROW | {
        "id": "2019-08-29-reports-of-shots",
        "date": "2019-08-29",
        "title": "Reports of shooting near Chorchana",
        "category": "shooting",
    }
    cars = ROW | {
        "id": "2019-08-28-armoured-vehicles",
        "date": "2019-08-28",
        "title": "Armoured vehicles reported near Chorchana",
        "category": "deployment",
        "source_url": "https://example.org/4",
    }
    store.commit(prepare(store, read_table(to_csv(shots, cars))))
    new = shots | {"id": "", "title": "Shots reported near Chorchana", "source_url": "https://example.org/5"}
    (found,) = likenesses(store, drafts, new)
    assert found.stored.incident.id == shots["id"]
    assert found.reason == "same time, same place, similar title"


def test_the_same_source_address(stored, drafts):
    (found,) = likenesses(stored, drafts, FAR | {"source_url": ROW["source_url"]})
    assert found.reason == "same source address as a stored incident"


@pytest.mark.parametrize(
    "change", [{"date": "2019-10-30"}, {"place": "Ergneti"}, {"title": "Quite different"}]
)
def test_what_is_far_in_one_of_them_is_no_likeness(stored, drafts, change):
    assert likenesses(stored, drafts, NEAR | change) == ()


def test_a_change_of_a_stored_record_is_no_likeness_of_itself(stored, drafts):
    assert likenesses(stored, drafts, ROW | {"summary": "Written again."}) == ()


def test_a_record_whose_id_is_made_is_found_by_its_rows(stored, drafts):
    (found,) = likenesses(stored, drafts, FAR, NEAR | {"id": ""})
    assert found.lines == (3,)


def decided(drafts, store, decision, *rows):
    draft = drafts.add("ana", "x.csv", to_csv(*rows))
    answers = Answers(decisions={NEAR["id"]: (decision, ROW["id"])})
    return check(store, drafts.change(draft, answers))


def test_added_as_reports_it_changes_the_stored_record_alone(stored, drafts):
    checked = decided(drafts, stored, AS_REPORTS, NEAR, FAR)
    assert [change.id for change in checked.batch.created] == [FAR["id"]]
    (change,) = checked.batch.updated
    assert change.id == ROW["id"]
    assert change.after.incident.title == ROW["title"]
    assert [each.source_url for each in change.after.incident.reports] == [
        ROW["source_url"],
        NEAR["source_url"],
    ]
    assert [each.decision for each in checked.likenesses] == [AS_REPORTS]


def test_left_out_it_is_not_in_the_batch(stored, drafts):
    checked = decided(drafts, stored, LEAVE_OUT, NEAR, FAR)
    assert [change.id for change in checked.batch.changes] == [FAR["id"]]


def test_a_decision_about_another_stored_record_does_not_hold(stored, drafts):
    draft = drafts.add("ana", "x.csv", to_csv(NEAR))
    answers = Answers(decisions={NEAR["id"]: (LEAVE_OUT, "another-one")})
    assert [each.decision for each in check(stored, drafts.change(draft, answers)).likenesses] == [SEPARATE]
