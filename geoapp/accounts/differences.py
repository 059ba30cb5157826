"""Where the accounts of an incident contradict each other: computed, symmetric, never adjudicated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from operator import attrgetter
from typing import Literal

from geoapp.accounts.claims import LINE, Claim, Gap, PlaceClaim, Value, claims_of, gap, merged
from geoapp.accounts.voices import voices
from geoapp.incident import REPORT_COLUMNS, Incident, Report
from geoapp.kinds import NumberRange
from geoapp.reference import Reference

_CLAIMS = tuple(name for name in REPORT_COLUMNS if name.startswith("claimed_"))
_CLAIMED, _NOTHING = attrgetter(*_CLAIMS), (None,) * len(_CLAIMS)
Verdict = Literal["differs", "agrees", "not_compared"]
Reason = Literal["one_party", "not_comparable"]
UNITS: Mapping[str, str] = {"date": "days", "place": "metres", "distance": "metres", "people": "people"}


@dataclass(frozen=True, slots=True)
class Pair:
    """How two parties stand to each other in one field.

    They differ when no value of one overlaps any value of the other. `amount` is then the least and the
    largest distance between their values (None between places known by name only), and `order` is -1
    when all values of `first` lie before or below those of `second`, 1 when after or above, else 0.
    `stated_differently`: their intervals overlap, so they agree, but they do not state the same values.
    """

    first: str
    second: str
    verdict: Verdict
    amount: NumberRange | None = None
    order: int = 0
    stated_differently: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One field compared between the parties; `verdict` says what came out.

    `agrees` is "compared, no contradiction found", also where the values are `stated_differently`;
    `not_compared` has a `reason`: `one_party` claims anything, or the values are `not_comparable`.
    Distances are compared when measured from one `origin` only, so that there is one Difference for
    each origin.
    """

    field: str
    unit: str
    claims: tuple[Claim, ...]
    pairs: tuple[Pair, ...]
    origin: str | None = None

    @property
    def verdict(self) -> Verdict:
        """`differs` when any two parties do, else `agrees` when any two could be compared."""
        found = {pair.verdict for pair in self.pairs}
        if "differs" in found:
            return "differs"
        return "agrees" if "agrees" in found else "not_compared"

    @property
    def reason(self) -> Reason | None:
        """Why nothing was compared, or None where something was."""
        if self.verdict != "not_compared":
            return None
        return "not_comparable" if self.pairs else "one_party"

    @property
    def differing(self) -> tuple[Pair, ...]:
        """The pairs of parties that differ."""
        return tuple(pair for pair in self.pairs if pair.verdict == "differs")

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties that take part in the difference, in the fixed order."""
        taking_part = {party for pair in self.differing for party in (pair.first, pair.second)}
        ordered = dict.fromkeys([*(pair.first for pair in self.pairs), *(pair.second for pair in self.pairs)])
        return tuple(party for party in ordered if party in taking_part)

    @property
    def amount(self) -> NumberRange | None:
        """Least and largest amount over all pairs that differ, in `unit`; None where there is no number."""
        return _spanned([pair.amount for pair in self.differing if pair.amount is not None])

    def of(self, party: str) -> list[Pair]:
        """The pairs in which `party` differs, turned so that it is the first of each."""
        turned = [_turned(pair) if pair.second == party else pair for pair in self.differing]
        return [pair for pair in turned if pair.first == party]

    @property
    def stated_differently(self) -> bool:
        """Whether nothing contradicts, yet two parties state different values whose intervals overlap."""
        return self.verdict == "agrees" and any(pair.stated_differently for pair in self.pairs)

    def overlapping(self, party: str) -> list[str]:
        """The parties whose values are not those of `party` but overlap them, in the fixed order."""
        pairs = [(pair.first, pair.second) for pair in self.pairs if pair.stated_differently]
        return [second if first == party else first for first, second in pairs if party in (first, second)]

    def claimed_by(self, party: str) -> list[Claim]:
        """The values that one party gives, in the order of the reports."""
        return [claim for claim in self.claims if claim.party == party]


def differences(incident: Incident, reference: Reference) -> list[Difference]:
    """Every field that any report makes a claim about, compared between the parties.

    In the order date, place, distance (from the line first), people; withdrawn reports do not count.
    """
    grouped: dict[tuple[str, str | None], list[Claim]] = {}
    for voice in voices(incident, reference):
        for claim in claims_of(voice, reference.gazetteer):
            grouped.setdefault((claim.field, claim.origin), []).append(claim)
    fields = list(UNITS)
    ordered = sorted(grouped, key=lambda key: (fields.index(key[0]), key[1] != LINE, key[1] or ""))
    return [_compare(field, origin, merged(grouped[field, origin]), reference) for field, origin in ordered]


def differs(incident: Incident, reference: Reference) -> bool:
    """Whether the status is disputed, or values of one claimed field do not overlap between two parties."""
    if incident.status == "disputed":
        return True
    # Most incidents have no claims, or those of one report alone, and an import asks for each.
    if sum(map(_claims_anything, incident.current_reports)) < 2:
        return False
    return any(difference.verdict == "differs" for difference in differences(incident, reference))


def _claims_anything(report: Report) -> bool:
    return _CLAIMED(report) != _NOTHING


def _compare(field: str, origin: str | None, claims: tuple[Claim, ...], reference: Reference) -> Difference:
    claiming = [party for party in reference.parties if any(claim.party == party for claim in claims)]
    pairs = tuple(
        _pair(first, second, _gaps(claims, first, second), _values(claims, first) == _values(claims, second))
        for first, second in combinations(claiming, 2)
    )
    return Difference(field, UNITS[field], claims, pairs, origin)


def _gaps(claims: Sequence[Claim], first: str, second: str) -> list[Gap]:
    found = (
        gap(one.value, other.value)
        for one in claims
        for other in claims
        # Where a distance is measured from is not stated, two of them may be from different points.
        if one.party == first and other.party == second and (one.field != "distance" or one.origin)
    )
    return [each for each in found if each is not None]


def _values(claims: Sequence[Claim], party: str) -> set[Value]:
    # Two names of one place are one statement: how a place is spelled is no difference.
    return {
        claim.value for claim in claims if claim.party == party and not isinstance(claim.value, PlaceClaim)
    }


def _pair(first: str, second: str, gaps: list[Gap], same: bool) -> Pair:
    if not gaps:
        return Pair(first, second, "not_compared")
    if any(each.agrees for each in gaps):
        return Pair(first, second, "agrees", stated_differently=not same)
    amount = _spanned([each.amount for each in gaps if each.amount is not None])
    orders = {each.order for each in gaps}
    return Pair(first, second, "differs", amount, orders.pop() if len(orders) == 1 else 0)


def _spanned(amounts: Sequence[NumberRange]) -> NumberRange | None:
    if not amounts:
        return None
    return NumberRange(min(each.low for each in amounts), max(each.high for each in amounts))


def _turned(pair: Pair) -> Pair:
    return replace(pair, first=pair.second, second=pair.first, order=-pair.order)
