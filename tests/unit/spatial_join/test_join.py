"""The joined fields, clause by clause, in a world where distances are known by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from geoapp.incident import Incident, Joined
from geoapp.reference import Reference
from geoapp.spatial_join import Joiner

Make = Callable[..., Incident]


@pytest.fixture
def joined(joiner: Joiner, incident: Make) -> Callable[..., Joined]:
    return lambda **changed: joiner.join([incident(**changed)])[0]


Join = Callable[..., Joined]


def test_a_point_of_the_gazetteer_says_so(joined: Join) -> None:
    found = joined(place="Alfa")
    assert (found.longitude, found.latitude, found.location_origin) == (0.5, 0.1, "gazetteer")
    assert (found.place_id, found.placed_by_description) == ("alpha", False)


def test_stated_coordinates_win_and_the_named_place_stays_known(joined: Join) -> None:
    found = joined(longitude=0.3, latitude=-0.2)
    assert (found.longitude, found.latitude, found.location_origin) == (0.3, -0.2, "stated")
    assert (found.place_id, found.location_radius_m) == ("alpha", 1500)


@pytest.mark.parametrize(
    ("place", "precision", "radius"),
    [
        ("Alpha", "exact", 700),
        ("Alpha", "village", 1_500),
        ("Alpha", "area", 5_000),
        ("Alpha", "region", 25_000),
        ("Wide", "village", 2_500),
    ],
)
def test_the_radius_is_the_larger_of_both_precisions(
    joined: Join, place: str, precision: str, radius: int
) -> None:
    assert joined(place=place, location_precision=precision).location_radius_m == radius


def test_stated_coordinates_have_the_radius_of_their_precision_alone(joined: Join) -> None:
    assert (
        joined(place="Wide", location_precision="exact", longitude=0.1, latitude=0.1).location_radius_m == 50
    )


@pytest.mark.parametrize("place", ["Nowhere", "Lost", "Twin"])
def test_without_a_point_every_joined_value_says_why(joined: Join, place: str) -> None:
    found = joined(place=place)
    assert (found.longitude, found.latitude, found.location_radius_m) == (None, None, None)
    assert (found.distance_note, found.crossing_note) == ("no_point", "no_point")
    assert (found.areas, found.nearest_place, found.crossings) == ((), None, ())


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("Nowhere", "a place that the gazetteer knows"),
        ("Lost", "the position of Lost is not known"),
        ("Twin", "fits one place only, not Twin (twin-1) or Twin (twin-2)"),
    ],
)
def test_a_place_without_a_point_is_a_warning(joiner: Joiner, incident: Make, place: str, said: str) -> None:
    location, [warning] = joiner.locate(incident(place=place))
    assert location.origin is None
    assert (warning.level, warning.column, warning.value) == ("warning", "place", place)
    assert said in warning.expected


def test_a_found_point_gives_no_warning(joiner: Joiner, incident: Make) -> None:
    assert joiner.locate(incident())[1] == []
    assert joiner.locate(incident(place="Nowhere", longitude=0.0, latitude=0.0))[1] == []


def test_a_misspelt_place_gets_a_suggestion(joiner: Joiner, incident: Make) -> None:
    [warning] = joiner.locate(incident(place="Alpah"))[1]
    assert warning.suggestion == "Alpha"


# Alpha lies 11,057 m from the line; the east stretch is right to 2,000 m, the west one to 500 m.
@pytest.mark.parametrize(
    ("changed", "interval"),
    [
        ({"place": "Alpha"}, (7_500, 14_600)),  # 11,057 -/+ (1,500 + 2,000)
        ({"place": "Wide"}, (8_000, 14_100)),  # 11,057 -/+ (2,500 + 500)
        ({"longitude": 0.5, "latitude": 0.1, "location_precision": "exact"}, (9_000, 13_200)),
        ({"longitude": 0.5, "latitude": -0.01}, (0, 4_700)),  # 1,106 + 3,500, clipped below
        ({"longitude": -0.5, "latitude": 0.0, "location_precision": "exact"}, (0, 600)),
        # The west stretch is the nearest, but from within the radius the east one could be.
        ({"longitude": -0.01, "latitude": 0.01, "location_precision": "village"}, (0, 4_700)),
        ({"longitude": -0.01, "latitude": 0.01, "location_precision": "exact"}, (500, 1_700)),
    ],
)
def test_the_distance_is_an_interval_rounded_outward(
    joined: Join, changed: dict[str, Any], interval: tuple[int, int]
) -> None:
    found = joined(**changed)
    assert (found.distance_min_m, found.distance_max_m, found.distance_note) == (*interval, None)


@pytest.mark.parametrize(
    ("changed", "note"),
    [
        ({"location_precision": "area"}, "precision"),
        ({"location_precision": "region"}, "precision"),
        ({"category": "statement"}, "category"),
        ({"category": "statement", "location_precision": "area"}, "category"),
        ({"place": "Guess"}, "derived"),
        ({"longitude": 0.5, "latitude": 0.0999}, "derived"),  # the position that we gave to the post
    ],
)
def test_no_distance_where_it_would_say_nothing(joined: Join, changed: dict[str, Any], note: str) -> None:
    found = joined(**changed)
    assert (found.distance_min_m, found.distance_max_m, found.distance_note) == (None, None, note)


def test_a_derived_place_is_placed_by_description(joined: Join) -> None:
    assert joined(place="Guess").placed_by_description
    assert joined(place="Guess").location_radius_m == 5_000


def test_areas_hold_the_point_and_are_near_when_the_radius_leaves_them(joined: Join) -> None:
    # Alpha is 11,057 m from the upper and 11,132 m from the side edges of the square.
    assert (joined().areas, joined().areas_near) == (("square",), ())
    wide = joined(location_precision="region")
    assert (wide.areas, wide.areas_near) == (("square",), ("square",))
    outside = joined(longitude=0.5, latitude=0.201)
    assert (outside.areas, outside.areas_near) == ((), ())


def test_the_nearest_place_leaves_out_guesses_and_unknown_positions(joined: Join) -> None:
    assert joined(longitude=0.7, latitude=0.1).nearest_place == "Alpha"
    assert joined(place="Guess").nearest_place == "Guess"
    assert joined(longitude=-0.4, latitude=0.0).nearest_place == "Wide"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ("Northern authorities", None)),
        ({"location_precision": "exact"}, ("Northern authorities", None)),
        ({"location_precision": "area"}, (None, "precision")),
        ({"place": "Wide"}, (None, "not_stated")),
        ({"place": "Nowhere"}, (None, "no_place")),
        ({"place": "Nowhere", "longitude": 0.5, "latitude": 0.1}, (None, "no_place")),
    ],
)
def test_who_administers_belongs_to_the_named_place_alone(
    joined: Join, changed: dict[str, Any], expected: tuple[str | None, str | None]
) -> None:
    found = joined(**changed)
    assert (found.administered_by, found.administered_by_note) == expected


def test_the_nearest_crossing_and_its_state_on_the_first_day(joined: Join) -> None:
    found = joined()
    assert (found.nearest_crossing, found.crossing_state, found.crossing_note) == ("middle", "closed", None)
    # 11,057 m -/+ (1,500 of the village + 1,000 of the crossing)
    assert found.crossings == (
        {"id": "middle", "name": "Middle crossing", "min_m": 8_500, "max_m": 13_600, "state": "closed"},
    )


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"date": date(2019, 7, 1)}, "not_known"),
        ({"date": date(2019, 6, 1), "date_precision": "month"}, "closed"),
        ({"date": date(2019, 5, 31), "end_date": date(2019, 6, 20)}, "not_known"),
    ],
)
def test_an_interval_takes_the_state_of_its_first_day(
    joined: Join, changed: dict[str, Any], state: str
) -> None:
    assert joined(**changed).crossing_state == state


def test_a_crossing_counts_only_while_it_exists(joined: Join) -> None:
    assert joined(date=date(2018, 12, 31)).nearest_crossing == "east"
    assert joined(date=date(2019, 1, 1)).nearest_crossing == "middle"
    assert joined(date=date(2019, 12, 31)).nearest_crossing == "middle"
    assert joined(date=date(2020, 1, 1)).nearest_crossing == "east"


def test_two_crossings_that_could_be_nearest_are_listed_and_none_is_named(joined: Join) -> None:
    found = joined(longitude=0.69, latitude=0.0)
    assert (found.nearest_crossing, found.crossing_state, found.crossing_note) == (
        None,
        None,
        "not_determinable",
    )
    assert [(each["id"], each["state"]) for each in found.crossings] == [
        ("middle", "closed"),
        ("east", "not_known"),
    ]
    assert all(each["min_m"] < each["max_m"] for each in found.crossings)


def test_intervals_that_overlap_do_not_matter_when_none_within_the_radius_turns_the_order(
    joined: Join,
) -> None:
    # East of the east crossing both are reached by one way: the middle one is always 44 km farther.
    found = joined(longitude=2.0, latitude=0.0, location_precision="region")
    assert found.nearest_crossing == "east"
    [only] = found.crossings
    middle_min_m = (2.0 - 0.5) * 111_319 - 25_000 - 1_000
    assert only["max_m"] > middle_min_m


def test_a_point_on_the_other_side_of_the_world_is_joined_too(joined: Join) -> None:
    found = joined(longitude=-150.0, latitude=10.0, location_precision="exact")
    assert found.distance_min_m is not None
    assert found.distance_min_m > 15_000_000
    assert (found.areas, found.crossing_note) == ((), None)
    assert found.nearest_crossing == "middle"


def test_parties_publishers_and_the_hash_are_carried(joined: Join, reference: Reference) -> None:
    found = joined()
    assert (found.parties, found.publishers, found.differs) == (("media_other",), 1, False)
    assert found.layers_hash == reference.hash
    assert joined(status="disputed").differs


def test_many_are_joined_as_one_by_one(joiner: Joiner, incident: Make) -> None:
    generator = np.random.default_rng(7)
    precisions = ("exact", "village", "area", "region")
    many = [
        incident(
            longitude=round(float(generator.uniform(-1.5, 1.5)), 6),
            latitude=round(float(generator.uniform(-0.5, 0.5)), 6),
            location_precision=precisions[index % 4],
        )
        for index in range(200)
    ]
    many.insert(100, incident(place="Nowhere"))
    assert joiner.join(many) == [joiner.join([each])[0] for each in many]


def test_nothing_joined_gives_nothing(joiner: Joiner) -> None:
    assert joiner.join([]) == []


def test_distances_take_plain_columns(joiner: Joiner) -> None:
    found = joiner.distance_to_line_m(np.array([0.5, -0.5]), np.array([0.1, 0.0]))
    assert found.tolist() == pytest.approx([11_057.4277, 0.0], abs=0.1)
