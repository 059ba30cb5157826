"""Days, months and ranges of days in the reader's words: names by CLDR, their order by the catalogs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from geoapp.incident import Incident
from geoapp.kinds import DateRange
from geoapp.web.language import gettext as _
from geoapp.web.language import locale, ngettext, pgettext


def month_names(*, short: bool = False, alone: bool = False) -> list[str]:
    """The months in order; `alone` as headings say them, else as they stand in a date."""
    context, width = "stand-alone" if alone else "format", "abbreviated" if short else "wide"
    names: Mapping[int, str] = locale().months[context][width]
    return [names[number] for number in range(1, 13)]


def month_letters() -> list[str]:
    """The first letters of the months, for where no more finds room."""
    names: Mapping[int, str] = locale().months["stand-alone"]["narrow"]
    return [names[number] for number in range(1, 13)]


def weekday(value: date) -> str:
    """`Saturday`."""
    return str(locale().days["stand-alone"]["wide"][value.weekday()])


def _month(value: date, short: bool, *, alone: bool = False) -> str:
    return month_names(short=short, alone=alone)[value.month - 1]


# Asked one by one: a page of dates would look up eight messages for each of them.
_PATTERNS: Mapping[str, Callable[[], str]] = {
    "day": lambda: pgettext("date", "%(day)s %(month)s %(year)s"),
    "short_day": lambda: pgettext("short date", "%(day)s %(month)s %(year)s"),
    "in_month": lambda: pgettext("dates", "%(first)s–%(last)s"),
    "in_year": lambda: pgettext("dates", "%(day)s %(month)s – %(last)s"),
    "short_in_year": lambda: pgettext("short dates", "%(day)s %(month)s – %(last)s"),
    "apart": lambda: pgettext("dates", "%(first)s – %(last)s"),
    "from": lambda: pgettext("dates", "from %(day)s"),
    "until": lambda: pgettext("dates", "until %(day)s"),
}


def patterns() -> dict[str, str]:
    """How a day, a range within a month and one within a year are put together; the scripts use them too."""
    return {name: pattern() for name, pattern in _PATTERNS.items()}


def day(value: date, *, short: bool = False) -> str:
    """`24 August 2019`; short: `24 Aug 2019`."""
    pattern = _PATTERNS["short_day" if short else "day"]()
    return pattern % {"day": value.day, "month": _month(value, short), "year": value.year}


def month(value: date) -> str:
    """`August 2019`."""
    return pgettext("date", "%(month)s %(year)s", month=_month(value, False, alone=True), year=value.year)


def days(span: DateRange, *, short: bool = False) -> str:
    """`24 August 2019`, `25–27 August 2019`, `24 August – 31 October 2019`."""
    first, last = span
    if first == last:
        return day(first, short=short)
    end = day(last, short=short)
    if (first.year, first.month) == (last.year, last.month):
        return _PATTERNS["in_month"]() % {"first": first.day, "last": end}
    if first.year == last.year:
        pattern = _PATTERNS["short_in_year" if short else "in_year"]()
        return pattern % {"day": first.day, "month": _month(first, short), "last": end}
    return _PATTERNS["apart"]() % {"first": day(first, short=short), "last": end}


def open_days(ends: tuple[date | None, date | None], *, short: bool = False) -> str:
    """An interval that may be open at one end: `from 24 August 2019`, `until ...`."""
    first, last = ends
    if first and last:
        return days(DateRange(first, last), short=short)
    if first:
        return _PATTERNS["from"]() % {"day": day(first, short=short)}
    return _PATTERNS["until"]() % {"day": day(last, short=short)} if last else _("any date")


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
        return str(first.year), _("year only")
    if incident.date_precision == "month":
        return _month(first, False, alone=True), _("month only")
    if first == last:
        return _day_of_year(first), weekday(first)
    length = ngettext("%(count)s day", "%(count)s days", (last - first).days + 1)
    if first.year != last.year:
        return days(DateRange(first, last), short=True), length
    if first.month == last.month:
        return _PATTERNS["in_month"]() % {"first": first.day, "last": _day_of_year(last)}, length
    pattern = _PATTERNS["in_year"]()
    return pattern % {"day": first.day, "month": _month(first, False), "last": _day_of_year(last)}, length


def _day_of_year(value: date) -> str:
    return pgettext("date", "%(day)s %(month)s", day=value.day, month=_month(value, False))


def short_day_of_year(value: date) -> str:
    """`24 Aug`."""
    return pgettext("short date", "%(day)s %(month)s", day=value.day, month=_month(value, True))


def month_of(incident: Incident) -> str:
    """The heading under which a list puts the incident: `August 2019`, or the year if only that is known."""
    first = incident.date
    return str(first.year) if incident.date_precision == "year" else month(first)
