"""How many publishers were found, by month and year."""

from datetime import date

from geoapp.query import Filters
from tests.unit.store.building import a_record, a_report, put


def of(identifier, *publishers, **values):
    named = enumerate(publishers, 1)
    reports = tuple(a_report(report_id=f"{identifier}/{n}", source_publisher=name) for n, name in named)
    return a_record(identifier, reports=reports, **values)


def test_each_publisher_counts_once_for_a_month_and_once_for_a_year(store):
    put(
        store,
        of("post-1", "One", "Two", "One"),
        of("post-2", "Two", "Three", date=date(2019, 8, 31)),
        of("post-3", "One", date=date(2019, 9, 1)),
    )
    assert store.items.coverage() == {"2019": 3, "2019-08": 3, "2019-09": 1}


def test_a_date_that_covers_whole_years_counts_for_no_month(store):
    put(
        store,
        of("post-1", "One", date=date(2012, 1, 1), date_precision="year"),
        of("post-2", "Two", date=date(2012, 1, 1)),
        of("post-3", "Three", date=date(1950, 12, 1), date_precision="month"),
    )
    assert store.items.coverage() == {"1950": 1, "1950-12": 1, "2012": 2, "2012-01": 1}


def test_what_goes_on_counts_where_it_began(store):
    put(store, of("post-1", "One", date=date(2019, 9, 4), end_date=date(2021, 1, 31)))
    assert store.items.coverage() == {"2019": 1, "2019-09": 1}


def test_retracted_incidents_and_an_empty_set_have_no_publishers(store):
    assert store.items.coverage() == {}
    put(store, of("post-1", "One", status="retracted"))
    assert store.count(Filters(status=("retracted",))) == 1
    assert store.items.coverage() == {}
