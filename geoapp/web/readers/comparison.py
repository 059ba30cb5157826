"""The accounts side by side: what each party says and claims, and how the claims stand to each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from geoapp import accounts
from geoapp.accounts import Account, Claim, Difference, Pair, PlaceClaim
from geoapp.accounts.claims import LINE
from geoapp.incident import Incident
from geoapp.kinds import DateRange, NumberRange
from geoapp.reference import Reference
from geoapp.web import directions, names, wording
from geoapp.web.catalogs import label
from geoapp.web.language import gettext as _
from geoapp.web.language import ngettext, noted, number

ROWS = {
    "date": noted("Claimed date"),
    "place": noted("Claimed place"),
    "distance": noted("Claimed distance"),
    "people": noted("Claimed number"),
}
# How the first of two claims stands to the second: before or below it, apart from it, after or above it.
APART = {
    "date": (
        noted("%(amount)s before %(party)s"),
        noted("%(amount)s apart from %(party)s"),
        noted("%(amount)s after %(party)s"),
    ),
    "people": (
        noted("%(amount)s fewer than %(party)s"),
        noted("%(amount)s away from %(party)s"),
        noted("%(amount)s more than %(party)s"),
    ),
    "distance": (
        noted("%(amount)s less than %(party)s"),
        noted("%(amount)s away from %(party)s"),
        noted("%(amount)s more than %(party)s"),
    ),
}
# Up to this many days the drawing has one column a day, beyond it one a week.
MOST_DAYS = 31
MOST_COLUMNS = 60
# On paper, where it is narrowest, a label with the month's name takes about a fifth of the drawing.
NAMED_SHARE = 5
# Up to this many statements one A4 page holds them with a column for each party.
MOST_VOICES_IN_ROWS = 5


@dataclass(frozen=True)
class Line:
    """One claimed value in words, with the numbers of the sources that carry it."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Cell:
    """What one party claims in one row.

    `differs` says how far and from whom, in one phrase each; `overlaps` names whom, where the values are
    stated differently and their intervals overlap.
    """

    lines: tuple[Line, ...]
    differs: tuple[str, ...]
    overlaps: str


@dataclass(frozen=True)
class Row:
    """One kind of claim, a cell for every party that speaks."""

    label: str
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Finding:
    """One comparison in a sentence: what was compared, what came out, how that is known, who says what."""

    subject: str
    result: str
    how: str
    detail: str
    contradicts: bool = False


@dataclass(frozen=True)
class Strip:
    """Claimed dates on one calendar: its title, labels of its columns, and which of them each party fills."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[int, int], ...]], ...]


@dataclass(frozen=True)
class Comparison:
    """The accounts of one incident, ready to show."""

    speaking: tuple[Account, ...]
    silent: tuple[str, ...]
    rows: tuple[Row, ...]
    unclaimed: str
    findings: tuple[Finding, ...]
    strip: Strip | None

    @property
    def has_many_voices(self) -> bool:
        """Whether paper must run the statements on, since one column per party would leave it half empty."""
        return sum(len(account.voices) for account in self.speaking) > MOST_VOICES_IN_ROWS


def compare(incident: Incident, reference: Reference) -> Comparison:
    """Everything that the accounts section shows."""
    everyone = accounts.by_party(incident, reference)
    speaking = tuple(account for account in everyone if account.voices)
    found = accounts.differences(incident, reference)
    claimed = {difference.field for difference in found}
    findings = [_finding(difference, speaking) for difference in found]
    if incident.status == "disputed":
        findings.append(_disputed(sum(len(account.voices) for account in speaking)))
    return Comparison(
        speaking=speaking,
        silent=tuple(label("party", account.label) for account in everyone if not account.voices),
        rows=tuple(_row(field, found, speaking) for field in ROWS if field in claimed),
        unclaimed=", ".join(_(text) for field, text in ROWS.items() if field not in claimed).capitalize(),
        findings=tuple(findings),
        strip=_strip(found, speaking),
    )


def _disputed(voices: int) -> Finding:
    detail = (
        _("Parties or monitors contradict each other; the statements say how.")
        if voices > 1
        else _("It contradicts reports that are not recorded here.")
    )
    return Finding(
        _("What happened or where"),
        _("contradictory"),
        _("set by the editors"),
        detail,
        contradicts=True,
    )


def value_of(claim: Claim) -> str:
    """A claimed value in words."""
    value = claim.value
    if isinstance(value, DateRange):
        return wording.days(value)
    if isinstance(value, PlaceClaim):
        # A bare name is said in the reader's language; what says more stays as it was written.
        if value.known_as is not None and value.text in (None, value.known_as):
            return names.known_as(value.known_as)
        return directions.closed(value.text or _("a point without a name"))
    if claim.field == "distance":
        return wording.distance_claim(value, _place(claim.origin))
    return ngettext("%(span)s person", "%(span)s people", value.high, span=wording.amount(value))


def _place(origin: str | None) -> str | None:
    """What a distance is measured from, a place by the reader's name for it."""
    return origin if origin in (None, LINE) else names.known_as(origin)


def _in_order(difference: Difference, party: str) -> list[Claim]:
    """The values of a party, dates earliest first."""
    claims = difference.claimed_by(party)
    return sorted(
        claims, key=lambda claim: claim.value.first if isinstance(claim.value, DateRange) else date.min
    )


def _row(field: str, found: Sequence[Difference], speaking: Sequence[Account]) -> Row:
    of_field = [difference for difference in found if difference.field == field]
    labels = {account.party: label("party", account.label) for account in speaking}
    return Row(_(ROWS[field]), {party: _cell(field, of_field, party, labels) for party in labels})


def _cell(field: str, found: Sequence[Difference], party: str, labels: Mapping[str, str]) -> Cell:
    claims = [claim for difference in found for claim in _in_order(difference, party)]
    pairs = [pair for difference in found for pair in difference.of(party)]
    others = {each for difference in found for each in difference.overlapping(party)}
    return Cell(
        tuple(Line(value_of(claim), claim.numbers) for claim in claims),
        tuple(_phrase(field, pair, labels[pair.second]) for pair in pairs),
        ", ".join(text for other, text in labels.items() if other in others),
    )


def _phrase(field: str, pair: Pair, other: str) -> str:
    """How the first of a pair stands to the second: `5 to 7 days before Media and other`."""
    if pair.amount is None:
        return _("another place than %(party)s", party=other)
    amount = _amount(field, pair.amount)
    if field == "place":
        return _("%(amount)s from the place of %(party)s", amount=amount, party=other)
    return _(APART[field][pair.order + 1], amount=amount, party=other)


def _amount(field: str, value: NumberRange) -> str:
    low, high = value
    first, last = number(low), number(high)
    span = first if low == high else _("%(low)s to %(high)s", low=first, high=last)
    if field == "date":
        return ngettext("%(span)s day", "%(span)s days", int(high), span=span)
    if field == "people":
        return span
    return wording.metres(high) if low == high else wording.between(low, high)


def _subject(difference: Difference) -> str:
    if difference.field != "distance":
        return {"date": _("Date"), "place": _("Place"), "people": _("Number")}[difference.field]
    if difference.origin is None:
        return _("Distance, from where is not said")
    if difference.origin == LINE:
        return _("Distance from the line")
    return _("Distance from %(place)s", place=_place(difference.origin))


def _finding(difference: Difference, speaking: Sequence[Account]) -> Finding:
    detail = "; ".join(
        f"{label('party', account.label)}: {wording.either(value_of(claim) for claim in claims)}"
        for account in speaking
        if (claims := _in_order(difference, account.party))
    )
    result = {
        "one_party": _("one party gives it, so there is nothing to compare"),
        "not_comparable": _("the values cannot be compared"),
    }.get(difference.reason or "", _("no contradiction found"))
    if difference.stated_differently:
        result = _("stated differently; the intervals overlap")
    contradicts = difference.verdict == "differs"
    if contradicts:
        result = _apart(difference)
    return Finding(_subject(difference), result, _("computed"), detail, contradicts)


def _apart(difference: Difference) -> str:
    amount = difference.amount
    if amount is None:
        return _("different places")
    told = _amount(difference.field, amount)
    if difference.field == "people":
        told = ngettext("%(span)s person", "%(span)s people", int(amount.high), span=told)
    return _("%(amount)s apart", amount=told)


def _strip(found: Sequence[Difference], speaking: Sequence[Account]) -> Strip | None:
    """The claimed dates as a drawing, when more than one value is claimed and they fit on one calendar."""
    dates = next((difference for difference in found if difference.field == "date"), None)
    if dates is None or len({claim.value for claim in dates.claims}) < 2:
        return None
    spans = {label("party", account.label): _spans(dates.claimed_by(account.party)) for account in speaking}
    every = _spans(dates.claims)
    first, last = min(span.first for span in every), max(span.last for span in every)
    step = 1 if (last - first).days < MOST_DAYS else 7
    count = (last - first).days // step + 1
    if count > MOST_COLUMNS:
        return None
    starts = [first + timedelta(days=step * index) for index in range(count)]
    columns = tuple(_column(day, starts) for day in starts)
    return Strip(
        _("Claimed dates, by day") if step == 1 else _("Claimed dates, by week"),
        columns,
        tuple(_bars(spans, first, step)),
    )


def _bars(
    spans: dict[str, list[DateRange]], start: date, step: int
) -> Iterator[tuple[str, tuple[tuple[int, int], ...]]]:
    for party, listed in spans.items():
        ends = ((span.first - start, span.last - start) for span in listed)
        yield party, tuple((first.days // step, last.days // step) for first, last in ends)


def _spans(claims: Sequence[Claim]) -> list[DateRange]:
    return [claim.value for claim in claims if isinstance(claim.value, DateRange)]


def _column(day: date, starts: Sequence[date]) -> str:
    """Label of a column: the first and each new month by name, else the day of the month where it fits."""
    place = starts.index(day)
    named = place
    while named and (starts[named - 1].year, starts[named - 1].month) == (day.year, day.month):
        named -= 1
    if named == place:
        return wording.short_day_of_year(day)
    # A label with the month's name is wider than its column.
    covered = place - named < 1 + len(starts) // NAMED_SHARE
    crowded = len(starts) > 14 and (place - named) % 3
    return "" if covered or crowded else str(day.day)
