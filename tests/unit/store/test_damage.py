"""Chunks of the map that are damaged: told, and made again from the records, which say all that they did."""

import pytest
from sqlalchemy import update

from geoapp import columns
from geoapp.errors import StoreFailed
from geoapp.store.schema import chunks
from tests.unit.store.building import a_record, changed, put
from tests.unit.store.test_versions import chunks_of


@pytest.fixture
def filled(store):
    """A store with two records in one chunk."""
    put(store, a_record("post-1"), a_record("post-2"))
    return store


def damage(store):
    """Spoil every chunk that is stored."""
    with store.writing() as connection:
        connection.execute(update(chunks).values(content=b"\x00\xff"))


def shown(store):
    """Key and category of every row of the map."""
    book = columns.Codebook.of(store.reference(), [])
    return sorted(
        (int(key), book.categories[category])
        for *_, found in chunks_of(store)
        for key, category in zip(found["key"], found["category"], strict=True)
    )


def names(store):
    """The addresses of the chunks."""
    return [name for name, *_ in chunks_of(store)]


def test_a_damaged_chunk_is_not_given_out(filled):
    (name,) = names(filled)
    damage(filled)
    with pytest.raises(StoreFailed, match=f"chunk {name} of the map is damaged"):
        filled.chunk(name)


def test_a_commit_over_a_damaged_chunk_writes_the_map_anew_and_loses_nothing(filled):
    before = shown(filled)
    damage(filled)
    record = changed(filled.get("post-1"), category="crossing_closed")
    put(filled, record, a_record("post-3"))
    after = dict(shown(filled))
    assert len(after) == 3
    assert after[filled.get("post-1").key] == "crossing_closed"
    assert before[0][0] in after
    assert before[1][0] in after


def test_rejoin_writes_damaged_chunks_anew_as_a_version_of_the_same_content(filled):
    before, rows, was = filled.current(), shown(filled), names(filled)
    damage(filled)
    made = filled.rejoin([(each, filled.get(each).joined) for each in ("post-1", "post-2")])
    assert (made.number, made.content_hash) == (before.number + 1, before.content_hash)
    assert shown(filled) == rows
    # What is at an address never changes: the same rows are what stood there before.
    assert names(filled) == was
    assert filled.batches()[0].public_note == "Files of the map written anew"
    assert filled.get("post-1").version == 1


def test_rejoin_makes_no_version_when_every_chunk_is_sound(filled):
    before = filled.current()
    assert filled.rejoin([("post-1", filled.get("post-1").joined)]) == before
