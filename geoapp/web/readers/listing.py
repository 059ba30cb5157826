"""What the list shows: the query in words, removable choices, counts beside every choice, rows by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from geoapp import presets
from geoapp.incident import Record
from geoapp.kinds import STATUSES, DateRange
from geoapp.presets import Preset
from geoapp.query import Filters, Vocabulary
from geoapp.reference import Reference
from geoapp.store import Store, total_of
from geoapp.web import names, wording
from geoapp.web.catalogs import label
from geoapp.web.language import gettext as _
from geoapp.web.language import noted

PAGE_SIZE = 25
# A page of 6,000 took ten seconds of computing; who wants them all takes an export or the API's GeoJSON.
MOST_ON_PAGE = 500
MOST_OFFSET = 10_000
SHOWN_AT_FIRST = 6
YES_NO = {"true": noted("Yes"), "false": noted("No")}
# Order of the groups of choices on the page, with their headings; the first three stand open.
FACET_LABELS = {
    "status": noted("Status"),
    "party": noted("Party that speaks"),
    "place": noted("Place"),
    "area": noted("Area"),
    "precision": noted("Precision of the place"),
    "located": noted("Point on the map"),
    "differs": noted("Accounts that differ"),
    "actor": noted("Who is involved"),
    "publisher": noted("Publisher"),
    "language": noted("Language of a source"),
}
OPEN = ("status", "party", "place")
LISTS = ("category", "group", *(name for name in FACET_LABELS if name not in YES_NO))


@dataclass(frozen=True)
class Choice:
    """One box to tick: its name and code in the query, label, count, and whether it is ticked."""

    name: str
    code: str
    label: str
    count: int
    chosen: bool
    group: str = ""
    letter: str = ""
    inner: tuple[Choice, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the finer choices are shown: one of the branch is ticked."""
        return self.chosen or any(each.chosen for each in self.inner)


@dataclass(frozen=True)
class Facet:
    """One group of choices; `first` are shown at once, `rest` behind a fold."""

    name: str
    label: str
    first: tuple[Choice, ...]
    rest: tuple[Choice, ...]
    is_open: bool


@dataclass(frozen=True)
class Chip:
    """One choice in force and the filters without it."""

    label: str
    without: Filters


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
class NamedRange:
    """A preset of days as a choice: its days, the filters with it, and whether it is in force."""

    label: str
    days: DateRange
    filters: Filters
    on: bool


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


def named_ranges(filters: Filters, named: Iterable[Preset], covered: DateRange) -> tuple[NamedRange, ...]:
    """The presets as links that keep every other filter; all that is covered is no filter."""
    first, last = filters.datetime or (None, None)
    shown = (first or covered.first, last or covered.last)
    found = []
    for preset in named:
        span = preset.within(covered)
        chosen = filters.with_values(datetime=None if span == covered else tuple(span), offset=0)
        found.append(NamedRange(label("preset", preset.label), span, chosen, span == shown))
    return tuple(found)


def page(
    store: Store, reference: Reference, vocabulary: Vocabulary, filters: Filters, named: Iterable[Preset]
) -> ListPage:
    """One page of the list."""
    counts = store.facets(filters)
    count = total_of(counts, filters)
    records = store.find(filters.with_values(limit=page_size(filters)))
    found = chips(filters, vocabulary)
    by_date = is_by_date(filters)
    return ListPage(
        filters=filters,
        total=store.current().incidents,
        count=count,
        off_map=counts["located"].get("false", 0) if filters.located is None else 0,
        sentence=sentence(filters, vocabulary),
        chips=found,
        ranges=named_ranges(filters, named, presets.covered(store.days(Filters()))),
        tree=category_tree(counts, filters, reference),
        facets=facets(counts, filters, vocabulary),
        months=months(records, month_counts(store, filters) if by_date else {}, by_date=by_date),
        paging=paging(filters, len(records), count),
        relaxed=[] if count else relaxed(store, filters, found),
        reference=reference,
    )


def label_of(name: str, code: str, vocabulary: Vocabulary) -> str:
    """The reader's word for a code of the query."""
    if name in ("language", "place"):
        return wording.language(code) if name == "language" else names.known_as(code)
    fixed: Mapping[str, Mapping[str, str]] = {
        "status": wording.STATUSES, "precision": wording.PRECISION_CHOICES,
        "located": YES_NO, "differs": YES_NO,
    }  # fmt: skip
    if code in fixed.get(name, {}):
        return _(fixed[name][code])
    known = vocabulary.codes.get(name, {})
    return label(name, known.get(code) or code)


def category_tree(
    counts: Mapping[str, Mapping[str, int]], filters: Filters, reference: Reference
) -> tuple[Choice, ...]:
    """Groups with their categories, in the order of the data file; a zero stays."""
    tree = []
    for group, members in groupby(reference.categories.values(), key=lambda each: each.group):
        kinds = list(members)
        inner = tuple(
            Choice(
                "category",
                kind.code,
                label("category", kind.label),
                counts["category"].get(kind.code, 0),
                kind.code in filters.category,
            )
            for kind in kinds
        )
        chosen, count = group in filters.group, counts["group"].get(group, 0)
        tree.append(
            Choice(
                "group",
                group,
                label("group", kinds[0].group_label),
                count,
                chosen,
                group,
                kinds[0].group_letter,
                inner,
            )
        )
    return tuple(tree)


def facets(
    counts: Mapping[str, Mapping[str, int]], filters: Filters, vocabulary: Vocabulary
) -> tuple[Facet, ...]:
    """The other groups of choices, ticked ones first, then by count."""
    return tuple(
        _facet(name, _codes(name, counts[name], vocabulary, filters), filters, vocabulary)
        for name in FACET_LABELS
    )


def _chosen(name: str, filters: Filters) -> tuple[str, ...]:
    value = getattr(filters, name)
    if isinstance(value, bool):
        return ("true" if value else "false",)
    return value or ()


def _codes(
    name: str, counts: Mapping[str, int], vocabulary: Vocabulary, filters: Filters
) -> list[tuple[str, int]]:
    """Codes in a fixed order where the scale has one, else by count."""
    ordered: Mapping[str, Iterable[str]] = {
        "status": STATUSES, "party": vocabulary.codes["party"], "precision": wording.PRECISION_CHOICES,
        "located": YES_NO, "differs": YES_NO,
    }  # fmt: skip
    if name in ordered:
        return [(code, counts.get(code, 0)) for code in ordered[name]]
    chosen = _chosen(name, filters)
    codes = dict.fromkeys((*chosen, *counts, *vocabulary.codes.get(name, {})))
    return [(code, counts.get(code, 0)) for code in codes]


def _facet(name: str, codes: list[tuple[str, int]], filters: Filters, vocabulary: Vocabulary) -> Facet:
    chosen = _chosen(name, filters)
    choices = tuple(
        Choice(name, code, label_of(name, code, vocabulary), count, code in chosen) for code, count in codes
    )
    cut = max(SHOWN_AT_FIRST, len(chosen))
    return Facet(name, _(FACET_LABELS[name]), choices[:cut], choices[cut:], name in OPEN or bool(chosen))


def chips(filters: Filters, vocabulary: Vocabulary) -> tuple[Chip, ...]:
    """Every choice in force; removing one leaves the others."""
    found = []
    start = filters.with_values(offset=0)
    for name in filters.narrowing():
        value = getattr(filters, name)
        if isinstance(value, tuple) and name in LISTS:
            for code in value:
                rest = tuple(other for other in value if other != code)
                found.append(Chip(label_of(name, code, vocabulary), start.with_values(**{name: rest})))
        else:
            found.append(Chip(_phrase(name, filters, short=True), start.without(name)))
    return tuple(found)


def _phrase(name: str, filters: Filters, *, short: bool = False) -> str:
    if name == "datetime" and filters.datetime:
        return wording.open_days(filters.datetime, short=short)
    if name == "q":
        return f"“{filters.q}”"
    if name == "bbox":
        return _("the part of the map that was chosen")
    if name == "located":
        return _("on the map") if filters.located else _("not on the map")
    return _("accounts differ") if filters.differs else _("accounts do not differ")


def sentence(filters: Filters, vocabulary: Vocabulary) -> str:
    """The query in words: choices of one group joined by "or", groups by commas; empty without any."""
    parts = []
    for name in sorted(filters.narrowing(), key=lambda each: each == "datetime"):
        value = getattr(filters, name)
        if isinstance(value, tuple) and name in LISTS:
            parts.append(wording.either(label_of(name, code, vocabulary) for code in value))
        else:
            parts.append(_phrase(name, filters))
    return ", ".join(parts)


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

    last_page = min(max(total - 1, 0), MOST_OFFSET) // size
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
        reaches_limit=total > MOST_OFFSET + size,
    )


def relaxed(store: Store, filters: Filters, found: tuple[Chip, ...]) -> list[tuple[str, int, Filters]]:
    """For a query that finds nothing: what each single removal would give, most first."""
    counted = [(chip.label, store.count(chip.without), chip.without) for chip in found]
    return sorted((each for each in counted if each[1]), key=lambda each: -each[1])
