from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from geoapp.errors import DataRefused
from geoapp.query import Filters
from geoapp.store import Store
from tests.unit.store.building import a_record, a_report, put


def without(table, *codes):
    return {code: row for code, row in table.items() if code not in codes}


def test_reference_data_are_read_as_they_were_stored(store, address, shipped):
    with Store.open(address) as other:
        found = other.reference()
    assert found.hash == shipped.hash
    assert found.to_dict() == shipped.to_dict()
    assert store.batches()[0].kind == "reload"


def test_the_same_data_again_change_nothing(store, shipped):
    before = store.current()
    assert store.save_reference(shipped) == before
    assert len(store.batches()) == 1


def test_codes_in_use_stay_and_their_users_are_named(store, shipped):
    put(
        store,
        a_record("post-1", actors=("EUMM",)),
        a_record(
            "post-2", category="drone", reports=(a_report(report_id="post-2/1", attributed_to="SO_GOV"),)
        ),
    )
    before = store.current()
    fewer = replace(
        shipped,
        actors=without(shipped.actors, "EUMM", "SO_GOV", "RU_FORCES"),
        categories=without(shipped.categories, "drone"),
    )
    with pytest.raises(DataRefused) as caught:
        store.save_reference(fewer)
    told = {
        (problem.source, problem.value, "post-1" in problem.expected) for problem in caught.value.problems
    }
    assert told == {
        ("actors.csv", "EUMM", True),
        ("actors.csv", "SO_GOV", False),
        ("categories.csv", "drone", False),
    }
    assert "post-2" in str(caught.value)
    assert store.current() == before
    assert store.reference().hash == shipped.hash


def test_unused_codes_may_go(store, shipped):
    store.save_reference(replace(shipped, actors=without(shipped.actors, "RU_FORCES")))
    assert "RU_FORCES" not in store.reference().actors


def test_another_process_sees_new_reference_data_at_once(store, address, shipped):
    with Store.open(address, read_only=True) as reader:
        assert reader.reference().hash == shipped.hash
        actor = replace(shipped.actors["EUMM"], name="Monitoring mission")
        store.save_reference(replace(shipped, actors={**shipped.actors, "EUMM": actor}))
        assert reader.reference().actors["EUMM"].name == "Monitoring mission"
        assert reader.vocabulary().codes["actor"]["EUMM"] == "Monitoring mission"


def test_records_follow_a_category_to_its_new_group(store, shipped):
    put(store, a_record("post-1", category="drone"))
    talks = shipped.groups["talks_and_statements"]
    moved = replace(
        shipped.categories["drone"],
        group=talks.code,
        group_label=talks.label,
        group_letter=talks.letter,
        group_color=talks.color,
    )
    version = store.save_reference(
        replace(shipped, categories={**shipped.categories, "drone": moved}), note="Moved"
    )
    assert store.ids(Filters(group=(talks.code,))) == ["post-1"]
    assert store.facets(Filters())["group"] == {talks.code: 1}
    assert orjson.loads(store.manifest())["version"] == version.number
    assert store.get("post-1").version == 1


def test_namesakes_are_told_apart_by_their_district(store):
    put(
        store,
        a_record("post-1", place="Tamarasheni", joined={"place_id": "place-tamarasheni"}),
        a_record("post-2", place="Tamarasheni", joined={"place_id": "place-tamarasheni-tskhinvali"}),
    )
    names = store.facets(Filters())["place"]
    assert len(names) == 2
    for name in names:
        assert store.count(Filters(place=(name,))) == 1


def test_data_that_an_earlier_program_stored_keep_their_hash_until_they_are_loaded_anew(
    empty, address, shipped
):
    earlier = replace(shipped)
    vars(earlier)["hash"] = "0" * 64  # it knew less of them, and so found another hash
    empty.save_reference(earlier)
    with Store.open(address) as store:
        assert store.reference().hash == "0" * 64
        assert put(store, a_record("post-1")).reference_hash == "0" * 64
        assert store.save_reference(shipped).reference_hash == shipped.hash
        assert store.reference().hash == shipped.hash
