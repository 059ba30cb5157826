"""The reader's words for dates, distances, precisions and states: said here once, for every page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from geoapp.incident import Incident, Joined
from geoapp.kinds import DateRange, NumberRange

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STATUSES = {
    "disputed": "Disputed",
    "single_source": "Single source",
    "uncontested": "Uncontested",
    "retracted": "Retracted",
}
PRECISIONS = {
    "exact": "a surveyed site",
    "village": "village",
    "area": "within 5 km",
    "region": "within 25 km",
}
PRECISION_CHOICES = {
    "exact": "Surveyed site",
    "village": "Village",
    "area": "Area, within 5 km",
    "region": "Region, within 25 km",
}
LANGUAGES = {
    "ar": "Arabic", "az": "Azerbaijani", "de": "German", "en": "English", "fr": "French", "hy": "Armenian",
    "it": "Italian", "ka": "Georgian", "os": "Ossetian", "ru": "Russian", "uk": "Ukrainian",
}  # fmt: skip
STATES = {
    "open": "open",
    "closed": "closed",
    "restricted": "restricted",
    "differs": "sources differ",
    "not_known": "not known",
}
NO_DISTANCE = {
    "no_point": ("Not determinable", "No point is known for this record."),
    "precision": ("Not determinable", "The place is known to {radius} only; an interval would say nothing."),
    "category": (
        "Not given",
        "Statements and talks are placed by what they speak of, not where they were made.",
    ),
    "derived": ("Not given", "The position was derived from the line; a distance to it would prove nothing."),
}
NO_ADMINISTRATION = {
    "precision": "Places of both sides lie within the stated precision.",
    "no_place": "The named place is not in the gazetteer.",
    "not_stated": "The reports that we read do not say who administers it.",
}
NO_CROSSING = {
    "no_point": "No point is known for this record.",
    "not_determinable": "Each of these could be the nearest within the stated precisions.",
    "none": "No crossing point is known for that date.",
}


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 party`, `4 parties`; thousands are separated."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def day(value: date, *, short: bool = False) -> str:
    """`24 August 2019`; short: `24 Aug 2019`."""
    return f"{value.day} {_month(value, short)} {value.year}"


def month(value: date) -> str:
    """`August 2019`."""
    return f"{_month(value, False)} {value.year}"


def _month(value: date, short: bool) -> str:
    return MONTHS[value.month - 1][:3] if short else MONTHS[value.month - 1]


def days(span: DateRange, *, short: bool = False) -> str:
    """`24 August 2019`, `25–27 August 2019`, `24 August – 31 October 2019`."""
    first, last = span
    if first == last:
        return day(first, short=short)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last, short=short)}"
    if first.year == last.year:
        return f"{first.day} {_month(first, short)} – {day(last, short=short)}"
    return f"{day(first, short=short)} – {day(last, short=short)}"


def open_days(ends: tuple[date | None, date | None], *, short: bool = False) -> str:
    """An interval that may be open at one end: `from 24 August 2019`, `until ...`."""
    first, last = ends
    if first and last:
        return days(DateRange(first, last), short=short)
    if first:
        return f"from {day(first, short=short)}"
    return f"until {day(last, short=short)}" if last else "any date"


def incident_days(incident: Incident) -> str:
    """The date of an incident at its precision; never a day that nobody stated."""
    first, last = incident.date, incident.end_date
    if incident.date_precision == "year":
        return str(first.year) if not last or last.year == first.year else f"{first.year}–{last.year}"
    if incident.date_precision == "month":
        return month(first) if not last or month(last) == month(first) else f"{month(first)} – {month(last)}"
    return days(incident.interval)


def row_days(incident: Incident) -> tuple[str, str]:
    """Date cell of a list under its month: what is said, and the weekday, the length or the precision."""
    first, last = incident.interval
    if incident.date_precision == "year":
        return str(first.year), "year only"
    if incident.date_precision == "month":
        return _month(first, False), "month only"
    if first == last:
        return f"{first.day} {_month(first, False)}", WEEKDAYS[first.weekday()]
    length = plural((last - first).days + 1, "day")
    if first.year != last.year:
        return days(DateRange(first, last), short=True), length
    return days(DateRange(first, last)).removesuffix(f" {first.year}"), length


def month_of(incident: Incident) -> str:
    """The heading under which a list puts the incident: `August 2019`, or the year if only that is known."""
    first = incident.date
    return str(first.year) if incident.date_precision == "year" else month(first)


def metres(value: float) -> str:
    """`240 m`, `3.7 km`, `25 km`; nothing finer than the number given."""
    if value < 1000:
        return f"{value:g} m"
    return f"{round(value / 1000, 1):g} km"


def distance(joined: Joined) -> tuple[str, str]:
    """How far from the line: what can be said, and why or how exactly."""
    low, high = joined.distance_min_m, joined.distance_max_m
    if low is None or high is None:
        value, reason = NO_DISTANCE[joined.distance_note or "no_point"]
        return value, reason.format(radius=metres(joined.location_radius_m or 0))
    reason = (
        "Widened by the precision of the place and the error of our line there, rounded outward to 100 m."
    )
    if low == 0:
        return f"At or near the line, at most about {metres(high)}", reason
    return f"About {between(low, high)} from the line", reason


def between(low: float, high: float) -> str:
    """`0.7 to 10.6 km`: two distances in metres with one unit."""
    if high < 1000:
        return f"{low:g} to {high:g} m"
    return f"{round(low / 1000, 1):g} to {metres(high)}"


def amount(value: NumberRange) -> str:
    """A number or an interval: `3`, `12–15`."""
    return f"{value.low:,}" if value.low == value.high else f"{value.low:,}–{value.high:,}"


def distance_claim(value: NumberRange, origin: str | None) -> str:
    """`200–300 m from Tsnelisi`, `240 m from the line`."""
    mark = "the line" if origin == "line" else origin
    number = f"up to {value.high:,}" if value.low == 0 < value.high else amount(value)
    return f"{number} m" + (f" from {mark}" if mark else "")


def badge(parties: int, publishers: int) -> str:
    """The count that stands beside every status."""
    return f"{plural(parties, 'party', 'parties')}, {plural(publishers, 'publisher')}"


def precision(incident: Incident, joined: Joined) -> str:
    """How exactly the place is known, in a few words."""
    return PRECISIONS[incident.location_precision] if joined.longitude is not None else "not on the map"


def language(code: str) -> str:
    """Name of a language, or its code where we have no name for it."""
    return LANGUAGES.get(code, code)


def state(code: str | None) -> str:
    """State of a crossing point in words."""
    return STATES.get(code or "not_known", "not known")


def listed(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = list(parts) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def status_label(code: str) -> str:
    """The word on the badge."""
    return STATUSES[code]


def query_value(text: str) -> str:
    """A value as it stands in a comma list of the query."""
    return text.replace(",", "\\,")


def is_web(address: str) -> bool:
    """Whether an address may become a link: http and https only."""
    return address.lower().startswith(("http://", "https://"))


def bare(address: str) -> str:
    """An address without its scheme, where it stands for a title."""
    return address.split("://", 1)[-1]


FILTERS: dict[str, Any] = {
    "plural": plural, "day": day, "days": days, "incident_days": incident_days, "metres": metres,
    "language": language, "state": state, "badge": badge, "listed": listed, "amount": amount,
    "status_label": status_label, "query_value": query_value, "place_precision": precision,
    "is_web": is_web, "bare": bare,
}  # fmt: skip
