"""Runs of one state agree with the state of every single day."""

from datetime import date, timedelta
from itertools import groupby, pairwise

import pytest

from geoapp.config import resource
from geoapp.reference import read, runs

FIRST, LAST = date(2008, 1, 1), date(2026, 12, 31)


@pytest.fixture(scope="module")
def reference():
    return read(resource("data"))


def _day_by_day(reference, checkpoint, first, last):
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    grouped = groupby(days, key=lambda day: reference.state_on(checkpoint, day).state)
    found = [(state, list(each)) for state, each in grouped]
    return [(each[0], each[-1], state) for state, each in found]


@pytest.mark.parametrize(
    "checkpoint", ["crossing-odzisi-mosabruni", "crossing-perevi-kardzmani", "crossing-artsevi", "nobody"]
)
def test_runs_say_what_each_day_says(reference, checkpoint):
    assert runs(reference, checkpoint, FIRST, LAST) == _day_by_day(reference, checkpoint, FIRST, LAST)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2022, 8, 25), date(2022, 9, 3)),
        (date(2023, 2, 20), date(2023, 3, 1)),
        (date(2019, 9, 4), date(2019, 9, 4)),
    ],
)
def test_runs_are_cut_to_the_days_asked_for(reference, first, last):
    asked = runs(reference, "crossing-odzisi-mosabruni", first, last)
    assert asked == _day_by_day(reference, "crossing-odzisi-mosabruni", first, last)
    assert all(after.first - before.last == timedelta(days=1) for before, after in pairwise(asked))


def test_no_days_have_no_runs_and_the_calendar_may_end(reference):
    assert runs(reference, "crossing-odzisi-mosabruni", LAST, FIRST) == []
    assert runs(reference, "crossing-odzisi-mosabruni", date(9999, 11, 1), date.max)[-1].last == date.max
