"""A small world on the equator, where distances are known by hand.

The line runs along the equator from 1 W to 1 E. One degree of longitude there is a * pi / 180 =
111,319.491 m; one tenth of a degree of latitude from the equator is 11,057.428 m.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import shapely

from geoapp.incident import Incident, Report
from geoapp.layers import Layer, Layers
from geoapp.reference import Actor, Category, CheckpointState, Party, Reference
from geoapp.spatial_join import Joiner


def layer(name: str, role: str, features: list[dict[str, Any]], p95: float | None = None) -> Layer:
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    about = {
        "title": name,
        "file": name,
        "source": "test",
        "licence": "CC0",
        "credit": "test",
        "as_of": "2020",
    }
    return Layer(name=name, role=role, content=content, accuracy_p95_m=p95, **about)


def feature(identifier: str, shape: str | None, **properties: Any) -> dict[str, Any]:
    geometry = None if shape is None else json.loads(shapely.to_geojson(shapely.from_wkt(shape)))
    return {"type": "Feature", "id": identifier, "geometry": geometry, "properties": properties}


PLACES = [
    feature("alpha", "POINT (0.5 0.1)", name_en="Alpha", aliases=["Alfa"], kind="village",
            precision_m=700, administered_by="Northern authorities"),
    feature("wide", "POINT (-0.5 0.1)", name_en="Wide", aliases=[], kind="village", precision_m=2500),
    feature("guess", "POINT (0.7 0.1)", name_en="Guess", aliases=[], kind="derived", precision_m=5000),
    feature("lost", None, name_en="Lost", aliases=[], kind="unlocated"),
    feature("twin-1", "POINT (0.1 0.3)", name_en="Twin", aliases=[], kind="village", precision_m=500),
    feature("twin-2", "POINT (0.2 0.3)", name_en="Twin", aliases=[], kind="village", precision_m=500),
]  # fmt: skip
CHECKPOINTS = [
    feature("east", "POINT (0.9 0)", name="East crossing", kind="crossing_point",
            precision_m=1000, location_kind="stated"),
    feature("middle", "POINT (0.5 0)", name="Middle crossing", kind="crossing_point",
            precision_m=1000, location_kind="stated", **{"from": "2019-01-01", "to": "2019-12-31"}),
    feature("unseen", None, name="Crossing without position", kind="crossing_point"),
    feature("post", "POINT (0.5 0.0999)", name="Post", kind="post", precision_m=800, location_kind="derived"),
]  # fmt: skip
AREAS = [
    feature("square", "POLYGON ((0.4 0, 0.6 0, 0.6 0.2, 0.4 0.2, 0.4 0))", name="Square"),
    feature("far-square", "POLYGON ((5 5, 6 5, 6 6, 5 6, 5 5))", name="Far square"),
]
SEGMENTS = [
    feature("west", "LINESTRING (-1 0, 0 0)", accuracy_p95_m=500),
    feature("east-part", "LINESTRING (0 0, 1 0)", accuracy_p95_m=2000),
]


def category(code: str, group: str) -> Category:
    return Category(
        code=code, label=code, group=group, group_label=group, group_letter="X", group_color="#000000",
        definition="",
    )  # fmt: skip


@pytest.fixture(scope="session")
def reference() -> Reference:
    listed = [
        layer("line", "line", [feature("line", "LINESTRING (-1 0, 1 0)")], 4000),
        layer("segments", "segments", SEGMENTS, 4000),
        layer("areas", "areas", AREAS),
        layer("checkpoints", "checkpoints", CHECKPOINTS),
        layer("places", "places", PLACES),
    ]
    days = {"first": date(2019, 6, 1), "last": date(2019, 6, 30), "source_url": "https://example.org/"}
    return Reference(
        actors={"NORTH": Actor(code="NORTH", name="North", side="other", party="georgian_authorities")},
        categories={
            "detention": category("detention", "people_held"),
            "statement": category("statement", "talks_and_statements"),
        },
        checkpoint_states=(CheckpointState(checkpoint="middle", state="closed", **days),),  # type: ignore[arg-type]
        layers=Layers({each.name: each for each in listed}),
        parties={code: Party(code=code, label=code) for code in ("georgian_authorities", "media_other")},
    )


@pytest.fixture(scope="session")
def joiner(reference: Reference) -> Joiner:
    return Joiner(reference)


@pytest.fixture(scope="session")
def incident() -> Callable[..., Incident]:
    """Makes an incident at Alpha on 15 June 2019; keywords change its fields."""
    report = Report(source_url="https://example.org/", source_publisher="Paper", source_language="en",
                    statement="It happened.")  # fmt: skip
    usual: dict[str, Any] = {
        "id": "2019-06-15-some", "date": date(2019, 6, 15), "date_precision": "day", "title": "Some",
        "summary": "Some.", "category": "detention", "place": "Alpha", "location_precision": "village",
        "actors": (), "status": "single_source", "reports": (report,),
    }  # fmt: skip
    return lambda **changed: Incident(**(usual | changed))
