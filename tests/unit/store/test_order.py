from __future__ import annotations

from datetime import date

import pytest

from geoapp.query import Filters
from geoapp.store import Neighbours
from tests.unit.store.building import a_record, changed, put


@pytest.fixture
def filled(store):
    put(
        store,
        a_record("bb-1", date=date(2019, 8, 2), title="Éclair", category="drone", status="disputed"),
        a_record(
            "aa-1", date=date(2019, 8, 2), title="apple", place="Kobi", joined={"place_id": "place-kobi"}
        ),
        a_record("cc-1", date=date(2019, 8, 1), title="Zebra"),
        a_record("dd-1", date=date(2019, 8, 3), title="banana"),
    )
    put(store, changed(store.get("aa-1"), summary="Reworded."))
    return store


@pytest.mark.parametrize(
    ("sortby", "letters"),
    [
        ((), "cabd"),
        (("date",), "cabd"),
        (("-date",), "dbac"),
        (("id",), "abcd"),
        (("-id",), "dcba"),
        (("title",), "adbc"),
        (("place", "-date"), "adbc"),
        (("category", "id"), "bacd"),
        (("status", "id"), "bacd"),
        (("-updated", "id"), "abcd"),
        (("updated",), "bcda"),
    ],
)
def test_orders(filled, sortby, letters):
    filters = Filters(sortby=sortby)
    ids = filled.ids(filters)
    assert "".join(identifier[0] for identifier in ids) == letters
    assert [record.incident.id for record in filled.find(filters)] == ids
    assert [record.incident.id for record in filled.stream(filters)] == ids
    assert [filled.by_key(key).incident.id for key in filled.keys(filters)] == ids


def test_pages_follow_each_other_without_gap_or_overlap(filled):
    pages = [filled.ids(Filters(sortby=("category",), limit=1, offset=offset)) for offset in range(5)]
    assert sum(pages, []) == filled.ids(Filters(sortby=("category",)))
    assert filled.ids(Filters(offset=3)) == ["dd-1"]
    assert filled.count(Filters(limit=1, offset=2)) == 4


@pytest.mark.parametrize("sortby", [(), ("-date",), ("title",), ("category", "-id"), ("-updated",)])
def test_neighbours_are_those_of_the_list(filled, sortby):
    filters = Filters(sortby=sortby, limit=2)
    ids = filled.ids(filters.without("limit"))
    for position, identifier in enumerate(ids):
        before = ids[position - 1] if position else None
        after = ids[position + 1] if position + 1 < len(ids) else None
        assert filled.neighbours(identifier, filters) == Neighbours(position + 1, 4, before, after)


def test_a_record_outside_the_list_has_no_neighbours(filled):
    assert filled.neighbours("aa-1", Filters(category=("drone",))) == Neighbours(None, 1, None, None)


def test_a_stream_is_longer_than_one_page_and_does_not_see_later_commits(store, monkeypatch):
    monkeypatch.setattr("geoapp.store.reading.STREAMED_AT_ONCE", 2)
    put(store, *(a_record(f"post-{number}") for number in range(5)))
    stream = store.stream(Filters())
    first = next(stream)
    put(store, a_record("post-9"), changed(store.get("post-4"), title="Later"))
    rest = list(stream)
    assert [record.incident.id for record in (first, *rest)] == [f"post-{number}" for number in range(5)]
    assert rest[-1].incident.title == "Post seen"


def test_many_ids_come_in_the_order_asked_for(filled):
    found = filled.get_many(["dd-1", "none-1", "aa-1", "dd-1"])
    assert [record.incident.id for record in found] == ["dd-1", "aa-1"]
    assert filled.get_many([]) == []
