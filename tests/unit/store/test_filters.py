from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from geoapp.query import Filters, parse_filters
from geoapp.store import Store
from geoapp.store.dialect import dialect_of
from tests import engines
from tests.unit.store.building import a_record, a_report, put

NO_POINT = {
    "longitude": None,
    "latitude": None,
    "location_origin": None,
    "location_radius_m": None,
    "place_id": None,
}
RECORDS = (
    a_record(
        "a-post",
        title="Post at Tsnelisi",
        joined={"areas": ("aoi-chorchana-tsnelisi",)},
    ),
    a_record(
        "b-drone",
        date=date(2019, 9, 1),
        title="Drone over Kobi",
        category="drone",
        place="Kobi",
        actors=("SO_GOV", "RU_FORCES"),
        status="disputed",
        location_precision="area",
        reports=(
            a_report(
                report_id="b-drone/1",
                attributed_to="SO_GOV",
                source_publisher="Res, the agency",
                source_language="ru",
            ),
            a_report(
                report_id="b-drone/2",
                source_publisher="Civil.ge",
                source_language="ka",
                statement="დრონი ჩამოაგდეს",
            ),
        ),
        joined={"longitude": 179.5, "latitude": 41.0, "place_id": "place-kobi", "differs": True},
    ),
    a_record(
        "c-month",
        date=date(2019, 9, 1),
        date_precision="month",
        title="Talks in a month",
        category="negotiation",
        place="Somewhere unnamed",
        location_precision="region",
        joined=NO_POINT,
    ),
    a_record("d-gone", title="Withdrawn", status="retracted", joined={"longitude": 44.5, "latitude": 42.5}),
    a_record(
        "e-fence",
        date=date(2020, 1, 10),
        end_date=date(2020, 2, 10),
        title="Fence",
        category="barrier_works",
        place="Odzisi",
        joined={"longitude": -179.5, "latitude": 41.0, "place_id": "place-odzisi"},
        reports=(
            a_report(
                report_id="e-fence/1",
                report_status="retracted",
                source_publisher="Gone",
                source_language="de",
            ),
            a_report(report_id="e-fence/2", source_title="Zäune am Fluss"),
        ),
    ),
)


@pytest.fixture(scope="module")
def filled(lasting):
    put(lasting, *RECORDS)
    return lasting


BOXES = (
    (Filters(bbox=(43.6, 42.2, 43.6, 42.2)), "a"),
    (Filters(bbox=(43.600001, 42.2, 44.0, 42.3)), ""),
    (Filters(bbox=(-180, -90, 180, 90)), "abe"),
    (Filters(bbox=(179, 40, -179, 42)), "be"),
)


@pytest.mark.parametrize(
    ("filters", "letters"),
    [
        (Filters(), "abce"),
        (Filters(category=("drone", "negotiation")), "bc"),
        (Filters(group=("barriers",)), "e"),
        (Filters(group=("airspace", "barriers"), category=("drone",)), "b"),
        (Filters(actor=("SO_GOV",)), "b"),
        (Filters(actor=("SO_GOV", "GE_GOV")), "abce"),
        (Filters(party=("south_ossetian_authorities",)), "b"),
        (Filters(publisher=("Res, the agency",)), "b"),
        (Filters(publisher=("Gone",)), ""),
        (Filters(language=("ru", "de")), "b"),
        (Filters(status=("retracted",)), "d"),
        (Filters(status=("retracted", "disputed")), "bd"),
        (Filters(place=("Tsnelisi",)), "a"),
        (Filters(place=("წნელისი",)), "a"),
        (Filters(place=("Uista", "somewhere UNNAMED")), "ac"),
        (Filters(area=("aoi-chorchana-tsnelisi",)), "a"),
        (Filters(precision=("area", "region")), "bc"),
        (Filters(differs=True), "b"),
        (Filters(differs=False), "ace"),
        (Filters(located=True), "abe"),
        (Filters(located=False), "c"),
        *BOXES,
        (Filters(datetime=(date(2019, 8, 24), date(2019, 8, 24))), "a"),
        (Filters(datetime=(date(2019, 9, 15), date(2019, 9, 15))), "c"),
        (Filters(datetime=(None, date(2019, 8, 31))), "a"),
        (Filters(datetime=(date(2020, 2, 10), None)), "e"),
        (Filters(datetime=(date(2020, 2, 11), None)), ""),
        (Filters(category=("drone",), q="fence"), ""),
    ],
)
def test_every_name_of_the_vocabulary_narrows(filled, filters, letters):
    assert "".join(sorted(identifier[0] for identifier in filled.ids(filters))) == letters
    assert filled.count(filters) == len(letters)


@pytest.mark.parametrize(("filters", "letters"), BOXES)
@pytest.mark.parametrize("least", [-1, 1_000])
def test_a_wide_box_and_a_narrow_one_are_found_alike(shipped, address, monkeypatch, least, filters, letters):
    monkeypatch.setattr("geoapp.store.counting.meaning.LEAST_WIDE", least)
    monkeypatch.setattr("geoapp.store.counting.meaning.WIDE_SHARE", 1_000_000)
    with Store.open(address) as store:
        store.save_reference(shipped)
        put(store, *RECORDS)
        assert "".join(sorted(identifier[0] for identifier in store.ids(filters))) == letters
        assert store.count(filters) == len(letters)
        assert store.items.page(replace(filters, limit=10)).matched == len(letters)


@engines.sqlite_only
def test_a_wide_box_is_one_with_more_points_than_are_allowed(filled):
    with filled.reading() as connection:
        more = [
            dialect_of("sqlite").has_more_in_box(connection, (179, 40, -179, 42), most) for most in (1, 2)
        ]
    assert more == [True, False]


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        ("POST AT", "a"),
        ("tsnel", "a"),
        ("Цнелис", "a"),
        ("წნელისი", "a"),
        ("ᲬᲜᲔᲚᲘᲡᲘ", "a"),
        ("დრონი", "b"),
        ("droni", "b"),
        ("Zaune", "e"),
        ("agency", "b"),
        ("drone kobi", "b"),
        ("drone fence", ""),
        ("tal", "c"),
        ("Gone", ""),
        ('"', ""),
        ("' -- ; (", ""),
        ('fence" OR "drone', ""),
        ("fence NOT drone", ""),
        ("words:fence", ""),
        ("fence*", "e"),
        ("NEAR(fence drone)", ""),
        ("{fence} ^drone", ""),
        ("%", ""),
    ],
)
def test_text_is_found_in_every_script_and_never_read_as_a_query_language(filled, words, letters):
    assert "".join(sorted(identifier[0] for identifier in filled.ids(Filters(q=words)))) == letters


def test_a_retracted_record_is_still_read_by_id(filled):
    assert filled.get("d-gone").incident.status == "retracted"


def test_what_a_query_string_says_is_what_is_found(filled):
    vocabulary = filled.vocabulary()
    pairs = [
        ("place", "უისტა,Цнелиси"),
        ("publisher", "Res\\, the agency,Example"),
        ("datetime", "2019-08-24"),
    ]
    with_alias = parse_filters(pairs[1:], vocabulary)
    assert filled.ids(with_alias) == ["a-post"]
    assert parse_filters([("place", "Uista")], vocabulary).place == ("Tsnelisi",)
    assert parse_filters([("place", "somewhere unnamed")], vocabulary).place == ("Somewhere unnamed",)


def test_the_vocabulary_knows_what_is_in_use_after_each_commit(store):
    assert store.vocabulary().codes["publisher"] == {}
    put(store, a_record("f-new", place="Newplace", joined=NO_POINT))
    assert store.vocabulary().codes["publisher"] == {"Example": "Example"}
    assert store.vocabulary().place_names["newplace"] == "Newplace"
