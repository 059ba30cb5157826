"""The filter vocabulary: canonical queries round-trip, mistakes are named, pages are lenient."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.errors import BadParameters
from geoapp.kinds import Invalid
from geoapp.query import FILTERS, MAX_LIMIT, Filters, Vocabulary, parse_filters, read_bbox, read_days

VOCABULARY = Vocabulary(
    codes={
        "category": {"detention": "Detention", "release": "Release"},
        "group": {"people_held": "People held"},
        "publisher": {"Civil.ge": "Civil.ge", "A, B and C": "A, B and C"},
        "status": {"disputed": "Disputed"},
    },
    place_names={"tsnelisi": "Tsnelisi", "uista": "Tsnelisi"},
)


def parse(*pairs: tuple[str, str], lenient: bool = False) -> Filters:
    return parse_filters(pairs, VOCABULARY, lenient=lenient)


def test_values_of_a_name_are_alternatives_however_they_are_given() -> None:
    listed = parse(("category", "detention,release"))
    repeated = parse(("category", "detention"), ("category", "release"))
    assert listed == repeated == Filters(category=("detention", "release"))
    assert listed.to_pairs() == [("category", "detention,release")]


def test_a_comma_inside_a_value_is_escaped() -> None:
    filters = parse(("publisher", r"A\, B and C,Civil.ge"))
    assert filters.publisher == ("A, B and C", "Civil.ge")
    assert parse(*filters.to_pairs()) == filters


def test_a_place_is_found_by_any_name_and_written_in_english() -> None:
    assert parse(("place", "Uista")).place == ("Tsnelisi",)


@given(
    st.builds(
        Filters,
        bbox=st.none()
        | st.tuples(
            st.integers(-180, 180).map(float),
            st.integers(-90, 0).map(float),
            st.integers(-180, 180).map(float),
            st.integers(0, 90).map(float),
        ),
        datetime=st.none()
        | st.tuples(
            st.dates(max_value=datetime.date(2010, 1, 1)) | st.none(), st.dates(datetime.date(2010, 1, 1))
        ),
        category=st.sampled_from([(), ("detention",), ("release", "detention")]),
        differs=st.none() | st.booleans(),
        q=st.none()
        | st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=50),
        sortby=st.sampled_from([(), ("-date",), ("title", "-id")]),
        limit=st.none() | st.integers(1, MAX_LIMIT),
        offset=st.integers(0, 100),
    )
)
def test_the_canonical_query_gives_back_the_filters(filters: Filters) -> None:
    assert parse(*filters.to_pairs()) == filters


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bbox", "43,42,44"),
        ("bbox", "nan,42,44,43"),
        ("bbox", "43,44,44,42"),
        ("bbox", "43,42,181,43"),
        ("datetime", "2019-13-01"),
        ("datetime", "2019-09-01T25:00:00Z"),
        ("datetime", "2019-09-01T10:60:00Z"),
        ("datetime", "2019-09-01T\u0661\u0660:00:00Z"),
        ("datetime", "2019-09-01/2019-08-01"),
        ("datetime", ""),
        ("category", "kidnap"),
        ("place", "Atlantis"),
        ("differs", "yes"),
        ("limit", "0"),
        ("limit", "٣"),
        ("offset", "10001"),
        ("sortby", "colour"),
        ("q", "x" * 501),
    ],
)
def test_a_bad_value_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(BadParameters) as refused:
        parse((name, value))
    assert [fault.name for fault in refused.value.faults] == [name]
    assert refused.value.faults[0].expected


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(BadParameters) as refused:
        parse(("bbox", "x"), ("statsu", "disputed"), ("status", "disputd"))
    faults = {fault.name: fault for fault in refused.value.faults}
    assert faults["statsu"].unknown and faults["statsu"].suggestion == "status"
    assert faults["status"].suggestion == "disputed"
    assert "bbox" in faults


def test_pages_pass_over_unknown_and_empty_names_and_take_form_dates() -> None:
    filters = parse(("fbclid", "x"), ("q", " "), ("from", "2019-08-24"), ("to", ""), lenient=True)
    assert filters == Filters(datetime=(datetime.date(2019, 8, 24), None))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2019-08-24", ("2019-08-24", "2019-08-24")),
        ("2019-08-24/..", ("2019-08-24", None)),
        ("../2019-08-24", (None, "2019-08-24")),
        ("/2019-08-24", (None, "2019-08-24")),
        ("2019-08-24T10:00:00Z/2019-08-25T00:00:00.5+04:00", ("2019-08-24", "2019-08-25")),
        ("../..", (None, None)),
    ],
)
def test_datetime_reads_ogc_intervals(text: str, days: tuple[str | None, str | None]) -> None:
    assert read_days(text) == tuple(day and datetime.date.fromisoformat(day) for day in days)


def test_a_box_may_cross_the_antimeridian_and_carry_heights() -> None:
    assert read_bbox("170,-10,-170,10") == (170, -10, -170, 10)
    assert read_bbox("43,42,0,44,43,100") == (43, 42, 44, 43)
    with pytest.raises(Invalid):
        read_bbox("inf,0,1,1")


def test_more_than_the_largest_limit_gives_the_largest() -> None:
    assert parse(("limit", "99999")).limit == MAX_LIMIT


def test_every_name_has_a_meaning() -> None:
    assert list(FILTERS) == list(Filters.__dataclass_fields__)
    assert all(parameter.meaning.endswith(".") for parameter in FILTERS.values())


def test_an_order_named_again_orders_nothing_more():
    given = parse_filters([("sortby", ",".join(["title", "-date", "date", "title"] * 1000))], Vocabulary())
    assert given.sortby == ("title", "-date")


def test_a_long_value_is_not_sent_back_whole():
    with pytest.raises(BadParameters) as caught:
        parse_filters([("category", "x" * 100_000)], Vocabulary())
    assert len(str(caught.value.faults[0])) < 1000
