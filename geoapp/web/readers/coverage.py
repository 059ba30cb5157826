"""Where the record is thin: how many publishers were found for each month, drawn and as a table."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from geoapp.kinds import DateRange
from geoapp.web import dates
from geoapp.web.language import gettext as _
from geoapp.web.language import ngettext

# From how many publishers on the strip grows thicker: with one nothing can be held against another.
STEPS = (1, 2, 5)
# How thick it is then, in pixels from the axis down; none has no thickness.
THICKNESS = (0, 1, 2.5, 4)
TOP = 1
EPOCH = date(1970, 1, 1)
# A table of more years leaves out those without any publisher.
MOST_YEARS = 100


@dataclass(frozen=True)
class Stretch:
    """One month, or months on end without any publisher."""

    days: DateRange
    publishers: int

    @property
    def start(self) -> int:
        """Its first day, in days since 1970-01-01."""
        return (self.days.first - EPOCH).days

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.days.last - self.days.first).days + 1

    @property
    def level(self) -> int:
        """How many of the STEPS it has reached."""
        return bisect_right(STEPS, self.publishers)

    @property
    def said(self) -> str:
        """`April 2012: 2 publishers found`."""
        first, last = dates.month(self.days.first), dates.month(self.days.last)
        when = first if first == last else dates.patterns()["apart"] % {"first": first, "last": last}
        if not self.publishers:
            return _("%(when)s: no source found, which does not mean that nothing happened", when=when)
        return ngettext(
            "%(when)s: %(count)s publisher found",
            "%(when)s: %(count)s publishers found",
            self.publishers,
            when=when,
        )


@dataclass(frozen=True)
class Year:
    """One year: how many publishers in all, and month by month; None outside of the whole time."""

    year: int
    publishers: int
    months: tuple[Stretch | None, ...]


@dataclass(frozen=True)
class Coverage:
    """The months of the whole time in order, and how many publishers were found for each year."""

    months: tuple[Stretch, ...]
    by_year: Mapping[int, int]

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The months, those without a publisher that follow each other as one."""
        return tuple(self._joined(lambda month: month.publishers and month.days))

    @property
    def path(self) -> str:
        """The strip as the path of an SVG: days since 1970-01-01 from left to right, pixels downwards."""
        alike = self._joined(lambda month: month.level)
        return "".join(
            f"M{each.start} {TOP}h{each.length}v{THICKNESS[each.level]:g}h-{each.length}z"
            for each in alike
            if each.level
        )

    def _joined(self, kind: Callable[[Stretch], object]) -> Iterator[Stretch]:
        for _kind, months in groupby(self.months, kind):
            first, *others = months
            last = others[-1] if others else first
            yield Stretch(DateRange(first.days.first, last.days.last), first.publishers)

    @property
    def years(self) -> tuple[Year, ...]:
        """Year by year."""
        known = {month.days.first: month for month in self.months}
        few = len(self.by_year) <= MOST_YEARS
        return tuple(
            Year(year, count, tuple(known.get(date(year, month, 1)) for month in range(1, 13)))
            for year, count in self.by_year.items()
            if count or few
        )

    @property
    def month_names(self) -> list[tuple[str, str, str]]:
        """The months of a year as the table heads its columns: whole, short, one letter."""
        short = dates.month_names(short=True, alone=True)
        return list(zip(dates.month_names(alone=True), short, dates.month_letters(), strict=True))

    @property
    def without(self) -> int:
        """How many months have no publisher."""
        return sum(not month.publishers for month in self.months)

    @property
    def alone(self) -> int:
        """How many months have one publisher alone."""
        return sum(month.publishers == 1 for month in self.months)


def describe(counts: Mapping[str, int], covered: DateRange) -> Coverage:
    """The coverage of whole months; `counts` are publishers by month (`2019-08`) and year (`2019`)."""
    months = tuple(
        Stretch(DateRange(first, last), counts.get(f"{first:%Y-%m}", 0)) for first, last in _months(covered)
    )
    years = range(covered.first.year, covered.last.year + 1)
    return Coverage(months, {year: counts.get(f"{year:04}", 0) for year in years})


def _months(covered: DateRange) -> Iterator[DateRange]:
    first, last = (each.year * 12 + each.month - 1 for each in (covered.first, covered.last))
    for number in range(first, last + 1):
        year, month = number // 12, number % 12 + 1
        yield DateRange(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
