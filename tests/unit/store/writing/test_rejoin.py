from __future__ import annotations

from dataclasses import replace

from geoapp.query import Filters
from tests.unit.store.building import a_record, put


def test_changed_values_become_a_version_and_move_the_point(store):
    put(store, a_record("post-1"), a_record("post-2"))
    old, other = store.get("post-1"), store.get("post-2")
    moved = replace(old.joined, longitude=44.0, latitude=42.0, layers_hash="new")
    store.rejoin([("post-1", moved), ("post-2", other.joined), ("unknown", moved)], note="New line")
    assert store.get("post-1").joined == moved
    assert [version.batch.kind for version in store.history("post-1")] == ["import", "rejoin"]
    assert store.get("post-2") == other
    assert store.ids(Filters(bbox=(43.9, 41.9, 44.1, 42.1))) == ["post-1"]
    assert store.ids(Filters(bbox=(43.5, 42.1, 43.7, 42.3))) == ["post-2"]


def test_the_same_values_from_other_layers_are_only_stamped(store):
    put(store, a_record("post-1"))
    before, old = store.current(), store.get("post-1")
    stamped = replace(old.joined, layers_hash="new")
    assert store.rejoin([("post-1", stamped)]) == before
    assert store.get("post-1") == replace(old, joined=stamped)
    assert [version.record for version in store.history("post-1")] == [store.get("post-1")]
