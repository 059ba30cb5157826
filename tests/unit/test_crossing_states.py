"""The state of a crossing on a day: who speaks, who contradicts, and when nobody knows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp import reference
from geoapp.kinds import NumberRange
from geoapp.layers import Layers
from geoapp.reference import CheckpointState, Reference


def row(first: str, last: str | None, state: str, days: tuple[int, int] | None = None) -> CheckpointState:
    return CheckpointState(
        checkpoint="crossing",
        first=date.fromisoformat(first),
        last=None if last is None else date.fromisoformat(last),
        state=state,
        days_of_month=None if days is None else NumberRange(*days),
        source_url="https://example.org/",
    )


def with_states(*rows: CheckpointState) -> Reference:
    return Reference(actors={}, categories={}, checkpoint_states=rows, layers=Layers({}))


def state(reference_data: Reference, day: str, checkpoint: str = "crossing") -> str:
    return reference_data.state_on(checkpoint, date.fromisoformat(day)).state


@pytest.mark.parametrize(
    ("checkpoint", "day", "expected"),
    [
        ("crossing-odzisi-mosabruni", "2019-08-24", "open"),
        ("crossing-odzisi-mosabruni", "2019-08-26", "closed"),
        ("crossing-odzisi-mosabruni", "2019-09-14", "restricted"),
        ("crossing-odzisi-mosabruni", "2022-08-19", "closed"),
        ("crossing-odzisi-mosabruni", "2023-05-19", "closed"),
        ("crossing-odzisi-mosabruni", "2023-05-20", "open"),
        ("crossing-odzisi-mosabruni", "2023-05-31", "not_known"),
        ("crossing-odzisi-mosabruni", "2023-06-25", "closed"),
        ("crossing-odzisi-mosabruni", "2008-08-26", "not_known"),
        ("crossing-perevi-kardzmani", "2022-08-25", "differs"),
        ("crossing-sinaguri", "2022-08-25", "differs"),
        ("crossing-sinaguri", "2022-09-10", "closed"),
        ("crossing-artsevi", "2019-09-01", "not_known"),
        ("no-such-crossing", "2019-09-01", "not_known"),
    ],
)
def test_the_shipped_states_on_a_day(shipped: Reference, checkpoint: str, day: str, expected: str) -> None:
    assert state(shipped, day, checkpoint) == expected


def test_the_shortest_interval_speaks() -> None:
    data = with_states(
        row("2019-01-01", None, "open"),
        row("2019-01-01", "2019-12-31", "restricted"),
        row("2019-05-01", "2019-05-02", "closed"),
    )
    assert [
        state(data, day) for day in ("2018-12-31", "2019-04-30", "2019-05-01", "2019-05-03", "2020-01-01")
    ] == [
        "not_known",
        "restricted",
        "closed",
        "restricted",
        "open",
    ]


def test_equal_claims_that_contradict_differ_and_that_agree_do_not() -> None:
    data = with_states(
        row("2019-05-01", "2019-05-03", "open"),
        row("2019-05-02", "2019-05-04", "closed"),
        row("2019-05-03", "2019-05-05", "closed"),
    )
    assert [state(data, f"2019-05-0{day}") for day in range(1, 6)] == [
        "open",
        "differs",
        "differs",
        "closed",
        "closed",
    ]
    assert len(data.state_on("crossing", date(2019, 5, 4)).rows) == 2


def test_rows_without_an_end_make_equal_claims_whenever_they_begin() -> None:
    data = with_states(row("2015-01-01", None, "open"), row("2019-01-01", None, "closed"))
    assert state(data, "2020-01-01") == "differs"


def test_days_of_the_month_limit_a_row() -> None:
    data = with_states(row("2022-08-20", None, "open", (20, 30)), row("2022-08-20", None, "closed", (1, 19)))
    assert [state(data, day) for day in ("2022-08-20", "2023-02-19", "2023-02-20", "2023-01-31")] == [
        "open",
        "closed",
        "open",
        "not_known",
    ]


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10), st.sampled_from(reference.STATES)), max_size=6)
)
def test_the_state_is_always_one_that_a_covering_row_claims(spans: list[tuple[int, int, str]]) -> None:
    start = date(2019, 8, 1)
    rows = [
        row((start + timedelta(first)).isoformat(), (start + timedelta(first + length)).isoformat(), name)
        for first, length, name in spans
    ]
    data = with_states(*rows)
    for offset in range(42):
        found = data.state_on("crossing", start + timedelta(offset))
        claimed = {each.state for each in rows if each.covers(start + timedelta(offset))}
        assert found.state in (claimed or {"not_known"}) | ({"differs"} if len(claimed) > 1 else set())
        assert all(each.covers(start + timedelta(offset)) for each in found.rows)
