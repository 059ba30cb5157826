"""Which crossing could be the nearest: against trying places all over the circle, one by one."""

from __future__ import annotations

from datetime import date

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geoapp.layers import Feature
from geoapp.spatial_join.crossings import Crossings, Nearest
from geoapp.spatial_join.plane import Plane

GEOD = Geod(ellps="WGS84")
DAY = date(2019, 9, 1)
CENTRE = (44.0, 42.0)
Site = tuple[float, float, int]


def crossing(number: int, site: Site) -> Feature:
    east_km, north_km, precision = site
    shape = shapely.Point(CENTRE[0] + east_km / 82.8, CENTRE[1] + north_km / 111.1)
    return Feature(f"c{number}", shape, {"kind": "crossing_point", "precision_m": precision})


def nearest(known: list[Feature], radius: float) -> Nearest:
    plane = Plane([shapely.Point(CENTRE)])
    crossings = Crossings(known, plane, lambda identifier, day: "open")
    columns = (np.array([each]) for each in (*CENTRE, radius))
    return crossings.nearest(*columns, [DAY])[0]


def tried(known: list[Feature], radius: float, granted: float) -> set[str]:
    """Crossings that are nearest, within precisions and `granted` metres, somewhere in the circle."""
    found = set()
    for bearing in range(0, 360, 10):
        for part in (0.0, 0.5, 1.0):
            here = GEOD.fwd(*CENTRE, bearing, radius * part)[:2]
            told = [
                (
                    each.id,
                    GEOD.inv(*here, each.geometry.x, each.geometry.y)[2],
                    each.properties["precision_m"],
                )
                for each in known
            ]
            bound = min(metres + precision for _, metres, precision in told) + granted
            found |= {identifier for identifier, metres, precision in told if metres - precision <= bound}
    return found


SITES = st.lists(
    st.tuples(st.floats(-30, 30), st.floats(-30, 30), st.sampled_from([0, 300, 1000])), min_size=1, max_size=5
)


@given(SITES, st.sampled_from([50.0, 1_500.0, 5_000.0]))
def test_none_is_left_out_that_could_be_nearest_and_none_is_listed_without_cause(
    sites: list[Site], radius: float
) -> None:
    known = [crossing(number, site) for number, site in enumerate(sites)]
    listed = {each["id"] for each in nearest(known, radius).candidates}
    assert tried(known, radius, -1.0) <= listed
    # Trying every 10 degrees misses at most 2 * 5 degrees of the radius; a crossing inside is always listed.
    inside = {
        each.id for each in known if GEOD.inv(*CENTRE, each.geometry.x, each.geometry.y)[2] <= radius + 1
    }
    assert listed <= tried(known, radius, 0.25 * radius + 1) | inside


def test_candidates_are_listed_nearest_first() -> None:
    found = nearest([crossing(0, (9.0, 0.0, 1000)), crossing(1, (-8.0, 0.0, 1000))], 1_500)
    assert (found.note, [each["id"] for each in found.candidates]) == ("not_determinable", ["c1", "c0"])
    assert (found.id, found.state) == (None, None)


def test_overlapping_intervals_in_one_direction_leave_no_doubt() -> None:
    # 10 and 14 km to the east, known to 500 m: within 5 km the intervals overlap, the order never turns.
    found = nearest([crossing(0, (14.0, 0.0, 500)), crossing(1, (10.0, 0.0, 500))], 5_000)
    assert (found.note, found.id, found.state) == (None, "c1", "open")


def test_no_crossing_at_all() -> None:
    assert nearest([], 1_500) == Nearest("none")
    outdated = crossing(0, (1.0, 1.0, 0))
    gone = Feature("gone", outdated.geometry, {**outdated.properties, "to": "2019-08-31"})
    assert nearest([gone], 1_500) == Nearest("none")
