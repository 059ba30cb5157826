"""The query as choices: boxes to tick with their counts, choices in force, ranges of days, one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from geoapp.kinds import STATUSES, DateRange
from geoapp.presets import Preset
from geoapp.query import Filters, Vocabulary
from geoapp.reference import Reference
from geoapp.web import names, wording
from geoapp.web.catalogs import label
from geoapp.web.language import gettext as _
from geoapp.web.language import noted

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
class NamedRange:
    """A preset of days as a choice: its days, the filters with it, and whether it is in force."""

    label: str
    days: DateRange
    filters: Filters
    on: bool


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
