"""What the list shows: the query as choices, rows by day under their months, pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from geoapp import presets
from geoapp.incident import Record
from geoapp.presets import Preset
from geoapp.query import MAX_OFFSET, Filters, Vocabulary
from geoapp.reference import Reference
from geoapp.store import Store, total_of
from geoapp.web import names, wording
from geoapp.web.paging import MOST_ON_PAGE
from geoapp.web.readers import choices
from geoapp.web.readers.choices import Chip, Choice, Facet, NamedRange

PAGE_SIZE = 25


@dataclass(frozen=True)
class Day:
    """Rows that share a date cell."""

    label: str
    note: str
    iso: str
    rows: tuple[Record, ...]


@dataclass(frozen=True)
class Month:
    """A heading row (empty when the order is not by date) and what stands under it."""

    label: str
    count: int
    days: tuple[Day, ...]


@dataclass(frozen=True)
class Paging:
    """Which rows are shown, and the filters of the other pages; None stands for a gap."""

    first: int
    last: int
    previous: Filters | None
    next: Filters | None
    pages: tuple[tuple[int, Filters, bool] | None, ...]
    reaches_limit: bool


@dataclass(frozen=True)
class ListPage:
    """Everything that the list shows for one query."""

    filters: Filters
    total: int
    count: int
    off_map: int
    sentence: str
    chips: tuple[Chip, ...]
    ranges: tuple[NamedRange, ...]
    tree: tuple[Choice, ...]
    facets: tuple[Facet, ...]
    months: tuple[Month, ...]
    paging: Paging
    relaxed: list[tuple[str, int, Filters]]
    reference: Reference

    @property
    def newest_first(self) -> bool:
        """Whether the rows run backwards in time."""
        return self.filters.sortby[:1] == ("-date",)

    @property
    def by_date(self) -> bool:
        """Whether the rows are in the order of their dates."""
        return is_by_date(self.filters)

    def place_of(self, record: Record) -> str:
        """Where it was, under the reader's name where the record says no more than a name."""
        return names.of_incident(record.incident, record.joined, self.reference.gazetteer)[0]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form does not show but must not lose."""
        return [pair for pair in self.filters.to_pairs() if pair[0] in ("bbox", "sortby", "limit")]


def is_by_date(filters: Filters) -> bool:
    """Whether the order asked for begins with the date; that is also the order when none is asked for."""
    return not filters.sortby or filters.sortby[0].lstrip("-") == "date"


def page(
    store: Store, reference: Reference, vocabulary: Vocabulary, filters: Filters, named: Iterable[Preset]
) -> ListPage:
    """One page of the list."""
    counts = store.facets(filters)
    count = total_of(counts, filters)
    records = store.find(filters.with_values(limit=page_size(filters)))
    found = choices.chips(filters, vocabulary)
    by_date = is_by_date(filters)
    return ListPage(
        filters=filters,
        total=store.current().incidents,
        count=count,
        off_map=counts["located"].get("false", 0) if filters.located is None else 0,
        sentence=choices.sentence(filters, vocabulary),
        chips=found,
        ranges=choices.named_ranges(filters, named, presets.covered(store.days(Filters()))),
        tree=choices.category_tree(counts, filters, reference),
        facets=choices.facets(counts, filters, vocabulary),
        months=months(records, month_counts(store, filters) if by_date else {}, by_date=by_date),
        paging=paging(filters, len(records), count),
        relaxed=[] if count else relaxed(store, filters, found),
        reference=reference,
    )


def months(records: list[Record], counts: Mapping[str, int], *, by_date: bool) -> tuple[Month, ...]:
    """Records in their order, under month headings when that order is by date."""
    heading = (lambda record: wording.month_of(record.incident)) if by_date else (lambda record: "")
    return tuple(
        Month(month, counts.get(month, 0), tuple(_days(list(rows), by_date=by_date)))
        for month, rows in groupby(records, key=heading)
    )


def _days(records: list[Record], *, by_date: bool) -> Iterable[Day]:
    for (said, note), rows in groupby(records, key=lambda record: wording.row_days(record.incident)):
        listed = tuple(rows)
        first = listed[0].incident
        if not by_date and first.date_precision != "year":
            said = wording.incident_days(first)
        yield Day(said, note, first.date.isoformat(), listed)


def month_counts(store: Store, filters: Filters) -> dict[str, int]:
    """How many incidents begin in each month, by its heading.

    A January with anything on its first day is left out: some of it may be known to the year only.
    """
    counts: dict[str, int] = {}
    unsure = set()
    for day, count in store.days(filters).items():
        month = wording.month(day)
        counts[month] = counts.get(month, 0) + count
        if (day.month, day.day) == (1, 1):
            unsure.add(month)
    return {month: count for month, count in counts.items() if month not in unsure}


def page_size(filters: Filters) -> int:
    """How many incidents a page shows, also where its address asks for more."""
    return min(filters.limit or PAGE_SIZE, MOST_ON_PAGE)


def paging(filters: Filters, shown: int, total: int) -> Paging:
    """Where this page stands; offsets beyond what the contract allows are not offered."""
    size, at = page_size(filters), filters.offset

    def page(number: int) -> Filters:
        return replace(filters, offset=number * size)

    last_page = min(max(total - 1, 0), MAX_OFFSET) // size
    current = at // size
    near = sorted({0, last_page} | {n for n in range(current - 2, current + 3) if 0 <= n <= last_page})
    pages: list[tuple[int, Filters, bool] | None] = []
    for before, number in zip([-1, *near], near, strict=False):
        if number - before > 1:
            pages.append(None)
        pages.append((number + 1, page(number), number == current))
    return Paging(
        first=at + 1 if shown else 0,
        last=at + shown if shown else 0,
        previous=replace(filters, offset=max(at - size, 0)) if at else None,
        next=page(current + 1) if current < last_page else None,
        pages=tuple(pages),
        reaches_limit=total > MAX_OFFSET + size,
    )


def relaxed(store: Store, filters: Filters, found: tuple[Chip, ...]) -> list[tuple[str, int, Filters]]:
    """For a query that finds nothing: what each single removal would give, most first."""

    def said(chip: Chip) -> str:
        # The choice of words carries quotation marks already, and gets others here.
        return filters.q if filters.q and not chip.without.q else chip.label

    counted = [(said(chip), store.count(chip.without), chip.without) for chip in found]
    return sorted((each for each in counted if each[1]), key=lambda each: -each[1])
