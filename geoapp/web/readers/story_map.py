"""The map of one step of a story, drawn on the server as SVG: its incidents, their radii, its places."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from geoapp.gazetteer import Place
from geoapp.incident import Record
from geoapp.reference import Reference
from geoapp.stories import Step
from geoapp.web import names
from geoapp.web.sketch import Frame, Ground, Label, Room

WIDTH, HEIGHT = 640, 720
# Marks nearer than this many pixels to each other are one mark with its number.
TOGETHER = 24
# Pixels for each letter of a main name on a phone, where css/story.css enlarges those.
PHONE_LETTER = 12.4
MARK = 16
MOST_LABELS = 12
EDGE = 30


@dataclass(frozen=True)
class Mark:
    """One incident, or several in one place with their number; in pixels.

    `radius` is the location radius in true size, `described` says that the place follows from a
    description, `notes` are words beside it.
    """

    x: float
    y: float
    group: str
    letter: str
    count: int
    radius: float
    described: bool
    notes: tuple[str, ...]


@dataclass(frozen=True)
class StoryMap:
    """Everything that the template draws, in pixels of a 640 x 720 picture."""

    ground: Ground
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    dots: tuple[tuple[float, float], ...]


def draw(step: Step, records: Sequence[Record], reference: Reference) -> StoryMap:
    """The picture of a step with those of its incidents that have a point in it."""
    frame = Frame(*step.at, step.half_km, WIDTH, HEIGHT)
    marks = tuple(_marks(frame, step, records, reference))
    taken = [(m.x - MARK, m.y - MARK, m.x + MARK, m.y + MARK) for m in marks]
    room = Room(WIDTH, taken, main_letter=PHONE_LETTER)
    room.taken += [_note_box(mark, at, text) for mark in marks for at, text in enumerate(mark.notes)]
    named = list(_labels(frame, reference, step.places, room))
    return StoryMap(
        ground=frame.ground(reference),
        marks=marks,
        labels=tuple(label for label, _ in named),
        dots=tuple(dot for _, dot in named),
    )


def _note_box(mark: Mark, at: int, text: str) -> tuple[float, float, float, float]:
    half, y = len(text) * 3.6, mark.y + MARK + 14 + 16 * at
    return (mark.x - half, y - 12, mark.x + half, y + 4)


def _marks(frame: Frame, step: Step, records: Iterable[Record], reference: Reference) -> Iterator[Mark]:
    together: list[tuple[float, float, list[Record]]] = []
    for record in records:
        if record.joined.longitude is None or record.joined.latitude is None:
            continue
        x, y = frame.point(record.joined.longitude, record.joined.latitude)
        if not (0 <= x <= WIDTH and 0 <= y <= HEIGHT):
            continue
        near = next((each for each in together if math.hypot(each[0] - x, each[1] - y) < TOGETHER), None)
        if near:
            near[2].append(record)
        else:
            together.append((x, y, [record]))
    for x, y, held in together:
        yield _mark(frame, step, (x, y), held, reference)


def _mark(
    frame: Frame, step: Step, at: tuple[float, float], held: Sequence[Record], reference: Reference
) -> Mark:
    categories = [reference.categories[record.incident.category] for record in held]
    (group, _), *_ = Counter(category.group for category in categories).most_common(1)
    widest = max(held, key=lambda record: record.joined.location_radius_m or 0)
    return Mark(
        *at,
        group=group,
        letter=next(each.group_letter for each in categories if each.group == group),
        count=len(held),
        radius=round((widest.joined.location_radius_m or 0) / 1000 * frame.pixels_per_km, 1),
        described=widest.joined.placed_by_description,
        notes=tuple(step.notes[each.incident.id] for each in held if each.incident.id in step.notes),
    )


def _labels(
    frame: Frame, reference: Reference, main: Sequence[str], room: Room
) -> Iterator[tuple[Label, tuple[float, float]]]:
    """Names that find room, each with its dot: those of the step first, then towns, then by distance."""
    chosen = {match.place.id for name in main if (match := reference.gazetteer.find(name)).place}
    inside = frame.places(reference.gazetteer, EDGE, EDGE, WIDTH - EDGE, HEIGHT - EDGE)

    def rank(entry: tuple[Place, float, float]) -> tuple[bool, bool, float]:
        place, x, y = entry
        return (place.id not in chosen, place.kind != "town", math.hypot(x - WIDTH / 2, y - HEIGHT / 2))

    found = 0
    for place, x, y in sorted(inside, key=rank):
        covered = any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in room.taken)
        main_one = place.id in chosen
        drop = -26 if covered and main_one else 0
        name = names.of(place, reference.gazetteer)
        label = None if covered and not main_one else room.label(x, y, name, main=main_one, drop=drop)
        if label:
            yield label, (x, y)
            found += 1
        if found == MOST_LABELS:
            return
