"""Crossing points, posts and other sites: what is reported of each, and the crossings' states by day."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask import Blueprint, render_template

from geoapp.errors import BadParameters, Fault
from geoapp.incident import Incident
from geoapp.kinds import Invalid, parse_day
from geoapp.layers import Feature
from geoapp.query import Box, Filters
from geoapp.reference import Reference, State, runs
from geoapp.store import Store
from geoapp.web import context, wording
from geoapp.web.catalogs import label
from geoapp.web.language import gettext as _
from geoapp.web.language import noted
from geoapp.web.readers.dated_states import Dated, Strip, dated, host_of, strip

blueprint = Blueprint("checkpoints", __name__)

CROSSING = "crossing_point"
KINDS: Mapping[str, tuple[str, str]] = {
    CROSSING: (noted("Crossing point"), noted("Crossing points")),
    "observation_post": (noted("Observation post"), noted("Observation posts")),
    "post": (noted("Post"), noted("Posts")),
    "base": (noted("Base"), noted("Bases")),
    "fence": (noted("Fence"), noted("Fences")),
    "meeting_place": (noted("Meeting place"), noted("Meeting places")),
    "unverified": (noted("Reported place, not verified"), noted("Reported places, not verified")),
}
POSITIONS: Mapping[str, str] = {
    "stated": noted("A coordinate that a source states"),
    "village": noted("The centre of the village, for want of a point of the site itself"),
    "derived": noted("Placed by a description"),
    "unlocated": noted("No position was found; it is not on the map"),
}
# The year in which the records of a data set without any dated state begin on the strip.
EARLIEST = 2008
NEAR_KM = 5.0
KM_PER_DEGREE = 111.32
MAP_ZOOM = 12


@dataclass(frozen=True)
class Site:
    """One feature of the checkpoints layer, on the chosen day."""

    feature: Feature
    day: date
    state: State
    rows: tuple[Dated, ...]
    strip: Strip | None
    near: Filters | None
    near_count: int

    @property
    def id(self) -> str:
        """Its id, which is also the anchor on the page."""
        return self.feature.id

    @property
    def name(self) -> str:
        """Its name."""
        return label("checkpoint", self._text("name")) or self.feature.id

    @property
    def kind(self) -> str:
        """What it is."""
        one, _many = KINDS[self.feature.properties["kind"]]
        return _(one)

    @property
    def is_crossing(self) -> bool:
        """Whether people cross here, so that it has a state."""
        return bool(self.feature.properties["kind"] == CROSSING or self.rows)

    @property
    def operators(self) -> list[str]:
        """Who operates it, as reported."""
        parts = (part.strip() for part in self._text("operated_by").split(";"))
        return [label("administration", part) for part in parts if part]

    @property
    def position(self) -> str:
        """How its position was obtained, and how exact it is."""
        way = self.feature.properties["location_kind"]
        words = _(POSITIONS[way])
        precision = self.feature.properties.get("precision_m")
        if self.feature.geometry is None or precision is None:
            return words
        return _("%(position)s; within %(distance)s", position=words, distance=wording.metres(precision))

    @property
    def reported(self) -> list[tuple[str, str]]:
        """What the reports say of its beginning and of later changes, as label and text."""
        named = (("opened_text", _("Since, as reported")), ("closed_text", _("Later, as reported")))
        return [(heading, self._text(name)) for name, heading in named if self._text(name)]

    @property
    def standing(self) -> str:
        """Whether it stood on the chosen day, where the reports give days; else nothing."""
        first, last = (_day_of(self._text(name)) for name in ("from", "to"))
        if first and self.day < first:
            return _("Not there yet: reported from %(day)s", day=wording.day(first))
        if last and self.day > last:
            return _("No longer there: reported until %(day)s", day=wording.day(last))
        if first or last:
            told = wording.open_days((first, last))
            return (
                _("Reported %(days)s", days=told)
                if last
                else _("Reported %(days)s, no end reported", days=told)
            )
        return ""

    @property
    def note(self) -> str:
        """A remark on it."""
        return self._text("note")

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Where it is reported: address and host."""
        return [(address, host_of(address)) for address in self.feature.properties.get("sources", ())]

    @property
    def credit(self) -> str:
        """Licence and credit of the position, where it is more than a fact from the sources."""
        licence = self._text("licence")
        return "" if licence in ("", "facts") else f"{self._text('credit')}, {licence}"

    @property
    def view(self) -> str:
        """The map on the chosen day around the site, as words of the fragment."""
        point = self.feature.geometry
        place = "" if point is None else f"map={MAP_ZOOM}/{point.y:.5f}/{point.x:.5f}&"
        return f"#{place}day={self.day.isoformat()}"

    @property
    def speaking(self) -> list[Dated]:
        """The rows from which the state of the chosen day follows."""
        return [each for each in self.rows if each.speaks]

    def _text(self, name: str) -> str:
        return str(self.feature.properties.get(name) or "")


@dataclass(frozen=True)
class Checkpoints:
    """The page on one day."""

    day: date
    is_today: bool
    is_future: bool
    sites: tuple[Site, ...]

    @cached_property
    def crossings(self) -> list[Site]:
        """The sites that have a state."""
        return [site for site in self.sites if site.is_crossing]

    @property
    def others(self) -> list[tuple[str, list[Site]]]:
        """The other sites under the plural of their kind."""
        found: dict[str, list[Site]] = {}
        for site in self.sites:
            if not site.is_crossing:
                found.setdefault(KINDS[site.feature.properties["kind"]][1], []).append(site)
        return [(_(plural), found[plural]) for _one, plural in KINDS.values() if plural in found]

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the strips."""
        return next((site.strip.years for site in self.crossings if site.strip), ())


@blueprint.get("/checkpoints")
def checkpoints() -> str:
    """Every site, and the states of the crossings on the day asked for; raises BadParameters."""
    given = context.page_words("day").get("day")
    today = context.today()
    day = _read_day(given) if given else today
    page = describe(context.view(), context.reference(), day, today)
    return render_template("readers/checkpoints.html", page=page)


def _read_day(text: str) -> date:
    try:
        return parse_day(text)
    except Invalid as error:
        raise BadParameters([Fault("day", text, error.expected)]) from error


def describe(store: Store, reference: Reference, day: date, today: date) -> Checkpoints:
    """The sites of the checkpoints layers, crossings first, then by kind and in the order of the file."""
    features = [each for layer in reference.layers.of_role("checkpoints") for each in layer.features]
    ranks = list(KINDS)
    features.sort(key=lambda each: ranks.index(each.properties["kind"]))
    firsts = [row.first.year for row in reference.checkpoint_states]
    span = (date(min(firsts, default=EARLIEST), 1, 1), today)
    known = store.get_many([row.incident_id for row in reference.checkpoint_states if row.incident_id])
    told = {record.incident.id: record.incident for record in known}
    sites = tuple(_site(store, reference, each, (day, *span), told) for each in features)
    return Checkpoints(day=day, is_today=day == today, is_future=day > today, sites=sites)


def _site(
    store: Store,
    reference: Reference,
    feature: Feature,
    days: tuple[date, date, date],
    told: Mapping[str, Incident],
) -> Site:
    day, *span = days
    rows = reference.states_of(feature.id)
    state = reference.state_on(feature.id, day)
    near = _near(feature)
    return Site(
        feature=feature,
        day=day,
        state=state,
        rows=dated(rows, state, told),
        strip=strip(runs(reference, feature.id, *span), days) if rows else None,
        near=near,
        near_count=store.count(near) if near else 0,
    )


def _near(feature: Feature) -> Filters | None:
    """The incidents in a square around the site, as filters that any page understands."""
    point = feature.geometry
    if point is None:
        return None
    high = NEAR_KM / KM_PER_DEGREE
    wide = high / max(math.cos(math.radians(point.y)), 0.01)
    box: Box = (
        round(max(point.x - wide, -180), 4),
        round(max(point.y - high, -90), 4),
        round(min(point.x + wide, 180), 4),
        round(min(point.y + high, 90), 4),
    )
    return Filters(bbox=box)


def _day_of(text: str) -> date | None:
    return parse_day(text) if text else None
