"""The one filter vocabulary of map, list, API, exports and command line: text in, `Filters` out.

Within a name the values are alternatives (comma list, or the name repeated; a comma inside a value
is written `\\,`); across names all must hold. `datetime` matches by intersection with the days that
an incident covers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from rapidfuzz import process

from geoapp.errors import BadParameters, Fault, shorten
from geoapp.folding import fold
from geoapp.kinds import Invalid, format_degrees, parse_day

MAX_LIMIT = 10_000
MAX_OFFSET = 10_000
MAX_WORDS = 500
# Codes that a refusal names; of more of them nobody reads the list.
MOST_LISTED = 30
SORTABLE = ("date", "title", "id", "place", "category", "status", "updated")
Pairs = Iterable[tuple[str, str]]
Box = tuple[float, float, float, float]
Days = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What to find. `bbox` is west, south, east, north in WGS 84 degrees; empty means "do not narrow"."""

    bbox: Box | None = None
    datetime: Days | None = None
    category: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    party: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    precision: tuple[str, ...] = ()
    differs: bool | None = None
    located: bool | None = None
    q: str | None = None
    sortby: tuple[str, ...] = ()
    limit: int | None = None
    offset: int = 0

    def to_pairs(self) -> list[tuple[str, str]]:
        """The canonical query, in the order of the vocabulary; `parse_filters` is the inverse."""
        pairs = []
        for item in fields(self):
            value = getattr(self, item.name)
            if value != item.default:
                pairs.append((item.name, _WRITERS.get(item.name, _write_plain)(value)))
        return pairs

    def without(self, *names: str) -> Filters:
        """The same without what `names` narrow."""
        blank: dict[str, Any] = {item.name: item.default for item in fields(self) if item.name in names}
        return replace(self, **blank)

    def with_values(self, **values: Any) -> Filters:
        """The same with these values in place of what stood there."""
        return replace(self, **values)

    def narrowing(self) -> tuple[str, ...]:
        """Names that narrow the set (paging and order do not)."""
        return tuple(name for name, _ in self.to_pairs() if name not in ("sortby", "limit", "offset"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The codes known in a data set: for each name its codes with labels, and the names of places.

    `place_names` maps every folded form of a name, in any script, to the canonical English name.
    """

    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    place_names: Mapping[str, str] = field(default_factory=dict)
    group_of: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One name of the vocabulary: how it is read, what it means, its JSON Schema."""

    name: str
    meaning: str
    json_schema: Mapping[str, Any]
    read: Callable[[str, Vocabulary], Any]


def split_list(text: str) -> list[str]:
    """The values of a comma list; a comma inside a value is written with a backslash before it."""
    parts = re.split(r"(?<!\\),", text)
    return [part.replace("\\,", ",").strip() for part in parts if part.strip()]


def _read_codes(name: str) -> Callable[[str, Vocabulary], tuple[str, ...]]:
    def read(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
        known = vocabulary.codes.get(name, {})
        values = tuple(dict.fromkeys(split_list(text)))
        for value in values:
            if value not in known:
                raise Invalid(_codes_in_use(name, value, known), _near(value, known))
        return values

    return read


def _codes_in_use(name: str, value: str, known: Iterable[str]) -> str:
    """What was expected, with the codes themselves where they are few enough to read."""
    listed = sorted(known)
    told = f": {', '.join(listed)}" if listed and len(listed) <= MOST_LISTED else ""
    return f"codes of {name} that are in use ({shorten(value)!r} is not){told}"


def _near(value: str, known: Iterable[str]) -> str | None:
    found = process.extractOne(value, list(known), score_cutoff=70)
    return found[0] if found else None


def _read_places(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    names = []
    for value in split_list(text):
        name = vocabulary.place_names.get(fold(value))
        if name is None:
            near = _near(fold(value), vocabulary.place_names)
            raise Invalid(
                f"names of places that are known ({shorten(value)!r} is not)",
                near and vocabulary.place_names[near],
            )
        names.append(name)
    return tuple(dict.fromkeys(names))


def _read_flag(text: str, _: Vocabulary) -> bool:
    if text not in ("true", "false"):
        raise Invalid("true or false")
    return text == "true"


def _read_words(text: str, _: Vocabulary) -> str | None:
    if len(text) > MAX_WORDS or "\0" in text:
        raise Invalid(f"at most {MAX_WORDS} characters of text")
    return text.strip() or None


def _read_number(low: int, high: int, *, clamp: bool = False) -> Callable[[str, Vocabulary], int]:
    def read(text: str, _: Vocabulary) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", text) or int(text) < low or (int(text) > high and not clamp):
            raise Invalid(f"a whole number from {low} to {high}")
        return min(int(text), high)

    return read


def _read_order(text: str, _: Vocabulary) -> tuple[str, ...]:
    keys = tuple(key.removeprefix("+") for key in split_list(text))
    for key in keys:
        if key.removeprefix("-") not in SORTABLE:
            raise Invalid(f"names of {', '.join(SORTABLE)}, with - for descending")
    # A name that comes again orders nothing more, and every link of a page would repeat it.
    first: dict[str, str] = {}
    for key in keys:
        first.setdefault(key.removeprefix("-"), key)
    return tuple(first.values())


def read_bbox(text: str, _: Vocabulary | None = None) -> Box:
    """Four numbers (west, south, east, north) or six (with heights); west > east crosses 180°."""
    expected = "west,south,east,north in degrees (WGS 84), south not above north"
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise Invalid(expected) from error
    if len(numbers) == 6:
        numbers = [*numbers[0:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise Invalid(expected)
    west, south, east, north = (round(number, 6) + 0.0 for number in numbers)
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise Invalid(expected)
    return west, south, east, north


_MINUTE = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_CLOCK = re.compile(rf"{_MINUTE}(?::(?:[0-5][0-9]|60)(?:\.[0-9]+)?)?(?:[Zz]|[+-]{_MINUTE})?")


def _read_end(text: str) -> date | None:
    if text in ("", ".."):
        return None
    day, separator, clock = text.partition("T") if "T" in text else text.partition(" ")
    if separator and not _CLOCK.fullmatch(clock):
        raise Invalid("a time as in RFC 3339")
    return parse_day(day)


def read_days(text: str, _: Vocabulary | None = None) -> Days:
    """A day, or an interval `start/end` with `..` for an open end (OGC); times are cut to their day."""
    first, slash, last = text.partition("/")
    try:
        days = (_read_end(first), _read_end(last if slash else first))
    except Invalid as error:
        raise Invalid(
            "a day YYYY-MM-DD, or an interval such as 2019-08-24/2019-10-31 or ../2019-10-31"
        ) from error
    if not text or (days[0] and days[1] and days[0] > days[1]):
        raise Invalid("an interval whose end is not before its start")
    return days


def write_days(days: Days) -> str:
    """The inverse of `read_days`."""
    first, last = (day.isoformat() if day else ".." for day in days)
    return first if first == last else f"{first}/{last}"


def _write_plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(str(part).replace(",", "\\,") for part in value)
    return str(value)


_WRITERS: Mapping[str, Callable[[Any], str]] = {
    "bbox": lambda box: ",".join(map(format_degrees, box)),
    "datetime": write_days,
}
_CODES: Mapping[str, Any] = {"type": "array", "items": {"type": "string"}}
_FLAG: Mapping[str, Any] = {"type": "boolean"}


def _codes(name: str, meaning: str) -> Parameter:
    return Parameter(name=name, meaning=meaning, json_schema=_CODES, read=_read_codes(name))


_ORDER = Parameter(
    name="sortby",
    meaning="Order: names, `-` before one for descending.",
    json_schema=_CODES,
    read=_read_order,
)
_LISTED = (
    Parameter(
        name="bbox",
        meaning="Box west,south,east,north in degrees; only incidents with a point in it.",
        json_schema={"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
        read=read_bbox,
    ),
    Parameter(
        name="datetime",
        meaning="Day or interval; incidents whose days intersect it.",
        json_schema={"type": "string"},
        read=read_days,
    ),
    _codes("category", "Kind of incident."),
    _codes("group", "Group of kinds."),
    _codes("actor", "Actor who is involved."),
    _codes("party", "Party that speaks in a report."),
    _codes("publisher", "Publisher of a report."),
    _codes("language", "Language of a report."),
    _codes("status", "How the accounts stand to each other."),
    Parameter(name="place", meaning="Named place, in any script.", json_schema=_CODES, read=_read_places),
    _codes("area", "Area that contains the point; a filter, not a statement."),
    _codes("precision", "How exactly the place is known."),
    Parameter(
        name="differs",
        meaning="Whether the status is disputed or claims of two parties do not overlap.",
        json_schema=_FLAG,
        read=_read_flag,
    ),
    Parameter(name="located", meaning="Whether a point was found.", json_schema=_FLAG, read=_read_flag),
    Parameter(
        name="q",
        meaning="Words in titles, statements, places.",
        json_schema={"type": "string"},
        read=_read_words,
    ),
    _ORDER,
    Parameter(
        name="limit",
        meaning=f"At most so many; more than {MAX_LIMIT} gives {MAX_LIMIT}.",
        json_schema={"type": "integer", "minimum": 1, "maximum": MAX_LIMIT},
        read=_read_number(1, MAX_LIMIT, clamp=True),
    ),
    Parameter(
        name="offset",
        meaning="Leave out so many from the start.",
        json_schema={"type": "integer", "minimum": 0, "maximum": MAX_OFFSET},
        read=_read_number(0, MAX_OFFSET),
    ),
)
FILTERS: Mapping[str, Parameter] = {parameter.name: parameter for parameter in _LISTED}


def parse_filters(
    pairs: Pairs, vocabulary: Vocabulary, *, lenient: bool = False, also: Iterable[str] = ()
) -> Filters:
    """Read a query; raises BadParameters with every fault.

    `lenient` (pages) passes over unknown names and takes `from`/`to`, which a form without
    JavaScript sends, as `datetime`; names in `also` belong to the caller and are passed over.
    """
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    if lenient:
        _merge_form_dates(given)
    values: dict[str, Any] = {}
    faults = []
    for name, texts in given.items():
        parameter = FILTERS.get(name)
        text = ",".join(text for text in texts if text.strip())
        if parameter is None:
            if not lenient and name not in also:
                faults.append(Fault(name, text, "", unknown=True, suggestion=_near(name, FILTERS)))
        elif text or not lenient:
            try:
                values[name] = parameter.read(text, vocabulary)
            except Invalid as error:
                faults.append(Fault(name, text, error.expected, suggestion=error.suggestion))
    if faults:
        raise BadParameters(faults)
    return Filters(**values)


def _merge_form_dates(given: dict[str, list[str]]) -> None:
    ends = [next(iter(given.pop(name, [])), "").strip() for name in ("from", "to")]
    if any(ends):
        given["datetime"] = ["/".join(end or ".." for end in ends)]
