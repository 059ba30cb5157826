"""The shipped incidents joined to the shipped layers: what a reader is told about real places."""

from __future__ import annotations

import csv
import json
from collections import Counter
from typing import Any

import pytest

from geoapp import reference
from geoapp.config import resource
from geoapp.incident import (
    INCIDENT_FIELDS,
    REPORT_FIELDS,
    Incident,
    Joined,
    Record,
    Report,
    record_from_dict,
    record_to_dict,
)
from geoapp.spatial_join import Joiner

Pairs = dict[str, tuple[Incident, Joined]]


def values(listed: tuple[Any, ...], row: dict[str, str]) -> dict[str, Any]:
    return {each.name: each.kind.parse(row[each.name]) for each in listed if row[each.name]}


@pytest.fixture(scope="module")
def joined() -> Pairs:
    rows: dict[str, list[dict[str, str]]] = {}
    with (resource("data") / "incidents.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["id"], []).append(row)
    incidents = [
        Incident(
            **values(INCIDENT_FIELDS, group[0]),
            reports=tuple(Report(**values(REPORT_FIELDS, row)) for row in group),
        )
        for group in rows.values()
    ]
    found = Joiner(reference.read(resource("data"))).join(incidents)
    return {pair[0].id: pair for pair in zip(incidents, found, strict=True)}


def test_all_but_six_incidents_find_a_point(joined: Pairs) -> None:
    without = Counter(incident.place for incident, found in joined.values() if found.longitude is None)
    assert without == {"Gremiskhevi": 2, "Geneva": 2, "Chalvani": 1, "Vienna": 1}


def test_a_distance_is_told_only_where_it_may_be(joined: Pairs) -> None:
    for incident, found in joined.values():
        assert (found.distance_max_m is None) == (found.distance_note is not None)
        if found.distance_max_m is not None:
            assert incident.location_precision in {"exact", "village"}
            assert found.distance_max_m - (found.distance_min_m or 0) >= 2_000  # radius and error of the line
            assert found.distance_max_m % 100 == 0


def test_a_village_near_the_line_and_one_away_from_it(joined: Pairs) -> None:
    _, ergneti = joined["2021-10-05-ergneti-detentions"]
    assert (ergneti.distance_min_m, ergneti.distance_max_m) == (0, 3_700)
    [ikoti] = [found for incident, found in joined.values() if incident.place == "Ikoti"]
    assert (ikoti.distance_min_m, ikoti.distance_max_m) == (700, 10_600)
    assert ikoti.administered_by == "South Ossetian authorities"
    assert (ikoti.nearest_crossing, ikoti.crossing_state) == ("crossing-odzisi-mosabruni", "closed")


def test_the_georgian_post_of_august_2019_is_not_placed_better_than_it_is_known(joined: Pairs) -> None:
    _, post = joined["2019-08-24-georgian-post-established"]
    assert (post.distance_note, post.administered_by, post.administered_by_note) == (
        "precision",
        None,
        "precision",
    )
    assert (post.nearest_crossing, post.crossing_note) == (None, "not_determinable")
    assert {"crossing-perevi-kardzmani", "crossing-sinaguri"} <= {each["id"] for each in post.crossings}
    assert post.differs
    assert (len(post.parties), post.publishers) == (4, 10)


def test_joined_fields_survive_json(joined: Pairs) -> None:
    for incident, found in joined.values():
        record = Record(incident=incident, joined=found)
        assert record_from_dict(json.loads(json.dumps(record_to_dict(record)))) == record
