"""How each kind of value is parsed, formatted, stored and described: one table for every surface.

A kind never sees blank text: blank means "absent" (None) everywhere and is decided by the field.
`parse` and `format` are inverses on canonical text; `to_json` and `from_json` on values.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple, TypeVar
from urllib.parse import urlsplit

Sql = Literal["text", "integer", "real"]
Schema = Mapping[str, Any]
Bound = TypeVar("Bound", date, int)

CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]"
)  # C0, DEL and lone surrogates: no format carries them
ID_PATTERN = r"[a-z0-9][a-z0-9-]{2,99}"
LANGUAGE_PATTERN = r"[a-z]{2}"
MAX_TEXT = 20_000
# Excel counts 29 February 1900, a day that never was.
_SPREADSHEETS_BEGIN = date(1899, 12, 30)


class Invalid(ValueError):
    """A text is not a value of its kind; `expected` completes "expected ..."."""

    def __init__(self, expected: str, suggestion: str | None = None) -> None:
        self.expected, self.suggestion = expected, suggestion
        super().__init__(expected)


class DateRange(NamedTuple):
    """Whole days from `first` to `last`, both inclusive."""

    first: date
    last: date


class NumberRange(NamedTuple):
    """A number known to lie from `low` to `high`, both inclusive; equal when it is one value."""

    low: int
    high: int


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One sort of value; see the module for what its functions promise."""

    name: str
    description: str
    parse: Callable[[str], Any]
    format: Callable[[Any], str] = str
    to_json: Callable[[Any], Any] = _same
    from_json: Callable[[Any], Any] = _same
    json_schema: Schema
    sql: Sql = "text"
    numeric: bool = False


def _counted_day(text: str) -> str | None:
    """The day that a spreadsheet means by a bare number, from 1954 to 2064; None for anything else."""
    if not re.fullmatch(r"[2-5][0-9]{4}", text):
        return None
    return (_SPREADSHEETS_BEGIN + timedelta(days=int(text))).isoformat()


def parse_day(text: str) -> date:
    """A calendar day written YYYY-MM-DD; raises Invalid."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise Invalid("a day written YYYY-MM-DD", _counted_day(text))
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("a day that exists, written YYYY-MM-DD") from error


def _parse_line(text: str) -> str:
    if CONTROL.search(text) or "\n" in text or "\r" in text or "\t" in text:
        raise Invalid("text on one line without control characters")
    return _parse_text(text)


def _parse_text(text: str) -> str:
    if found := CONTROL.search(text):
        raise Invalid(f"text without control characters (U+{ord(found.group()):04X} is one)")
    if len(text) > MAX_TEXT:
        raise Invalid(f"at most {MAX_TEXT} characters, this has {len(text)}")
    return text


def _written(name: str, pattern: str, expected: str, description: str) -> Kind:
    """Text of one form: the pattern that is read by is the one that the JSON Schema gives."""
    compiled = re.compile(pattern)

    def parse(text: str) -> str:
        if not compiled.fullmatch(text):
            raise Invalid(expected)
        return text

    schema = {"type": "string", "pattern": f"^{pattern}$"}
    return Kind(name=name, description=description, parse=parse, json_schema=schema)


# What ends an address, and what shows nothing or turns the text round: it must lead where it seems to.
_NOT_IN_URL = r'\s<>"\\^`{|}\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff'
_NOT_IN_URL += r"\ud800-\udfff\ufff9-\uffff"
# The shape of nearly every address: a plain host, neither port nor user name, nothing that is refused.
_PLAIN_URL = re.compile(rf"https?://[A-Za-z0-9.-]+(?:[/?#][^{_NOT_IN_URL}]*)?")


def parse_url(text: str) -> str:
    """An absolute http or https address with a host; anything else raises Invalid."""
    return text if len(text) <= MAX_TEXT and _PLAIN_URL.fullmatch(text) else _parse_any_url(text)


def _parse_any_url(text: str) -> str:
    expected = "an address that starts with http:// or https://"
    if re.search(f"[{_NOT_IN_URL}]", _parse_text(text)):
        raise Invalid(expected + ", without spaces, quotes, brackets or characters that cannot be seen")
    try:
        parts = urlsplit(text)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError as error:
        raise Invalid(expected) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_valid:
        raise Invalid(expected)
    if parts.username is not None or parts.password is not None:
        raise Invalid(expected + ", without a user name in it")
    return text


def _degrees(limit: int, what: str) -> Callable[[str], float]:
    def parse(text: str) -> float:
        expected = f"{what} in decimal degrees from -{limit} to {limit}, with a point"
        if not re.fullmatch(r"[+-]?[0-9]{1,3}(\.[0-9]+)?", text):
            raise Invalid(expected, _in_decimals(text))
        value = float(text)
        if not (math.isfinite(value) and -limit <= value <= limit):
            raise Invalid(expected)
        return round(value, 6) + 0.0

    return parse


_ANGLE = re.compile(
    r"""(?P<sign>[NSEW+-]?)\s*(?P<degrees>[0-9]{1,3}(?:[.,][0-9]+)?)\s*°?
    (?:\s*(?P<minutes>[0-5]?[0-9](?:[.,][0-9]+)?)\s*[′’'])?
    (?:\s*(?P<seconds>[0-5]?[0-9](?:[.,][0-9]+)?)\s*(?:[″”"]|′′|''))?\s*(?P<side>[NSEW]?)""",
    re.VERBOSE | re.IGNORECASE,
)


def _in_decimals(text: str) -> str | None:
    """What a decimal comma, or degrees, minutes and seconds, would be in decimal degrees; None: neither."""
    found = _ANGLE.fullmatch(text.strip())
    if found is None:
        return None
    parts = (float((found[name] or "0").replace(",", ".")) for name in ("degrees", "minutes", "seconds"))
    value = sum(part / unit for part, unit in zip(parts, (1, 60, 3600), strict=True))
    marks = {found["sign"].upper(), found["side"].upper()}
    return format_degrees(-value if marks & {"S", "W", "-"} else value)


def format_degrees(value: float) -> str:
    """Decimal degrees with at most 6 decimals and no exponent."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _parse_codes(text: str) -> tuple[str, ...]:
    codes = tuple(part.strip() for part in text.split(";"))
    if not all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,63}", code) for code in codes):
        raise Invalid("codes separated by ;")
    if len(set(codes)) != len(codes):
        raise Invalid("codes separated by ;, each of them once")
    return codes


def _ordered(low: Bound, high: Bound) -> None:
    if low > high:
        raise Invalid("an interval whose end is not before its start")


def _parse_date_range(text: str) -> DateRange:
    first, slash, last = text.partition("/")
    try:
        days = DateRange(parse_day(first), parse_day(last if slash else first))
    except Invalid as error:
        raise Invalid("a day, or an interval written YYYY-MM-DD/YYYY-MM-DD") from error
    _ordered(days.first, days.last)
    return days


def _parse_number_range(text: str) -> NumberRange:
    if not re.fullmatch(r"[0-9]{1,9}(/[0-9]{1,9})?", text):
        raise Invalid("a whole number, or an interval such as 7/9")
    low, _, high = text.partition("/")
    numbers = NumberRange(int(low), int(high or low))
    _ordered(numbers.low, numbers.high)
    return numbers


def _format_date_range(value: DateRange) -> str:
    return "/".join(day.isoformat() for day in dict.fromkeys(value))


def _format_number_range(value: NumberRange) -> str:
    return "/".join(str(number) for number in dict.fromkeys(value))


def choice(name: str, values: Mapping[str, str]) -> Kind:
    """A kind with a closed list of values; `values` maps each to its meaning."""
    listed = ", ".join(values)

    def parse(text: str) -> str:
        if text not in values:
            folded = text.strip().lower().replace(" ", "_")
            raise Invalid(f"one of {listed}", folded if folded in values else None)
        return text

    meanings = "; ".join(f"`{value}` {meaning}" for value, meaning in values.items())
    return Kind(
        name=name, description=f"One of: {meanings}.", parse=parse, json_schema={"enum": list(values)}
    )


LOCATION_PRECISIONS: Mapping[str, tuple[int, str]] = {
    "exact": (50, "a surveyed site, within 50 m"),
    "village": (1_500, "a village, within 1,500 m"),
    "area": (5_000, "the surroundings or one of several places, within 5 km"),
    "region": (25_000, "a district or region, within 25 km"),
}
STATUSES: Mapping[str, str] = {
    "uncontested": "no account found contradicts it; not a finding of fact",
    "single_source": "one publisher only",
    "disputed": "parties or monitors contradict each other on what happened or where",
    "retracted": "withdrawn by the editors; kept and marked",
}

TEXT = Kind(
    name="text",
    description="Free text; line breaks are kept.",
    parse=_parse_text,
    json_schema={"type": "string"},
)
LINE = Kind(
    name="line",
    description="Text on one line.",
    parse=_parse_line,
    json_schema={"type": "string", "pattern": r"^[^\r\n\t]*$"},
)
ID = _written(
    "id",
    ID_PATTERN,
    "3 to 100 of a-z, 0-9 and -, not starting with -",
    "Lower-case letters, digits and hyphens, 3 to 100 of them, not starting with a hyphen.",
)
REPORT_ID = _written(
    "report_id",
    ID_PATTERN + r"/[1-9][0-9]{0,5}",
    "the incident's id, a slash and a number, such as some-id/2",
    "The incident's id, a slash and a number that is never reused.",
)
CODE = _written(
    "code",
    r"[A-Za-z][A-Za-z0-9_]{0,63}",
    "a code: letters, digits and _",
    "A code of the list that the field names.",
)
CODES = Kind(
    name="codes",
    description="Codes separated by `;`.",
    parse=_parse_codes,
    format=";".join,
    to_json=list,
    from_json=tuple,
    json_schema={"type": "array", "items": {"type": "string"}, "uniqueItems": True},
)
DAY = Kind(
    name="day",
    description="A day, `YYYY-MM-DD`.",
    parse=parse_day,
    format=date.isoformat,
    to_json=date.isoformat,
    from_json=date.fromisoformat,
    json_schema={"type": "string", "format": "date"},
)
TIME = _written(
    "time",
    r"([01][0-9]|2[0-3]):[0-5][0-9]",
    "a time written HH:MM, 00:00 to 23:59",
    "A time of day as the source states it, `HH:MM`.",
)
TIME_ZONE = _written(
    "time_zone",
    r"[+-](0[0-9]|1[0-4]):[0-5][0-9]",
    "an offset such as +04:00 or +03:00",
    "`+04:00`, `+03:00`, or blank where the source does not state it.",
)
LANGUAGE = _written(
    "language",
    LANGUAGE_PATTERN,
    "a language code of two small letters (ISO 639-1), such as en",
    "ISO 639-1 code of the language.",
)
URL = Kind(
    name="url",
    description="An http or https address.",
    parse=parse_url,
    json_schema={"type": "string", "format": "uri", "pattern": "^https?://"},
)
LATITUDE = Kind(
    name="latitude",
    description="Decimal degrees north, WGS 84, at most 6 decimals.",
    parse=_degrees(90, "a latitude"),
    format=format_degrees,
    json_schema={"type": "number", "minimum": -90, "maximum": 90},
    sql="real",
    numeric=True,
)
LONGITUDE = Kind(
    name="longitude",
    description="Decimal degrees east, WGS 84, at most 6 decimals.",
    parse=_degrees(180, "a longitude"),
    format=format_degrees,
    json_schema={"type": "number", "minimum": -180, "maximum": 180},
    sql="real",
    numeric=True,
)
DAYS = Kind(
    name="days",
    description="A day, or an interval `YYYY-MM-DD/YYYY-MM-DD`.",
    parse=_parse_date_range,
    format=_format_date_range,
    to_json=_format_date_range,
    from_json=_parse_date_range,
    json_schema={"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}(/[0-9]{4}-[0-9]{2}-[0-9]{2})?$"},
)
AMOUNT = Kind(
    name="amount",
    description="A whole number, or an interval such as `7/9`.",
    parse=_parse_number_range,
    format=_format_number_range,
    to_json=_format_number_range,
    from_json=_parse_number_range,
    json_schema={"type": "string", "pattern": "^[0-9]{1,9}(/[0-9]{1,9})?$"},
    numeric=True,
)
DATE_PRECISION = choice(
    "date_precision",
    {"day": "the day is known", "month": "only the month is known", "year": "only the year is known"},
)
LOCATION_PRECISION = choice(
    "location_precision", {code: meaning for code, (_, meaning) in LOCATION_PRECISIONS.items()}
)
STATUS = choice("status", STATUSES)
REPORT_STATUS = choice("report_status", {"retracted": "withdrawn by the editors; kept and marked"})
METRES = Kind(
    name="metres",
    description="Whole metres.",
    parse=int,
    json_schema={"type": "integer", "minimum": 0},
    sql="integer",
    numeric=True,
)
COUNT = Kind(
    name="count",
    description="A whole number.",
    parse=int,
    json_schema={"type": "integer", "minimum": 0},
    sql="integer",
    numeric=True,
)
FLAG = Kind(
    name="flag",
    description="true or false.",
    parse=lambda text: text == "true",
    format=lambda value: "true" if value else "false",
    json_schema={"type": "boolean"},
    sql="integer",
)
CROSSINGS = Kind(
    name="crossings",
    description="Crossing points that could be the nearest: id, name, interval in metres, state on the day.",
    parse=lambda text: (),
    to_json=list,
    from_json=tuple,
    json_schema={"type": "array", "items": {"type": "object"}},
)
