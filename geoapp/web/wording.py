"""The reader's words for distances, precisions, states and counts: said here once, for every page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from geoapp.incident import Incident, Joined
from geoapp.kinds import LANGUAGE_PATTERN, NumberRange
from geoapp.web.dates import (
    day,
    days,
    incident_days,
    month,
    month_names,
    month_of,
    open_days,
    row_days,
    short_day_of_year,
)
from geoapp.web.language import counted, locale, ngettext, noted, number
from geoapp.web.language import gettext as _
from geoapp.web.link_words import link_checked

__all__ = [
    "day", "days", "incident_days", "month", "month_names", "month_of", "open_days", "row_days",
    "short_day_of_year",
]  # fmt: skip

STATUSES = {
    "disputed": noted("Disputed"),
    "single_source": noted("Single source"),
    "uncontested": noted("Uncontested"),
    "retracted": noted("Retracted"),
}
PRECISIONS = {
    "exact": noted("a surveyed site"),
    "village": noted("village"),
    "area": noted("within 5 km"),
    "region": noted("within 25 km"),
}
PLACE_PRECISIONS = {
    "exact": noted("exact"),
    "village": noted("village"),
    "area": noted("area"),
    "region": noted("region"),
}
PRECISION_CHOICES = {
    "exact": noted("Surveyed site"),
    "village": noted("Village"),
    "area": noted("Area, within 5 km"),
    "region": noted("Region, within 25 km"),
}
STATES = {
    "open": noted("open"),
    "closed": noted("closed"),
    "restricted": noted("restricted"),
    "differs": noted("sources differ"),
    "not_known": noted("not known"),
}
NO_DISTANCE = {
    "no_point": (noted("Not determinable"), noted("No point is known for this record.")),
    "precision": (
        noted("Not determinable"),
        noted("The place is known to %(radius)s only; an interval would say nothing."),
    ),
    "category": (
        noted("Not given"),
        noted("Statements and talks are placed by what they speak of, not where they were made."),
    ),
    "derived": (
        noted("Not given"),
        noted("The position was derived from the line; a distance to it would prove nothing."),
    ),
}
NO_ADMINISTRATION = {
    "precision": noted("Places of both sides lie within the stated precision."),
    "no_place": noted("The named place is not in the gazetteer."),
    "not_stated": noted("The reports that we read do not say who administers it."),
}
NO_CROSSING = {
    "no_point": noted("No point is known for this record."),
    "not_determinable": noted("Each of these could be the nearest within the stated precisions."),
    "none": noted("No crossing point is known for that date."),
}


# What is counted, in the forms that a number asks for.
COUNTED = {
    "day": counted("%(count)s day", "%(count)s days"),
    "difference": counted("%(count)s difference", "%(count)s differences"),
    "incident": counted("%(count)s incident", "%(count)s incidents"),
    "party": counted("%(count)s party", "%(count)s parties"),
    "person": counted("%(count)s person", "%(count)s people"),
    "place": counted("%(count)s place", "%(count)s places"),
    "publisher": counted("%(count)s publisher", "%(count)s publishers"),
    "record": counted("%(count)s record", "%(count)s records"),
    "report": counted("%(count)s report", "%(count)s reports"),
    "row": counted("%(count)s row", "%(count)s rows"),
    "source": counted("%(count)s source", "%(count)s sources"),
    "statement": counted("%(count)s statement", "%(count)s statements"),
    "step": counted("%(count)s step", "%(count)s steps"),
}


def plural(count: int, noun: str, many: str | None = None) -> str:
    """`1 party`, `4 parties`; thousands are separated.

    Nouns of `COUNTED` follow the language; others belong to pages that speak English alone.
    """
    forms = COUNTED.get(noun) or (f"%(count)s {noun}", f"%(count)s {many or noun + 's'}")
    return ngettext(*forms, count)


def metres(value: float) -> str:
    """`240 m`, `3.7 km`, `25 km`; nothing finer than the number given."""
    if value < 1000:
        return _("%(number)s m", number=_number(value))
    return _("%(number)s km", number=_number(value / 1000))


def _number(value: float) -> str:
    return number(round(value, 1), "0.#")


def size(count: int) -> str:
    """Bytes as `460 kB` or `3.2 MB`, in thousands."""
    if count < 1000:
        return _("%(number)s bytes", number=_number(count))
    if count < 1_000_000:
        return _("%(number)s kB", number=_number(round(count / 1000)))
    return _("%(number)s MB", number=_number(count / 1_000_000))


def distance(joined: Joined) -> tuple[str, str]:
    """How far from the line: what can be said, and why or how exactly."""
    low, high = joined.distance_min_m, joined.distance_max_m
    if low is None or high is None:
        value, reason = NO_DISTANCE[joined.distance_note or "no_point"]
        return _(value), _(reason, radius=metres(joined.location_radius_m or 0))
    reason = _(
        "Widened by the precision of the place and the error of our line there, rounded outward to 100 m."
    )
    if low == 0:
        return _("At or near the line, at most about %(distance)s", distance=metres(high)), reason
    return _("About %(distance)s from the line", distance=between(low, high)), reason


def between(low: float, high: float) -> str:
    """`0.7 to 10.6 km`: two distances in metres with one unit."""
    if high < 1000:
        return _("%(low)s to %(high)s m", low=_number(low), high=_number(high))
    return _("%(low)s to %(high)s km", low=_number(low / 1000), high=_number(high / 1000))


def amount(value: NumberRange) -> str:
    """A number or an interval: `3`, `12–15`."""
    return number(value.low) if value.low == value.high else f"{number(value.low)}–{number(value.high)}"


def distance_claim(value: NumberRange, origin: str | None) -> str:
    """`200–300 m from Tsnelisi`, `240 m from the line`."""
    if value.low == 0 < value.high:
        length = _("up to %(number)s m", number=number(value.high))
    else:
        length = _("%(number)s m", number=amount(value))
    if origin == "line":
        return _("%(distance)s from the line", distance=length)
    return _("%(distance)s from %(place)s", distance=length, place=origin) if origin else length


def badge(parties: int, publishers: int) -> str:
    """The count that stands beside every status."""
    return f"{plural(parties, 'party')}, {plural(publishers, 'publisher')}"


def precision(incident: Incident, joined: Joined) -> str:
    """How exactly the place is known, in a few words."""
    return _(PRECISIONS[incident.location_precision]) if joined.longitude is not None else _("not on the map")


def language(code: str) -> str:
    """Name of a language as it stands alone, or its code where CLDR has no name for it."""
    name = str(locale().languages.get(code.replace("-", "_"), code))
    # Georgian has no capitals: `upper` would change its letters to another alphabet.
    return name[:1].upper() + name[1:] if name[:1].isascii() or "\u0400" <= name[:1] <= "\u04ff" else name


def languages() -> dict[str, str]:
    """Names of all languages with a code of two letters, by name."""
    codes = (str(code) for code in locale().languages)
    named = {code: language(code) for code in codes if re.fullmatch(LANGUAGE_PATTERN, code)}
    return dict(sorted(named.items(), key=lambda each: each[1]))


def state(code: str | None) -> str:
    """State of a crossing point in words."""
    return _(STATES.get(code or "not_known", STATES["not_known"]))


def listed(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = list(parts) or [""]
    return _("%(most)s and %(last)s", most=", ".join(most), last=last) if most else last


def either(parts: Iterable[str]) -> str:
    """`a`, `a or b`, `a or b or c`."""
    first, *others = list(parts) or [""]
    for other in others:
        first = _("%(one)s or %(other)s", one=first, other=other)
    return first


def status_label(code: str) -> str:
    """The word on the badge."""
    return _(STATUSES[code])


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
    "is_web": is_web, "bare": bare, "number": number, "either": either, "link_checked": link_checked,
    "size": size,
}  # fmt: skip
