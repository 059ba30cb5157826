"""Kinds: text that is a value parses, everything else is refused with what was expected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp import kinds
from geoapp.kinds import DateRange, Invalid, Kind, NumberRange

DAY_VALUES = st.dates()
RANGES = st.tuples(DAY_VALUES, DAY_VALUES).map(lambda pair: DateRange(*sorted(pair)))
AMOUNTS = st.tuples(st.integers(0, 999_999_999), st.integers(0, 999_999_999)).map(
    lambda pair: NumberRange(*sorted(pair))
)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (kinds.DAY, DAY_VALUES),
        (kinds.DAYS, RANGES),
        (kinds.AMOUNT, AMOUNTS),
        (kinds.LATITUDE, st.integers(-90_000_000, 90_000_000).map(lambda micro: micro / 1e6)),
        (kinds.LONGITUDE, st.integers(-180_000_000, 180_000_000).map(lambda micro: micro / 1e6)),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_text_and_json_give_back_the_value(kind: Kind, values: st.SearchStrategy[object]) -> None:
    @given(values)
    def round_trip(value: object) -> None:
        assert kind.parse(kind.format(value)) == value
        assert kind.from_json(kind.to_json(value)) == value

    round_trip()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (kinds.DAY, "2019-02-30"),
        (kinds.DAY, "24.08.2019"),
        (kinds.DAY, "٢٠١٩-٠٨-٢٤"),
        (kinds.DAYS, "2019-08-24/2019-08-20"),
        (kinds.DAYS, "2019-08-24/"),
        (kinds.AMOUNT, "9/7"),
        (kinds.AMOUNT, "-1"),
        (kinds.AMOUNT, "1e3"),
        (kinds.LATITUDE, "90.1"),
        (kinds.LATITUDE, "nan"),
        (kinds.LATITUDE, "inf"),
        (kinds.LATITUDE, "42,1"),
        (kinds.LONGITUDE, "-181"),
        (kinds.TIME, "24:00"),
        (kinds.TIME_ZONE, "+4"),
        (kinds.LANGUAGE, "eng"),
        (kinds.ID, "Ab"),
        (kinds.ID, "-abc"),
        (kinds.ID, "a" * 101),
        (kinds.REPORT_ID, "some-id/0"),
        (kinds.CODES, "GE_GOV;GE_GOV"),
        (kinds.CODES, "GE_GOV;"),
        (kinds.STATUS, "true"),
        (kinds.LINE, "two\nlines"),
        (kinds.TEXT, "nul\x00"),
        (kinds.TEXT, "\ud800"),
        (kinds.TEXT, "x" * (kinds.MAX_TEXT + 1)),
    ],
)
def test_other_text_is_refused_with_what_was_expected(kind: Kind, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        kind.parse(text)
    assert refused.value.expected


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "/relative",
        "//host/path",
        "ftp://host/",
        "http://",
        "https:///path",
        "http://user:secret@host/",
        "https://host/a b",
        "https://host/\x00",
        'https://host/"onmouseover=',
        "https://[::1",
        "http://host:port/",
        "https://host/\u202egpj.exe",
        "https://host/\u2067x",
        "https://ho\u200bst/",
        "https://host/\ufeff",
        "https://host/\x9b",
        "https://host/\ufffe",
        "https://host/" + "x" * kinds.MAX_TEXT,
        "https://host:1/" + "x" * kinds.MAX_TEXT,
    ],
)
def test_an_address_that_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        kinds.parse_url(address)


@given(
    st.text("abZ09.-_~:/?#[]@!$&'()*+,;=%{}<>\\\" \t\n\x00\x7f\u00a0\u2028\u202e\u10d0\ud800", max_size=30)
)
def test_the_quick_way_takes_no_address_that_the_careful_way_refuses(rest: str) -> None:
    for start in ("http://", "https://", "https://a"):
        try:
            careful = kinds._parse_any_url(start + rest)
        except Invalid:
            careful = None
        try:
            assert kinds.parse_url(start + rest) == careful
        except Invalid:
            assert careful is None


@pytest.mark.parametrize("address", ["https://example.org/a?b=c#d", "http://ka.wikipedia.org/wiki/ჩორჩანა"])
def test_a_web_address_is_kept_unchanged(address: str) -> None:
    assert kinds.parse_url(address) == address


@pytest.mark.parametrize(
    "text", ["{{7*191}}", "{% if", "<script>alert(1)</script>", "=1+1", "ა\u0301", "a\tb"]
)
def test_free_text_is_kept_as_it_is(text: str) -> None:
    assert kinds.TEXT.parse(text) == text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("42,2083", "42.2083"),
        ("42°12′30″N", "42.208333"),
        ("42° 12' 30\" S", "-42.208333"),
        ("N 42°12.5'", "42.208333"),
        ("-42°30′", "-42.5"),
        ("42°75′", None),
        ("near Ergneti", None),
    ],
)
def test_degrees_written_otherwise_are_refused_with_what_they_would_be(text: str, meant: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        kinds.LATITUDE.parse(text)
    assert refused.value.suggestion == meant


@given(st.integers(0, 89), st.integers(0, 59), st.integers(0, 59), st.sampled_from("NS"))
def test_what_degrees_minutes_and_seconds_would_be_is_a_latitude(
    degrees: int, minutes: int, seconds: int, side: str
) -> None:
    with pytest.raises(Invalid) as refused:
        kinds.LATITUDE.parse(f"{degrees}°{minutes}′{seconds}″{side}")
    assert refused.value.suggestion is not None
    value = kinds.LATITUDE.parse(refused.value.suggestion)
    sign = -1 if side == "S" else 1
    assert value == pytest.approx(sign * (degrees + minutes / 60 + seconds / 3600), abs=1e-6)


@pytest.mark.parametrize(("text", "day"), [("44000", "2020-06-18"), ("4400", None), ("94000", None)])
def test_a_day_as_spreadsheets_count_is_refused_with_the_day_that_it_is(text: str, day: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        kinds.DAY.parse(text)
    assert refused.value.suggestion == day


def test_degrees_are_written_with_at_most_six_decimals() -> None:
    assert kinds.format_degrees(42.0) == "42"
    assert kinds.format_degrees(42.1234567) == "42.123457"
    assert kinds.LATITUDE.parse("-0.0000001") == 0
