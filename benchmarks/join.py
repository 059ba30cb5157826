"""Distances to the shipped line beside geopandas' sjoin_nearest in the same run, and the whole join.

Prints JSON. Both get the same random points in degrees and give one distance a point, to the same line.
The error is the largest difference to geodesics, searched along the line in steps of 2 cm, over a sample.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from geoapp import reference
from geoapp.config import resource
from geoapp.incident import Incident, Report
from geoapp.spatial_join import Joiner

POINTS = 100_000
INCIDENTS = 20_000
SAMPLE = 100
RUNS = 3
MARGIN_DEGREES = 0.3
GEOD = Geod(ellps="WGS84")
Floats = NDArray[np.float64]


def main() -> None:
    """Measure and print; the first argument is the number of points."""
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else POINTS), indent=2))


def measure(points: int = POINTS) -> dict[str, Any]:
    """CPU in microseconds a point (best of some runs), ratios to geopandas, largest errors in metres."""
    data = reference.read(resource("data"))
    joiner = Joiner(data)
    line = shapely.union_all([each.geometry for each in data.layers.line.features])
    longitudes, latitudes = _random_points(line, points)
    pieces = shapely.linestrings(_edges(shapely.segmentize(line, 0.01)))
    ours, found = _best(lambda: joiner.distance_to_line_m(longitudes, latitudes))
    whole, peer = _best(lambda: _sjoin_nearest(np.array([line]), longitudes, latitudes))
    cut, _ = _best(lambda: _sjoin_nearest(pieces, longitudes, latitudes))
    true = np.array(
        [_dense(line, *pair) for pair in zip(longitudes[:SAMPLE], latitudes[:SAMPLE], strict=True)]
    )
    incidents = _incidents(longitudes[:INCIDENTS], latitudes[:INCIDENTS])
    joined, _ = _best(lambda: joiner.join(incidents))
    return {
        "points": points,
        "distance_us_a_point": round(ours / points * 1e6, 2),
        "sjoin_nearest_us_a_point": {
            "line": round(whole / points * 1e6, 2),
            "line_in_pieces": round(cut / points * 1e6, 2),
        },
        "times_faster_than_sjoin_nearest": {
            "line": round(whole / ours, 2),
            "line_in_pieces": round(cut / ours, 2),
        },
        "largest_error_m": {
            "ours": round(float(np.abs(found[:SAMPLE] - true).max()), 4),
            "sjoin_nearest": round(float(np.abs(peer[:SAMPLE] - true).max()), 4),
            "sample": len(true),
        },
        "join_us_an_incident": round(joined / len(incidents) * 1e6, 2),
    }


def _best(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of CPU of the fastest of some runs (all of them use one core), and the result."""
    seconds, result = float("inf"), None
    for _ in range(RUNS):
        begin = time.process_time()
        result = work()
        seconds = min(seconds, time.process_time() - begin)
    return seconds, result


def _random_points(line: Any, points: int) -> tuple[Floats, Floats]:
    west, south, east, north = line.buffer(MARGIN_DEGREES).bounds
    generator = np.random.default_rng(20190824)
    return generator.uniform(west, east, points), generator.uniform(south, north, points)


def _edges(line: Any) -> Floats:
    coordinates = shapely.get_coordinates(line)
    return np.stack([coordinates[:-1], coordinates[1:]], axis=1)


def _sjoin_nearest(lines: NDArray[Any], longitudes: Floats, latitudes: Floats) -> Floats:
    """Distances as a user of geopandas would get them: both in the UTM zone of the data."""
    against = geopandas.GeoDataFrame(geometry=lines, crs=4326)
    zone = against.estimate_utm_crs()
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(longitudes, latitudes), crs=4326)
    near = geopandas.sjoin_nearest(points.to_crs(zone), against.to_crs(zone), distance_col="metres")
    return np.asarray(near.loc[~near.index.duplicated(), "metres"].sort_index(), dtype=np.float64)


def _dense(line: Any, longitude: float, latitude: float) -> float:
    coarse = shapely.get_coordinates(shapely.segmentize(line, 1e-4))
    best = int(np.argmin(_to_all(coarse, longitude, latitude)))
    around = shapely.linestrings(coarse[max(best - 1, 0) : best + 2])
    return float(
        _to_all(shapely.get_coordinates(shapely.segmentize(around, 2e-7)), longitude, latitude).min()
    )


def _to_all(vertices: Floats, longitude: float, latitude: float) -> Floats:
    here = np.full(len(vertices), longitude), np.full(len(vertices), latitude)
    return np.asarray(GEOD.inv(*here, vertices[:, 0], vertices[:, 1])[2], dtype=np.float64)


def _incidents(longitudes: Floats, latitudes: Floats) -> list[Incident]:
    """Incidents with stated points and two reports each, spread over some years."""
    report = Report(
        source_url="https://example.org/", source_publisher="A", source_language="en", statement="Said."
    )
    first = date(2019, 1, 1)
    return [
        Incident(
            id=f"synthetic-{index}",
            date=first + timedelta(days=index % 1000),
            date_precision="day",
            title="Synthetic",
            summary="Synthetic.",
            category="detention",
            place="Ergneti",
            longitude=float(longitude),
            latitude=float(latitude),
            location_precision="village",
            actors=(),
            status="uncontested",
            reports=(report, replace(report, source_publisher="B")),
        )
        for index, (longitude, latitude) in enumerate(zip(longitudes, latitudes, strict=True))
    ]


if __name__ == "__main__":
    main()
