"""What the reports claim, field by field, in a form that can be compared."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from pyproj import Geod

from geoapp.accounts.voices import Voice
from geoapp.folding import fold
from geoapp.gazetteer import Gazetteer
from geoapp.incident import claimed_point
from geoapp.kinds import DateRange, NumberRange

GEOD = Geod(ellps="WGS84")
LINE = "line"
# Two claimed points closer than this are one place: nothing finer is known or shown anywhere.
SAME_PLACE_M = 100


@dataclass(frozen=True, slots=True)
class PlaceClaim:
    """A claimed place: as written, as the gazetteer knows it, its point (WGS 84); None where not given."""

    text: str | None
    known_as: str | None
    place_id: str | None
    point: tuple[float, float] | None

    @property
    def _identity(self) -> str | None:
        return self.place_id or (fold(self.text) if self.text else None)

    def is_named_as(self, other: PlaceClaim) -> bool | None:
        """Whether both names mean one place; None when one of the two has no name."""
        if self._identity is None or other._identity is None:
            return None
        return self._identity == other._identity


Value = DateRange | NumberRange | PlaceClaim


@dataclass(frozen=True, slots=True)
class Claim:
    """One value that a party is reported to give, with the numbers of the reports that carry it.

    `origin` is what a distance is measured from: "line", or the English name of a place.
    """

    field: str
    party: str
    value: Value
    numbers: tuple[int, ...]
    origin: str | None = None


class Gap(NamedTuple):
    """How two values stand to each other; `amount` is how far apart they are, where that is a number.

    `order` is -1 when the first lies wholly before or below the second, 1 when after or above, else 0.
    """

    agrees: bool
    amount: NumberRange | None = None
    order: int = 0


def claims_of(voice: Voice, gazetteer: Gazetteer) -> Iterator[Claim]:
    """The claims of one report."""
    report = voice.report
    seen = (voice.number,)
    if report.claimed_date is not None:
        yield Claim("date", voice.party, report.claimed_date, seen)
    point = claimed_point(report)
    if report.claimed_place is not None or point is not None:
        place = gazetteer.find(report.claimed_place).place if report.claimed_place else None
        label, key = (gazetteer.name(place), place.id) if place else (None, None)
        yield Claim("place", voice.party, PlaceClaim(report.claimed_place, label, key, point), seen)
    if report.claimed_distance_m is not None:
        origin = _origin(report.claimed_distance_from, gazetteer)
        yield Claim("distance", voice.party, report.claimed_distance_m, seen, origin)
    if report.claimed_people is not None:
        yield Claim("people", voice.party, report.claimed_people, seen)


def _origin(text: str | None, gazetteer: Gazetteer) -> str | None:
    if text is None or fold(text) == LINE:
        return LINE if text else None
    place = gazetteer.find(text).place
    return gazetteer.name(place) if place else text


def merged(claims: list[Claim]) -> tuple[Claim, ...]:
    """The claims with equal ones of a party made one that carries all their report numbers."""
    found: dict[tuple[str, Value], Claim] = {}
    for claim in claims:
        key = (claim.party, claim.value)
        known = found.get(key)
        found[key] = replace(known, numbers=known.numbers + claim.numbers) if known else claim
    return tuple(found.values())


def gap(first: Value, second: Value) -> Gap | None:
    """How two claimed values of one field stand to each other; None when they cannot be compared."""
    if isinstance(first, PlaceClaim) and isinstance(second, PlaceClaim):
        return _gap_of_places(first, second)
    return _gap_of_ranges(_bounds(first), _bounds(second))


def _gap_of_places(first: PlaceClaim, second: PlaceClaim) -> Gap | None:
    if first.point is not None and second.point is not None:
        metres = GEOD.inv(*first.point, *second.point)[2]
        outward = NumberRange(math.floor(metres / 100) * 100, math.ceil(metres / 100) * 100)
        return Gap(True) if metres < SAME_PLACE_M else Gap(False, outward)
    same = first.is_named_as(second)
    return None if same is None else Gap(same)


def _bounds(value: Value) -> tuple[int, int]:
    if isinstance(value, DateRange):
        return value.first.toordinal(), value.last.toordinal()
    if isinstance(value, NumberRange):
        return value.low, value.high
    raise TypeError(f"a place has no bounds to compare with {value!r}")


def _gap_of_ranges(first: tuple[int, int], second: tuple[int, int]) -> Gap:
    (low, high), (other_low, other_high) = first, second
    if low <= other_high and other_low <= high:
        return Gap(True)
    if high < other_low:
        return Gap(False, NumberRange(other_low - high, other_high - low), -1)
    return Gap(False, NumberRange(low - other_high, high - other_low), 1)
