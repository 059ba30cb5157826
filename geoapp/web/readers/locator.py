"""A small map of one place, drawn on the server as SVG: line, band, radius, places; nothing is fetched."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from geoapp.gazetteer import Place
from geoapp.reference import Reference
from geoapp.web import names
from geoapp.web.sketch import Frame, Ground, Label, Room

WIDTH, HEIGHT = 480, 400
# Least half width of the picture in kilometres, so that a village still shows what lies around it.
LEAST_KM, MARGIN = 6.0, 1.25
MOST_LABELS = 9


@dataclass(frozen=True)
class Locator:
    """Everything that the template draws, in pixels of a 480 x 400 picture."""

    ground: Ground
    alternative: str
    x: float
    y: float
    radius: float
    labels: tuple[Label, ...]


def draw(
    longitude: float,
    latitude: float,
    radius_m: float,
    reference: Reference,
    place_id: str | None,
    half_km: float = LEAST_KM,
) -> Locator:
    """The picture around a point (WGS 84 degrees) that is known to `radius_m` metres.

    It reaches `half_km` kilometres to each side, farther where the radius asks for it.
    """
    frame = Frame(longitude, latitude, max(half_km, radius_m / 1000 * MARGIN), WIDTH, HEIGHT)
    x, y = frame.point(longitude, latitude)
    return Locator(
        ground=frame.ground(reference),
        alternative=frame.layer(reference, "alternative"),
        x=x,
        y=y,
        radius=round(radius_m / 1000 * frame.pixels_per_km, 1),
        labels=tuple(_labels(frame, reference, place_id)),
    )


def _labels(frame: Frame, reference: Reference, place_id: str | None) -> Iterable[Label]:
    """Names that find room: the record's own place first, then towns, then the nearest to the middle."""
    inside = frame.places(reference.gazetteer, 6, 30, WIDTH - 6, HEIGHT - 34)

    def from_middle(x: float, y: float) -> float:
        return math.hypot(x - WIDTH / 2, y - HEIGHT / 2)

    def rank(entry: tuple[Place, float, float]) -> tuple[bool, bool, float]:
        place, x, y = entry
        return (place.id != place_id, place.kind != "town", from_middle(x, y))

    # The mark in the middle is drawn last and must not be written over.
    room = Room(WIDTH, [(WIDTH / 2 - 14, HEIGHT / 2 - 14, WIDTH / 2 + 14, HEIGHT / 2 + 14)])
    shown = 0
    for place, x, y in sorted(inside, key=rank):
        main = place.id == place_id
        label = room.label(
            x,
            y,
            names.of(place, reference.gazetteer),
            main=main,
            drop=24 if main and from_middle(x, y) < 16 else 0,
        )
        if label:
            yield label
            shown += 1
        if shown == MOST_LABELS:
            return
