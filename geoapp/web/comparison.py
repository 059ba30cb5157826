"""The accounts side by side: what each party says and claims, and how the claims stand to each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from geoapp import accounts
from geoapp.accounts import Account, Claim, Difference, Pair, PlaceClaim
from geoapp.incident import Incident
from geoapp.kinds import DateRange, NumberRange
from geoapp.reference import PARTIES, Reference
from geoapp.web import wording

ROWS = {
    "date": "Claimed date",
    "place": "Claimed place",
    "distance": "Claimed distance",
    "people": "Claimed number",
}
# Up to this many days the drawing has one column a day, beyond it one a week.
MOST_DAYS = 31
MOST_COLUMNS = 60


@dataclass(frozen=True)
class Line:
    """One claimed value in words, with the numbers of the sources that carry it."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Cell:
    """What one party claims in one row; `differs` says how far and from whom, in one phrase each."""

    lines: tuple[Line, ...]
    differs: tuple[str, ...]


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
    """Claimed dates on one calendar: a label for each column and, for each party, the columns it fills."""

    unit: str
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


def compare(incident: Incident, reference: Reference) -> Comparison:
    """Everything that the accounts section shows."""
    everyone = accounts.by_party(incident, reference)
    speaking = tuple(account for account in everyone if account.voices)
    found = accounts.differences(incident, reference)
    claimed = {difference.field for difference in found}
    findings = [_finding(difference) for difference in found]
    if incident.status == "disputed":
        findings.append(DISPUTED)
    return Comparison(
        speaking=speaking,
        silent=tuple(account.label for account in everyone if not account.voices),
        rows=tuple(_row(field, found, speaking) for field in ROWS if field in claimed),
        unclaimed=", ".join(label for field, label in ROWS.items() if field not in claimed).capitalize(),
        findings=tuple(findings),
        strip=_strip(found, speaking),
    )


DISPUTED = Finding(
    "What happened or where",
    "contradictory",
    "set by the editors",
    "Parties or monitors contradict each other; the statements say how.",
    contradicts=True,
)


def value_of(claim: Claim) -> str:
    """A claimed value in words."""
    value = claim.value
    if isinstance(value, DateRange):
        return wording.days(value)
    if isinstance(value, PlaceClaim):
        return value.text or value.known_as or "a point without a name"
    if claim.field == "distance":
        return wording.distance_claim(value, claim.origin)
    return f"{wording.amount(value)} {'person' if value == NumberRange(1, 1) else 'people'}"


def _in_order(difference: Difference, party: str) -> list[Claim]:
    """The values of a party, dates earliest first."""
    claims = difference.claimed_by(party)
    return sorted(
        claims, key=lambda claim: claim.value.first if isinstance(claim.value, DateRange) else date.min
    )


def _row(field: str, found: Sequence[Difference], speaking: Sequence[Account]) -> Row:
    of_field = [difference for difference in found if difference.field == field]
    cells = {}
    for account in speaking:
        claims = [claim for difference in of_field for claim in _in_order(difference, account.party)]
        phrases = [_phrase(field, pair) for difference in of_field for pair in difference.of(account.party)]
        cells[account.party] = Cell(
            tuple(Line(value_of(claim), claim.numbers) for claim in claims), tuple(phrases)
        )
    return Row(ROWS[field], cells)


def _phrase(field: str, pair: Pair) -> str:
    """How the first of a pair stands to the second: `5 to 7 days before Media and other`."""
    other = PARTIES[pair.second]
    if pair.amount is None:
        return f"another place than {other}"
    amount = _amount(field, pair.amount)
    if field == "place":
        return f"{amount} from the place of {other}"
    words = {
        "date": ("before", "apart from", "after"),
        "people": ("fewer than", "away from", "more than"),
        "distance": ("less than", "away from", "more than"),
    }[field]
    return f"{amount} {words[pair.order + 1]} {other}"


def _amount(field: str, value: NumberRange) -> str:
    low, high = value
    span = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    if field == "date":
        return f"{span} {'day' if high == 1 else 'days'}"
    if field == "people":
        return span
    return wording.metres(high) if low == high else wording.between(low, high)


def _subject(difference: Difference) -> str:
    label = {"date": "Date", "place": "Place", "people": "Number", "distance": "Distance"}[difference.field]
    if difference.field != "distance":
        return label
    if difference.origin is None:
        return "Distance, from where is not said"
    return f"Distance from {'the line' if difference.origin == 'line' else difference.origin}"


def _finding(difference: Difference) -> Finding:
    detail = "; ".join(
        f"{label}: {' or '.join(value_of(claim) for claim in claims)}"
        for party, label in PARTIES.items()
        if (claims := _in_order(difference, party))
    )
    result = {
        "one_party": "one party gives it, so there is nothing to compare",
        "not_comparable": "the values cannot be compared",
    }.get(difference.reason or "", "no contradiction found")
    contradicts = difference.verdict == "differs"
    if contradicts:
        result = _apart(difference)
    return Finding(_subject(difference), result, "computed", detail, contradicts)


def _apart(difference: Difference) -> str:
    amount = difference.amount
    if amount is None:
        return "different places"
    unit = "" if difference.field != "people" else " person" if amount == (1, 1) else " people"
    return f"{_amount(difference.field, amount)}{unit} apart"


def _strip(found: Sequence[Difference], speaking: Sequence[Account]) -> Strip | None:
    """The claimed dates as a drawing, when more than one value is claimed and they fit on one calendar."""
    dates = next((difference for difference in found if difference.field == "date"), None)
    if dates is None or len({claim.value for claim in dates.claims}) < 2:
        return None
    spans = {account.label: _spans(dates.claimed_by(account.party)) for account in speaking}
    every = _spans(dates.claims)
    first, last = min(span.first for span in every), max(span.last for span in every)
    step = 1 if (last - first).days < MOST_DAYS else 7
    count = (last - first).days // step + 1
    if count > MOST_COLUMNS:
        return None
    starts = [first + timedelta(days=step * index) for index in range(count)]
    columns = tuple(_column(day, starts) for day in starts)
    return Strip("day" if step == 1 else "week", columns, tuple(_bars(spans, first, step)))


def _bars(
    spans: dict[str, list[DateRange]], start: date, step: int
) -> Iterator[tuple[str, tuple[tuple[int, int], ...]]]:
    for label, listed in spans.items():
        ends = ((span.first - start, span.last - start) for span in listed)
        yield label, tuple((first.days // step, last.days // step) for first, last in ends)


def _spans(claims: Sequence[Claim]) -> list[DateRange]:
    return [claim.value for claim in claims if isinstance(claim.value, DateRange)]


def _column(day: date, starts: Sequence[date]) -> str:
    """Label of a column: the first and each new month by name, else the day of the month where it fits."""
    place = starts.index(day)
    before = starts[place - 1] if place else None
    if before is None or (before.year, before.month) != (day.year, day.month):
        return wording.short_day_of_year(day)
    # Next to a label with the month's name there is no room for another number.
    crowded = place > 1 and len(starts) > 14 and place % 3
    return "" if crowded or (place == 1 and len(starts) > 10) else str(day.day)
