"""A small map of many records, drawn on the server as SVG; marks that would overlap become one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from geoapp.incident import Record
from geoapp.reference import Category, Reference
from geoapp.web.sketch import KM_PER_DEGREE, Frame, Ground, Label, Room

WIDTH, HEIGHT = 480, 340
# Marks nearer than that many pixels to each other are drawn as one.
APART = 24
MARGIN, LEAST_KM = 1.25, 6.0
MOST_LABELS = 6


@dataclass
class Mark:
    """One mark in pixels; `category` is None where records of several groups stand together."""

    x: float
    y: float
    count: int = 1
    category: Category | None = None
    groups: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Overview:
    """Everything that the template draws, in pixels."""

    ground: Ground
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    located: int
    without_point: int


def draw(records: Sequence[Record], reference: Reference) -> Overview | None:
    """The picture of these records; None where none of them has a point."""
    points = [
        (each.joined.longitude, each.joined.latitude, reference.categories[each.incident.category])
        for each in records
        if each.joined.longitude is not None and each.joined.latitude is not None
    ]
    if not points:
        return None
    frame = _around([(longitude, latitude) for longitude, latitude, _ in points])
    marks = _marks(frame, points)
    return Overview(
        ground=frame.ground(reference),
        marks=tuple(marks),
        labels=tuple(_labels(frame, marks, reference)),
        located=len(points),
        without_point=len(records) - len(points),
    )


def _around(points: Sequence[tuple[float, float]]) -> Frame:
    """The frame around these points (WGS 84 degrees) with some margin."""
    west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
    south, north = min(lat for _, lat in points), max(lat for _, lat in points)
    middle = (south + north) / 2
    across = (east - west) * KM_PER_DEGREE * math.cos(math.radians(middle))
    # The picture is wider than high: what stands above each other needs more of its width.
    down = (north - south) * KM_PER_DEGREE * WIDTH / HEIGHT
    half_km = max(across / 2, down / 2, LEAST_KM) * MARGIN
    return Frame((west + east) / 2, middle, half_km, WIDTH, HEIGHT)


def _marks(frame: Frame, points: Sequence[tuple[float, float, Category]]) -> list[Mark]:
    marks: list[Mark] = []
    for longitude, latitude, category in points:
        x, y = frame.point(longitude, latitude)
        near = next((each for each in marks if math.hypot(each.x - x, each.y - y) < APART), None)
        if near is None:
            marks.append(Mark(x, y, 1, category, {category.group}))
        else:
            near.count += 1
            near.groups.add(category.group)
            near.category = near.category if len(near.groups) == 1 else None
    return marks


def _labels(frame: Frame, marks: Sequence[Mark], reference: Reference) -> Iterator[Label]:
    """Names that find room beside the marks, towns first."""
    room = Room(WIDTH, [(each.x - 12, each.y - 12, each.x + 12, each.y + 12) for each in marks])
    inside = frame.places(reference.gazetteer, 6, 30, WIDTH - 6, HEIGHT - 34)
    ranked = sorted(inside, key=lambda entry: (entry[0].kind != "town", entry[0].name_en))
    labels = (room.label(x, y, place.name_en, main=False) for place, x, y in ranked)
    yield from islice((label for label in labels if label), MOST_LABELS)
