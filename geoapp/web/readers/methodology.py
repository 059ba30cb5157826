"""What the page on method shows: texts of the data set, and figures that are computed from what is served."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyproj import Geod
from shapely import Point

from geoapp import presets
from geoapp.kinds import LOCATION_PRECISIONS, STATUSES
from geoapp.layers import Layer
from geoapp.query import Filters
from geoapp.reference import Reference
from geoapp.store import Store
from geoapp.web import wording
from geoapp.web.catalogs import label
from geoapp.web.language import gettext as _
from geoapp.web.readers import coverage, locator

FILE = "methodology.toml"
GEOD = Geod(ellps="WGS84")
# Half width of the figure in kilometres: two drawings of the line and the villages between them fit in.
FIGURE_KM = 13.0
# Width of the whisker drawing in pixels, for errors up to `WHISKER_M` metres.
WHISKER_PX, WHISKER_M = 200, 4_000


@dataclass(frozen=True)
class Texts:
    """What the data set says about itself; all of it optional."""

    compiled: tuple[str, ...] = ()
    line_is: tuple[str, ...] = ()
    line_is_not: tuple[str, ...] = ()
    line_figure: str = ""
    figure_at: tuple[float, float] | None = None
    accuracy: str = ""
    missing: tuple[str, ...] = ()
    words: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Stretch:
    """One stretch of the line with its error in metres, and where both stand on the scale in pixels."""

    name: str
    typical_m: float
    within_m: float
    typical_px: float
    within_px: float


@dataclass(frozen=True)
class Line:
    """A definition with its count: a category, a status, a precision, a party."""

    code: str
    label: str
    meaning: str
    count: int
    group: str = ""
    letter: str = ""


@dataclass(frozen=True)
class Method:
    """Everything that the page shows."""

    texts: Texts
    points: int
    length_km: int
    stretches: tuple[Stretch, ...]
    figure: locator.Locator | None
    alternatives: tuple[Layer, ...]
    parties: tuple[Line, ...]
    statuses: tuple[Line, ...]
    precisions: tuple[Line, ...]
    categories: tuple[Line, ...]
    states: Mapping[str, str]
    off_map: int
    incidents: int
    reports: int
    version: int
    layers: tuple[Layer, ...]
    coverage: coverage.Coverage

    def count_of(self, status: str) -> int:
        """How many incidents have that status."""
        return next(line.count for line in self.statuses if line.code == status)


def read_texts(data_dir: Path) -> Texts:
    """The texts of `methodology.toml`; a data set without the file says nothing about itself."""
    path = data_dir / FILE
    if not path.is_file():
        return Texts()
    found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return Texts(**{name: _in_language(value) for name, value in found.items()})


def _in_language(value: Any) -> Any:
    """A text of the file as the reader reads it, lists of them as tuples; numbers as they are."""
    if isinstance(value, str):
        return label("methodology", value)
    if isinstance(value, dict):
        return {name: _in_language(each) for name, each in value.items()}
    return tuple(map(_in_language, value)) if isinstance(value, list) else value


def describe(store: Store, reference: Reference, texts: Texts) -> Method:
    """The page for the data set as it is now."""
    counts, known = store.facets(Filters()), store.current()
    lines = [each.geometry for each in reference.layers.line.features if each.geometry is not None]
    return Method(
        texts=texts,
        points=sum(len(line.coords) for line in lines if line.geom_type == "LineString"),
        length_km=round(sum(GEOD.geometry_length(line) for line in lines) / 1000),
        stretches=_stretches(reference),
        figure=_figure(reference, texts.figure_at),
        alternatives=tuple(reference.layers.of_role("alternative")),
        parties=_parties(reference, counts["party"]),
        statuses=tuple(
            Line(code, wording.status_label(code), label("meaning", meaning), counts["status"].get(code, 0))
            for code, meaning in STATUSES.items()
        ),
        precisions=tuple(
            Line(
                code,
                _(wording.PLACE_PRECISIONS[code]),
                label("meaning", meaning),
                counts["precision"].get(code, 0),
            )
            for code, (radius, meaning) in LOCATION_PRECISIONS.items()
        ),
        categories=_categories(reference, counts["category"]),
        states={code: wording.state(code) for code in wording.STATES},
        off_map=counts["located"].get("false", 0),
        incidents=known.incidents,
        reports=known.reports,
        version=known.number,
        layers=tuple(reference.layers.values()),
        coverage=coverage.describe(store.items.coverage(), presets.covered(store.days(Filters()))),
    )


def _stretches(reference: Reference) -> tuple[Stretch, ...]:
    found = []
    for layer in reference.layers.of_role("segments"):
        for each in layer.features:
            typical, within = float(each.properties["accuracy_m"]), float(each.properties["accuracy_p95_m"])
            name = str(each.properties.get("name") or each.id)
            found.append(Stretch(label("stretch", name), typical, within, _px(typical), _px(within)))
    return tuple(found)


def _px(metres: float) -> float:
    return round(min(metres, WHISKER_M) / WHISKER_M * WHISKER_PX, 1)


def _parties(reference: Reference, counts: Mapping[str, int]) -> tuple[Line, ...]:
    speakers = {
        party: [label("actor", actor.name) for actor in reference.actors.values() if actor.party == party]
        for party in reference.parties
    }
    return tuple(
        Line(
            party,
            label("party", known.label),
            "; ".join(speakers[party]) or _("Publishers that speak for themselves"),
            counts.get(party, 0),
        )
        for party, known in reference.parties.items()
    )


def _categories(reference: Reference, counts: Mapping[str, int]) -> tuple[Line, ...]:
    return tuple(
        Line(
            each.code,
            label("category", each.label),
            label("definition", each.definition),
            counts.get(each.code, 0),
            each.group,
            each.group_letter,
        )
        for each in reference.categories.values()
    )


def _figure(reference: Reference, at: tuple[float, float] | None) -> locator.Locator | None:
    """The line and another drawing of it around `at`; without it, where the two lie farthest apart."""
    line = reference.layers.line.features[0].geometry
    others = [
        each.geometry
        for layer in reference.layers.of_role("alternative")
        for each in layer.features
        if each.geometry is not None and each.geometry.geom_type == "LineString"
    ]
    if line is None or not others:
        return None
    if at:
        return locator.draw(*at, 0, reference, None, half_km=FIGURE_KM)
    # Degrees are compared as they are: the figure needs a place to look at, not a distance.
    vertices = [point for other in others for point in other.coords]
    far = max(vertices, key=lambda point: line.distance(Point(point[:2])))
    near = line.interpolate(line.project(Point(far[:2])))
    middle = ((far[0] + near.x) / 2, (far[1] + near.y) / 2)
    return locator.draw(*middle, 0, reference, None, half_km=FIGURE_KM)
