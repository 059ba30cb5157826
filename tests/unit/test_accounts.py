"""Who says what, and where two parties contradict each other."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp import accounts, reference
from geoapp.config import resource
from geoapp.incident import Incident, Report
from geoapp.kinds import DateRange, NumberRange

REFERENCE = reference.read(resource("data"))
GEORGIA, OSSETIA, RUSSIA, MONITORS, RESIDENTS, MEDIA = REFERENCE.parties


def said(by: str | None, **claims: Any) -> Report:
    usual = {
        "source_url": "https://example.org/", "source_publisher": "Paper", "source_language": "en",
        "statement": "It happened.", "attributed_to": by,
    }  # fmt: skip
    return Report(**(usual | claims))


def incident(*reports: Report, status: str = "uncontested") -> Incident:
    return Incident(
        id="2019-08-24-some", date=date(2019, 8, 24), date_precision="day", title="Some", summary="Some.",
        category="detention", place="Tsnelisi", location_precision="village", actors=(), status=status,
        reports=reports,
    )  # fmt: skip


def days(first: int, last: int | None = None) -> DateRange:
    return DateRange(date(2019, 8, first), date(2019, 8, last or first))


def people(low: int, high: int | None = None) -> NumberRange:
    return NumberRange(low, high or low)


def compared(*reports: Report) -> list[accounts.Difference]:
    return accounts.differences(incident(*reports), REFERENCE)


# By party


def test_every_party_has_a_column_in_the_fixed_order() -> None:
    found = accounts.by_party(incident(said("SO_KGB"), said("GE_MFA")), REFERENCE)
    assert [account.party for account in found] == list(REFERENCE.parties)
    assert [len(account.voices) for account in found] == [1, 1, 0, 0, 0, 0]
    assert [account.label for account in found] == [party.label for party in REFERENCE.parties.values()]


def test_a_blank_speaker_is_the_publisher_under_media_and_other() -> None:
    [media] = [each for each in accounts.by_party(incident(said(None)), REFERENCE) if each.voices]
    assert media.party == MEDIA
    assert [voice.speaker for voice in media.voices] == ["Paper"]


def test_a_speaker_has_the_name_of_the_actor() -> None:
    georgia = accounts.by_party(incident(said("GE_MFA")), REFERENCE)[0]
    assert [voice.speaker for voice in georgia.voices] == ["Ministry of Foreign Affairs of Georgia"]


def test_a_resident_never_stands_under_a_government() -> None:
    assert accounts.parties(incident(said("GE_LOCAL")), REFERENCE) == (RESIDENTS,)


def test_withdrawn_reports_are_left_out_everywhere() -> None:
    told = incident(
        said("GE_MFA", claimed_people=people(3), source_publisher="One"),
        said("SO_KGB", claimed_people=people(4), source_publisher="Two", report_status="retracted"),
    )
    assert accounts.parties(told, REFERENCE) == (GEORGIA,)
    assert accounts.badge(told, REFERENCE) == (1, 1)
    assert accounts.derived_status(told) == "single_source"
    assert not accounts.differs(told, REFERENCE)


def test_voices_are_oldest_first_and_undated_last_with_the_number_of_their_source() -> None:
    told = incident(
        said("GE_MFA"),
        said("SO_KGB"),
        said("GE_PM", source_date=date(2019, 9, 2)),
        said("GE_MIA", source_date=date(2019, 9, 1)),
    )
    assert [voice.number for voice in accounts.by_party(told, REFERENCE)[0].voices] == [4, 3, 1]


@pytest.mark.parametrize(("publishers", "status"), [(["A"], "single_source"), (["A", "A"], "single_source"),
                                                    (["A", "B"], "uncontested")])  # fmt: skip
def test_the_status_follows_from_the_publishers(publishers: list[str], status: str) -> None:
    told = incident(*(said("GE_MFA", source_publisher=name) for name in publishers))
    assert accounts.derived_status(told) == status


# Differences


def test_the_post_of_august_2019_is_compared_as_its_page_says() -> None:
    [dates, from_line, from_village] = compared(
        said("EUMM", claimed_date=days(20, 24), claimed_distance_m=people(240), claimed_distance_from="line"),
        said("SO_GOV", claimed_date=days(24)),
        said("SO_KGB", claimed_distance_m=people(200, 300), claimed_distance_from="Tsnelisi"),
        said("SO_MFA", claimed_date=days(23)),
        said(
            None, claimed_date=days(30), claimed_distance_m=NumberRange(0, 3000), claimed_distance_from="line"
        ),
        said(None, claimed_date=days(29)),
    )
    assert (dates.field, dates.verdict, dates.amount, dates.unit) == ("date", "differs", (5, 10), "days")
    assert dates.parties == (OSSETIA, MONITORS, MEDIA)
    assert [(pair.second, pair.amount, pair.order) for pair in dates.of(MEDIA)] == [
        (OSSETIA, (5, 7), 1),
        (MONITORS, (5, 10), 1),
    ]
    assert [(pair.second, pair.amount, pair.order) for pair in dates.of(OSSETIA)] == [(MEDIA, (5, 7), -1)]
    assert (from_line.origin, from_line.verdict, from_line.reason) == ("line", "agrees", None)
    assert from_line.stated_differently and from_line.overlapping(MONITORS) == [MEDIA]
    assert (from_village.origin, from_village.verdict) == ("Tsnelisi", "not_compared")
    assert from_village.reason == "one_party"


def test_one_fewer_and_one_more() -> None:
    [number] = compared(said("GE_SSSG", claimed_people=people(3)), said("SO_KGB", claimed_people=people(4)))
    assert (number.field, number.unit, number.amount) == ("people", "people", (1, 1))
    assert [pair.order for pair in number.of(GEORGIA)] == [-1]
    assert [pair.order for pair in number.of(OSSETIA)] == [1]
    assert number.of(MEDIA) == []


def test_intervals_that_touch_overlap() -> None:
    [number] = compared(
        said("GE_SSSG", claimed_people=people(4, 5)), said("SO_KGB", claimed_people=people(5, 9))
    )
    assert (number.verdict, number.amount, number.parties, number.reason) == ("agrees", None, (), None)


def test_the_same_values_are_not_stated_differently_and_overlapping_ones_are_no_difference() -> None:
    [same] = compared(said("GE_SSSG", claimed_people=people(4)), said("SO_KGB", claimed_people=people(4)))
    assert same.verdict == "agrees" and not same.stated_differently
    assert same.overlapping(GEORGIA) == []
    wide = [said("GE_SSSG", claimed_people=people(4)), said("SO_KGB", claimed_people=people(4, 5))]
    assert not accounts.differs(incident(*wide), REFERENCE)
    [overlapping] = compared(*wide)
    assert overlapping.stated_differently
    assert (overlapping.overlapping(GEORGIA), overlapping.overlapping(OSSETIA)) == ([OSSETIA], [GEORGIA])


def test_two_spellings_of_one_place_are_one_statement() -> None:
    [place] = compared(said("GE_SSSG", claimed_place="Tsnelisi"), said("SO_KGB", claimed_place="Uista"))
    assert place.verdict == "agrees" and not place.stated_differently


def test_two_voices_of_one_party_do_not_make_a_difference() -> None:
    [number] = compared(said("GE_SSSG", claimed_people=people(3)), said("GE_MFA", claimed_people=people(9)))
    assert (number.verdict, number.reason) == ("not_compared", "one_party")


def test_parties_agree_when_any_of_their_values_do() -> None:
    [number] = compared(
        said("GE_SSSG", claimed_people=people(3)),
        said("GE_MFA", claimed_people=people(4)),
        said("SO_KGB", claimed_people=people(4)),
    )
    assert number.verdict == "agrees"


def test_values_on_both_sides_have_no_order() -> None:
    [number] = compared(
        said("GE_SSSG", claimed_people=people(3)),
        said("GE_MFA", claimed_people=people(9)),
        said("SO_KGB", claimed_people=people(5)),
    )
    assert (number.amount, [pair.order for pair in number.pairs]) == ((2, 4), [0])


def test_equal_values_of_a_party_are_one_claim_with_all_its_sources() -> None:
    [number] = compared(said("GE_SSSG", claimed_people=people(3)), said("GE_MFA", claimed_people=people(3)))
    assert [claim.numbers for claim in number.claimed_by(GEORGIA)] == [(1, 2)]


def test_distances_are_compared_from_one_point_only() -> None:
    reports = [
        said("GE_MFA", claimed_distance_m=people(300), claimed_distance_from="Tsnelisi"),
        said("SO_KGB", claimed_distance_m=people(800), claimed_distance_from="Уиста"),
    ]
    [same] = compared(*reports)
    assert (same.origin, same.verdict, same.amount, same.unit) == (
        "Tsnelisi",
        "differs",
        (500, 500),
        "metres",
    )
    [line, village] = compared(
        reports[0], said("SO_KGB", claimed_distance_m=people(800), claimed_distance_from="line")
    )
    assert [line.verdict, village.verdict] == ["not_compared", "not_compared"]


def test_distances_from_no_stated_point_are_not_compared() -> None:
    [found] = compared(
        said("GE_MFA", claimed_distance_m=people(300)), said("SO_KGB", claimed_distance_m=people(800))
    )
    assert (found.origin, found.verdict, found.reason) == (None, "not_compared", "not_comparable")


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("Tsnelisi", "Uista", "agrees"),
        ("Tsnelisi", "წნელისი", "agrees"),
        ("Tsnelisi", "Chorchana", "differs"),
        ("Cholto gorge", "cholto  gorge", "agrees"),
        ("Cholto gorge", "Lopan", "differs"),
    ],
)
def test_places_are_compared_by_what_their_names_mean(one: str, other: str, verdict: str) -> None:
    [place] = compared(said("GE_MFA", claimed_place=one), said("SO_KGB", claimed_place=other))
    assert (place.field, place.verdict, place.amount) == ("place", verdict, None)


def test_claimed_points_are_compared_in_metres_rounded_outward() -> None:
    def at(latitude: float) -> dict[str, float]:
        return {"claimed_longitude": 44.0, "claimed_latitude": latitude}

    [place] = compared(said("GE_MFA", **at(42.0)), said("SO_KGB", **at(42.01)))  # 1,110.7 m of meridian
    assert (place.verdict, place.amount, place.unit) == ("differs", (1_100, 1_200), "metres")
    [near] = compared(said("GE_MFA", **at(42.0)), said("SO_KGB", **at(42.0008)))  # 89 m
    assert near.verdict == "agrees"
    [mixed] = compared(said("GE_MFA", **at(42.0)), said("SO_KGB", claimed_place="Tsnelisi"))
    assert (mixed.verdict, mixed.reason) == ("not_compared", "not_comparable")


def test_no_claims_are_no_differences() -> None:
    assert compared(said("GE_MFA"), said("SO_KGB")) == []


def test_differs_by_status_or_by_claims() -> None:
    plain = said("GE_MFA", claimed_people=people(3))
    assert not accounts.differs(incident(plain), REFERENCE)
    assert accounts.differs(incident(plain, status="disputed"), REFERENCE)
    assert accounts.differs(incident(plain, said("SO_KGB", claimed_people=people(4))), REFERENCE)


RANGES = st.tuples(st.integers(0, 30), st.integers(0, 5)).map(lambda pair: NumberRange(pair[0], sum(pair)))
SPEAKERS = st.sampled_from(["GE_MFA", "GE_SSSG", "SO_KGB", "EUMM", None])
REPORTS = st.lists(
    st.tuples(SPEAKERS, RANGES).map(lambda told: said(told[0], claimed_people=told[1])), max_size=8
)


@given(REPORTS)
def test_a_difference_is_symmetric_and_its_amount_spans_every_pair_of_values(reports: list[Report]) -> None:
    for found in compared(*reports):
        for pair in found.differing:
            [turned] = [each for each in found.of(pair.second) if each.second == pair.first]
            assert (turned.amount, turned.order) == (pair.amount, -pair.order)
            for one in found.claimed_by(pair.first):
                for other in found.claimed_by(pair.second):
                    low, high, *_ = (one.value, other.value)
                    values = sorted([low, high])  # type: ignore[type-var]
                    gap = [later[0] - earlier[1] for earlier, later in pairwise(values)][0]
                    assert pair.amount.low <= gap <= pair.amount.high  # type: ignore[union-attr]


@given(REPORTS)
def test_the_order_of_the_reports_changes_nothing_but_the_numbers(reports: list[Report]) -> None:
    def told(listed: list[Report]) -> list[Any]:
        return [(found.field, found.verdict, found.amount, found.pairs) for found in compared(*listed)]

    assert told(reports) == told(reports[::-1])
