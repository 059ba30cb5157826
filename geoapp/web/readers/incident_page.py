"""What the page of one incident shows: facts with their precision and reasons, accounts, sources, history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from geoapp import accounts
from geoapp.batch import Change
from geoapp.gazetteer import Place
from geoapp.incident import Incident, Joined, Record
from geoapp.links import Check
from geoapp.query import Filters
from geoapp.reference import Category, Reference
from geoapp.store import Neighbours, Version
from geoapp.web import names, wording
from geoapp.web.catalogs import label
from geoapp.web.language import gettext as _
from geoapp.web.language import noted
from geoapp.web.readers import comparison, locator

LANGUAGE_ORDER = ("en", "ka", "ru", "os")
NEAR = ("area", "region")
MOST_FIELDS_TOLD = 6
DATE_PRECISIONS = {"day": noted("day"), "month": noted("month"), "year": noted("year")}


@dataclass(frozen=True)
class Fact:
    """One labelled fact: its value in bold, and the precision or the reason below it."""

    value: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """One line of the history: version, day, what changed, and the public note."""

    number: int
    when: str
    what: str
    note: str
    removed: bool


@dataclass(frozen=True)
class IncidentPage:
    """One record in one version, where it stands in the reader's list, and the checks of its links."""

    record: Record
    reference: Reference
    versions: tuple[Version, ...]
    filters: Filters
    neighbours: Neighbours
    checks: Mapping[str, Check] = field(default_factory=dict)

    @property
    def incident(self) -> Incident:
        """The incident."""
        return self.record.incident

    @property
    def joined(self) -> Joined:
        """What the layers add to it."""
        return self.record.joined

    @property
    def category(self) -> Category:
        """Its category."""
        return self.reference.categories[self.incident.category]

    @property
    def is_current(self) -> bool:
        """Whether this is the newest version."""
        return self.record.version == self.versions[-1].number

    @property
    def badge(self) -> str:
        """`4 parties, 10 publishers, 14 reports`, withdrawn reports left out."""
        counts = accounts.badge(self.incident, self.reference)
        return f"{wording.badge(*counts)}, {wording.plural(len(self.incident.current_reports), 'report')}"

    @cached_property
    def comparison(self) -> comparison.Comparison:
        """The accounts side by side."""
        return comparison.compare(self.incident, self.reference)

    @cached_property
    def place(self) -> Place | None:
        """The place of the gazetteer that is named, or None."""
        known = self.joined.place_id
        return self.reference.gazetteer.by_id.get(known) if known else None

    @property
    def names(self) -> list[tuple[str, str, str]]:
        """Names of the place: language code, language, name with its other spellings."""
        if self.place is None:
            return []
        names = dict(self.place.names)
        for alias in self.place.aliases:
            code = _script(alias)
            names[code] = f"{names[code]}, {alias}" if code in names else alias
        return [(code, wording.language(code), names[code]) for code in LANGUAGE_ORDER if code in names]

    @property
    def when(self) -> Fact:
        """The date, its precision, the time as stated."""
        incident = self.incident
        notes = [_("Precision: %(precision)s.", precision=_(DATE_PRECISIONS[incident.date_precision]))]
        if incident.time:
            zone = f"UTC{incident.time_zone}" if incident.time_zone else _("the time zone is not stated")
            notes.append(_("Time as a source states it: %(time)s (%(zone)s).", time=incident.time, zone=zone))
        spread = next(
            (each for each in accounts.differences(incident, self.reference) if each.field == "date"), None
        )
        if spread and len({claim.value for claim in spread.claims}) > 1:
            notes.append(_("The accounts give different dates; they stand side by side below."))
        return Fact(wording.incident_days(incident), tuple(notes))

    @property
    def where(self) -> Fact:
        """The place, its precision, and how its point was obtained."""
        incident, joined = self.incident, self.joined
        place, _own = names.of_incident(incident, joined, self.reference.gazetteer)
        precision = _(wording.PLACE_PRECISIONS[incident.location_precision])
        notes = [_("Precision: %(precision)s.", precision=precision)]
        if joined.longitude is None:
            notes.append(_("Not on the map: the gazetteer does not know a point for this place."))
            return Fact(place, tuple(notes))
        radius = wording.metres(joined.location_radius_m or 0)
        notes.append(_("It may lie anywhere within %(radius)s of the point.", radius=radius))
        if joined.placed_by_description:
            notes.append(_("The point was placed by a description."))
        elif joined.location_origin == "gazetteer":
            notes.append(_("The point is that of the named place."))
        near = incident.location_precision in NEAR
        return Fact(_("Near %(place)s", place=place) if near else place, tuple(notes))

    @property
    def distance(self) -> Fact:
        """The interval to the line, or why there is none."""
        value, reason = wording.distance(self.joined)
        return Fact(value, (reason,))

    @property
    def administration(self) -> Fact:
        """Who administers the named place, or why that is not said."""
        if self.joined.administered_by:
            gazetteer = self.reference.gazetteer
            name = names.of(self.place, gazetteer) if self.place else self.incident.place
            reading = _("Our reading of the reports. It describes the named place, not the incident.")
            return Fact(f"{name}: {label('administration', self.joined.administered_by)}", (reading,))
        reason = wording.NO_ADMINISTRATION[self.joined.administered_by_note or "not_stated"]
        return Fact(_("Not determinable"), (_(reason),))

    @property
    def crossing(self) -> Fact:
        """The nearest crossing point, or why none is named; those that could be it are in `crossings`."""
        note = self.joined.crossing_note
        if note:
            value = _("None known") if note == "none" else _("Not determinable")
            return Fact(value, (_(wording.NO_CROSSING[note]),))
        nearest = next((each for each in self.crossings if each["id"] == self.joined.nearest_crossing), None)
        return Fact(nearest["name"] if nearest else _("Not determinable"), ())

    @property
    def crossings(self) -> list[dict[str, Any]]:
        """Crossing points that could be the nearest, nearest first, with interval and state in words."""
        return [
            {**each, "name": label("checkpoint", each["name"]), "interval": _interval(each)}
            for each in self.joined.crossings
        ]

    @cached_property
    def locator(self) -> locator.Locator | None:
        """The small map, or None when no point is known."""
        joined = self.joined
        if joined.longitude is None or joined.latitude is None:
            return None
        return locator.draw(
            joined.longitude, joined.latitude, joined.location_radius_m or 0, self.reference, joined.place_id
        )

    def speaker(self, code: str | None) -> str:
        """Whose account a report carries."""
        actor = self.reference.actors.get(code) if code else None
        return label("actor", actor.name) if actor else code or _("Publisher’s own account")

    @property
    def history(self) -> list[Told]:
        """Every version, newest first."""
        pairs = zip((None, *self.versions), self.versions, strict=False)
        return [_told(before, after) for before, after in pairs][::-1]

    @property
    def committed(self) -> str:
        """The day of this version."""
        shown = next(each for each in self.versions if each.number == self.record.version)
        return wording.day(shown.batch.created.date())

    @property
    def year(self) -> int:
        """The year of this version, for the citation."""
        shown = next(each for each in self.versions if each.number == self.record.version)
        return shown.batch.created.year


def _script(name: str) -> str:
    """The language under which a spelling is listed, by its first letter: Georgian, Russian, else English."""
    first = next((letter for letter in name if letter.isalpha()), "")
    if "\u10a0" <= first <= "\u10ff":
        return "ka"
    return "ru" if "\u0400" <= first <= "\u04ff" else "en"


def _told(before: Version | None, after: Version) -> Told:
    what = _what(before.record if before else None, after.record, after.batch.kind)
    when = wording.day(after.batch.created.date())
    return Told(after.number, when, what, after.batch.public_note, after.record is None)


def _what(before: Record | None, after: Record | None, kind: str) -> str:
    if after is None:
        return _("Removed")
    reports = wording.plural(len(after.incident.reports), "report")
    if before is None:
        return _("First version: incident and %(reports)s", reports=reports)
    if kind == "rejoin":
        return _("Distances, areas and crossing points computed again")
    return _listed([each[0] for each in Change(before, after).fields()])


def _listed(columns: Sequence[str]) -> str:
    if not columns:
        return _("No field changed")
    shown = ", ".join(label("column", name.replace("_", " ")) for name in columns[:MOST_FIELDS_TOLD])
    more = len(columns) - MOST_FIELDS_TOLD
    if more > 0:
        return _("Changed: %(fields)s and %(count)s more", fields=shown, count=more)
    return _("Changed: %(fields)s", fields=shown)


def _interval(crossing: Mapping[str, Any]) -> str:
    return _("about %(distance)s", distance=wording.between(crossing["min_m"], crossing["max_m"]))
