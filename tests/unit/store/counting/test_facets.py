from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from geoapp.query import Filters
from geoapp.store.counting.facets import FACETS, total_of
from tests.unit.store.building import a_record, a_report, put

CATEGORIES = ("drone", "detention", "release")


@pytest.fixture(scope="module")
def filled(lasting):
    """Every combination of category, status and publisher once."""
    combined = product(CATEGORIES, ("disputed", "retracted", "uncontested"), ("One", "Two"))
    put(
        lasting,
        *(
            a_record(
                f"post-{number:02}",
                date=date(2019, 8, 1 + number % 5),
                category=category,
                status=status,
                reports=(a_report(report_id=f"post-{number:02}/1", source_publisher=publisher),),
                joined={} if publisher == "One" else {"longitude": None, "latitude": None},
            )
            for number, (category, status, publisher) in enumerate(combined)
        ),
    )
    return lasting


def test_every_group_is_counted_with_its_own_choice_left_out(filled):
    filters = Filters(category=("drone",), status=("disputed",), publisher=("One",))
    facets = filled.facets(filters)
    assert facets["category"] == {"detention": 1, "drone": 1, "release": 1}
    assert facets["group"] == {"people_held": 2, "airspace": 1}
    assert facets["status"] == {"disputed": 1, "retracted": 1, "uncontested": 1}
    assert facets["publisher"] == {"One": 1, "Two": 1}
    assert facets["located"] == {"true": 1}
    assert facets["actor"] == {"GE_GOV": 1}


def test_the_tree_of_categories_is_counted_as_one(filled):
    facets = filled.facets(Filters(group=("people_held",), category=("detention",)))
    assert facets["category"] == {"detention": 4, "drone": 4, "release": 4}
    assert facets["group"] == {"people_held": 8, "airspace": 4}
    assert facets["publisher"] == {"One": 2, "Two": 2}


def test_retracted_records_show_in_the_status_alone(filled):
    facets = filled.facets(Filters())
    assert facets["status"] == {"disputed": 6, "retracted": 6, "uncontested": 6}
    assert facets["category"] == {"detention": 4, "drone": 4, "release": 4}
    assert facets["party"] == {"georgian_authorities": 12}
    assert facets["located"] == {"false": 6, "true": 6}
    assert filled.facets(Filters(status=("retracted",)))["actor"] == {"GE_GOV": 6}


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(q="post"),
        Filters(category=("drone",), located=True),
        Filters(differs=False, located=False),
        Filters(status=("retracted",), place=("Tsnelisi",)),
    ],
)
def test_each_count_is_the_length_of_the_list_behind_it(filled, filters):
    facets = filled.facets(filters)
    assert set(facets) == set(FACETS)
    assert total_of(facets, filters) == filled.count(filters)
    for name, counts in facets.items():
        others = filters.without(*(("category", "group") if name in ("category", "group") else (name,)))
        for code, number in counts.items():
            value = code == "true" if name in ("differs", "located") else (code,)
            assert filled.count(others.with_values(**{name: value})) == number, (name, code)


def test_days_count_what_begins_on_them(filled):
    days = filled.days(Filters(category=("drone",)))
    assert days == {date(2019, 8, 1): 2, date(2019, 8, 2): 1, date(2019, 8, 5): 1}
    assert sum(filled.days(Filters()).values()) == filled.count(Filters())
    assert filled.days(Filters(category=("protest",))) == {}
