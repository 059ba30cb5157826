from __future__ import annotations

from datetime import date, timedelta

import brotli
import orjson
import pytest
from sqlalchemy import delete

from geoapp import columns
from geoapp.columns import Codebook
from geoapp.errors import NotFound
from geoapp.query import Filters
from geoapp.store import chunks
from geoapp.store.schema import dataset_chunks
from tests.unit.store.building import a_record, changed, put

FIRST = date(2019, 1, 1)


def chunks_of(store):
    """The manifest's chunks, oldest first, each with its decoded columns."""
    listed = orjson.loads(store.manifest())["chunks"]
    assert listed == sorted(listed, key=lambda chunk: -chunk[3])
    return [(*chunk, columns.decode(brotli.decompress(store.chunk(chunk[0])))) for chunk in reversed(listed)]


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr("geoapp.store.chunks.MOST_ROWS", 4)
    monkeypatch.setattr("geoapp.store.chunks.FILLED_ROWS", 3)


def a_day(number: int, **values):
    return a_record(f"post-{number:02}", date=FIRST + timedelta(days=number), **values)


def test_a_store_without_reference_data_is_version_0(empty):
    assert (empty.current().number, empty.current().incidents) == (0, 0)
    assert empty.ids(Filters()) == []
    assert empty.count(Filters(place=("Tsnelisi",))) == 0
    for ask in (empty.manifest, empty.reference, empty.vocabulary):
        with pytest.raises(NotFound):
            ask()


def test_the_manifest_of_no_records_has_one_empty_chunk(store):
    manifest = orjson.loads(store.manifest())
    assert manifest["totals"] == {"incidents": 0, "located": 0, "retracted": 0}
    assert [len(chunk[-1]["key"]) for chunk in chunks_of(store)] == [0]


def test_chunks_hold_every_record_by_date(store, small_chunks):
    put(store, *(a_day(number) for number in range(8)))
    keys = [key for chunk in chunks_of(store) for key in chunk[-1]["key"].tolist()]
    assert keys == store.keys(Filters())
    assert [chunk[1] for chunk in chunks_of(store)] == [3, 3, 2]
    manifest = orjson.loads(store.manifest())
    assert manifest["version"] == store.current().number
    assert manifest["content_hash"] == store.current().content_hash
    assert sum(count for _, count in manifest["days"]) == 8


def test_bounds_leave_no_day_out(store, small_chunks):
    put(store, *(a_day(number) for number in range(0, 16, 2)))
    bounds = [chunk[2:4] for chunk in chunks_of(store)]
    assert all(before[1] + 1 == after[0] for before, after in zip(bounds, bounds[1:], strict=False))
    put(store, a_record("early-1", date=date(1, 1, 1)), a_record("late-1", date=date(9999, 12, 31)))
    keys = [key for chunk in chunks_of(store) for key in chunk[-1]["key"].tolist()]
    assert keys == store.keys(Filters())


def test_a_batch_rewrites_only_the_chunks_whose_days_it_touched(store, small_chunks):
    put(store, *(a_day(number) for number in range(9)))
    before = [chunk[0] for chunk in chunks_of(store)]
    put(store, changed(store.get("post-04"), category="drone"))
    after = [chunk[0] for chunk in chunks_of(store)]
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, True]
    put(store, changed(store.get("post-04"), date=FIRST))
    assert [old == new[0] for old, new in zip(after, chunks_of(store), strict=True)] == [False, False, True]


def test_a_chunk_that_overflows_is_split_and_the_others_stay(store, small_chunks):
    put(store, *(a_day(number) for number in range(9)))
    before = {chunk[0] for chunk in chunks_of(store)}
    put(
        store,
        a_record("more-1", date=FIRST + timedelta(days=4)),
        a_record("more-2", date=FIRST + timedelta(days=3)),
    )
    listed = chunks_of(store)
    assert max(chunk[1] for chunk in listed) <= 4
    assert len(before & {chunk[0] for chunk in listed}) == 2
    rows = [row for chunk in listed for row in zip(chunk[-1]["day"], chunk[-1]["key"], strict=True)]
    assert rows == sorted(rows)
    assert {key for _, key in rows} == set(store.keys(Filters()))


def test_a_day_with_more_records_than_a_chunk_holds_has_parts(store, small_chunks):
    put(store, *(a_record(f"same-{number}") for number in range(10)))
    assert sorted(chunk[1] for chunk in chunks_of(store)) == [2, 4, 4]
    put(store, a_record("same-x"))
    assert sorted(chunk[1] for chunk in chunks_of(store)) == [3, 4, 4]


def test_places_keep_their_position_when_others_come(store, small_chunks):
    put(store, a_day(1, place="Tsnelisi"), a_day(5, place="Odzisi", joined={"place_id": "place-odzisi"}))
    before = orjson.loads(store.manifest())["places"]
    put(store, a_day(30, place="Kobi", joined={"place_id": "place-kobi"}))
    after = orjson.loads(store.manifest())["places"]
    assert after[: len(before)] == before
    assert after[len(before) :] == [store.find(Filters(q="kobi"))[0].incident.place]


def test_chunks_of_the_last_three_versions_stay(store):
    put(store, a_record("post-0"))
    first = chunks_of(store)[0][0]
    for number in range(1, 3):
        put(store, a_record(f"post-{number}"))
    assert store.chunk(first)
    put(store, a_record("post-3"))
    with pytest.raises(NotFound):
        store.chunk(first)


def test_retracted_records_are_in_the_chunks_and_not_in_the_totals(store):
    put(store, a_record("post-1"), a_record("post-2", status="retracted"))
    manifest = orjson.loads(store.manifest())
    assert manifest["totals"] == {"incidents": 1, "located": 1, "retracted": 1}
    assert [count for _, count in manifest["days"]] == [1]
    assert len(chunks_of(store)[0][-1]["key"]) == 2
    assert store.current().incidents == 2


def test_the_content_hash_depends_on_content_alone(store):
    put(store, a_record("post-1"), a_record("post-2"))
    both = store.current().content_hash
    put(store, changed(store.get("post-1"), title="Other"))
    assert store.current().content_hash != both
    put(store, changed(store.get("post-1"), title="Post seen"))
    assert store.current().content_hash == both


def test_what_commits_cut_out_and_put_between_is_what_a_new_build_gives(store, small_chunks, shipped):
    put(store, *(a_day(number, joined={"longitude": 43 + number / 10}) for number in range(9)))
    moved = changed(store.get("post-04"), date=FIRST + timedelta(days=30), place="Kobi")
    put(
        store, moved, changed(store.get("post-05"), status="retracted"), a_day(40, joined={"longitude": None})
    )
    store.undo(store.batches()[1].id, decisions={"post-04": "keep", "post-05": "keep"})
    manifest = orjson.loads(store.manifest())
    found = columns.joined([chunk[-1] for chunk in chunks_of(store)])
    with store.reading() as connection:
        book = Codebook.of(shipped, manifest["places"])
        connection.execute(delete(dataset_chunks))
        built, counts = chunks.build(connection, store.current().number, book)
        again = columns.joined(
            [columns.decode(brotli.decompress(chunks.read(connection, each.hash))) for each in built]
        )
        connection.rollback()
    for name, values in again.items():
        assert values.tolist() == found[name].tolist(), name
    assert manifest["totals"] == counts.totals == {"incidents": 2, "located": 1, "retracted": 1}
    assert dict(manifest["days"]) == counts.days
