"""Distances to the line against hand-known arcs and against a dense geodesic reference."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geoapp import layers
from geoapp.config import resource
from geoapp.spatial_join.distance import LineDistances
from geoapp.spatial_join.plane import Plane, middle_longitude

GEOD = Geod(ellps="WGS84")
SHIPPED = layers.load(resource("data")).line.features[0].geometry
EQUATOR_DEGREE_M = 6_378_137.0 * np.pi / 180


def distances(line: shapely.Geometry, *points: tuple[float, float]) -> list[float]:
    columns = np.array(points, dtype=float).reshape(-1, 2)
    return LineDistances([line], Plane([line])).metres(columns[:, 0], columns[:, 1]).tolist()


def dense_reference(line: shapely.Geometry, longitude: float, latitude: float) -> float:
    """Least geodesic distance to points every 10 m along the line, then every 2 cm around the best."""
    coarse = shapely.get_coordinates(shapely.segmentize(line, 1e-4))
    index = int(np.argmin(to_all(coarse, longitude, latitude)))
    around = coarse[max(index - 1, 0) : index + 2]
    fine = shapely.get_coordinates(shapely.segmentize(shapely.linestrings(around), 2e-7))
    return float(to_all(fine, longitude, latitude).min())


def to_all(vertices: np.ndarray, longitude: float, latitude: float) -> np.ndarray:
    here = np.full(len(vertices), longitude), np.full(len(vertices), latitude)
    return np.asarray(GEOD.inv(*here, vertices[:, 0], vertices[:, 1])[2])


EQUATOR = shapely.from_wkt("LINESTRING (-10 0, 10 0)")


@pytest.mark.parametrize(
    ("longitude", "latitude", "metres"),
    [
        (5.0, 0.0, 0.0),
        (-3.3, 0.1, 11_057.4277),  # meridian arc from the equator, from its series
        (5.0, -1.0, 110_574.3886),
        (0.0, 45.0, 4_984_944.378),
        (7.0, 90.0, 10_001_965.729),
        (11.0, 0.0, EQUATOR_DEGREE_M),  # beyond the end: along the equator, which is a circle
        (90.0, 0.0, 80 * EQUATOR_DEGREE_M),
        (-100.0, 0.0, 90 * EQUATOR_DEGREE_M),  # beyond the reach of the projection
    ],
)
def test_distances_known_by_hand(longitude: float, latitude: float, metres: float) -> None:
    assert distances(EQUATOR, (longitude, latitude)) == [pytest.approx(metres, abs=0.1)]


def test_a_long_edge_follows_its_parallel_as_rfc_7946_says() -> None:
    parallel = shapely.from_wkt("LINESTRING (43 42, 45 42)")
    great_ellipse_bulge = 1_000  # the geodesic between the ends runs more than this far north of the parallel
    [on_it, north_of_it] = distances(parallel, (44.0, 42.0), (44.0, 42.01))
    assert on_it < 0.1
    assert north_of_it == pytest.approx(GEOD.inv(44, 42, 44, 42.01)[2], abs=0.1)
    assert north_of_it > great_ellipse_bulge


def test_a_line_along_a_meridian() -> None:
    meridian = shapely.from_wkt("LINESTRING (44 42, 44 43)")
    beyond, beside = distances(meridian, (44.0, 43.5), (44.2, 42.5))
    assert beyond == pytest.approx(GEOD.inv(44, 43, 44, 43.5)[2], abs=0.1)
    assert beside == pytest.approx(dense_reference(meridian, 44.2, 42.5), abs=0.1)


def test_a_line_cut_at_the_antimeridian_is_one_line() -> None:
    cut = shapely.from_wkt("MULTILINESTRING ((179 0, 180 0), (-180 0, -179 0))")
    assert distances(cut, (-179.5, 0.1), (179.5, 0.1)) == [pytest.approx(11_057.4277, abs=0.1)] * 2


def test_the_nearest_on_the_ellipsoid_counts_where_the_plane_would_choose_another() -> None:
    # The scale of the plane grows eastward: there the western meridian is nearer by more than 2 km.
    meridians = shapely.from_wkt("MULTILINESTRING ((-12 -1, -12 1), (6 -1, 6 1), (12 -1, 12 1))")
    assert distances(meridians, (9.001, 0.0)) == [pytest.approx(2.999 * EQUATOR_DEGREE_M, abs=0.1)]


def test_several_lines_give_the_nearest() -> None:
    north, south = shapely.from_wkt(["LINESTRING (0 1, 1 1)", "LINESTRING (0 0, 1 0)"])
    found = LineDistances([north, south], Plane([north, south])).metres(np.array([0.5]), np.array([0.1]))
    assert found[0] == pytest.approx(11_057.4277, abs=0.1)


def test_no_points_give_no_distances() -> None:
    assert distances(EQUATOR) == []


def test_many_points_are_told_in_their_order() -> None:
    latitudes = np.linspace(-1, 1, 70_001)
    found = LineDistances([EQUATOR], Plane([EQUATOR])).metres(np.zeros(70_001), latitudes)
    assert np.allclose(found, GEOD.inv(np.zeros(70_001), latitudes, np.zeros(70_001), np.zeros(70_001))[2])


SHIPPED_DISTANCES = LineDistances([SHIPPED], Plane([SHIPPED]))


@given(st.floats(42.5, 45.5), st.floats(41.0, 43.5))
def test_the_shipped_line_is_right_to_a_tenth_of_a_metre(longitude: float, latitude: float) -> None:
    [found] = SHIPPED_DISTANCES.metres(np.array([longitude]), np.array([latitude]))
    assert found == pytest.approx(dense_reference(SHIPPED, longitude, latitude), abs=0.1)


@given(st.floats(-1, 1), st.floats(-1, 1), st.integers(0, len(SHIPPED.coords) - 1))
def test_near_its_vertices_too(east_km: float, north_km: float, vertex: int) -> None:
    longitude = SHIPPED.coords[vertex][0] + east_km / 82
    latitude = SHIPPED.coords[vertex][1] + north_km / 111
    [found] = SHIPPED_DISTANCES.metres(np.array([longitude]), np.array([latitude]))
    assert found == pytest.approx(dense_reference(SHIPPED, longitude, latitude), abs=0.1)


@given(
    st.floats(-180, 180),
    st.floats(-75, 75),
    st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=2, max_size=4, unique=True),
    st.floats(-3, 3),
    st.floats(-3, 3),
)
def test_any_line_of_some_degrees_anywhere(
    west: float, south: float, steps: list[tuple[float, float]], east: float, north: float
) -> None:
    line = shapely.linestrings([(west + x, south + y) for x, y in steps])
    [found] = distances(line, (west + east, south + north))
    assert found == pytest.approx(dense_reference(line, west + east, south + north), abs=0.1)


@pytest.mark.parametrize(
    ("longitudes", "middle"),
    [([43.2, 44.9], 44.05), ([179.0, -179.0], 180.0), ([-171.0, 175.0], -178.0), ([], 0)],
)
def test_the_plane_lies_about_the_middle_of_the_data(longitudes: list[float], middle: float) -> None:
    assert middle_longitude(np.array(longitudes, dtype=float)) == pytest.approx(middle)
