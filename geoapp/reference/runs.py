"""Days on end in which a crossing has one state: what a strip of time draws."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from geoapp.reference.model import CheckpointState, Reference, StateName

DAY = timedelta(days=1)


class Run(NamedTuple):
    """A state and the days that it lasts, both inclusive."""

    first: date
    last: date
    state: StateName


def runs(reference: Reference, checkpoint: str, first: date, last: date) -> list[Run]:
    """The states of a crossing from `first` to `last`, without gaps; "not_known" where no row speaks."""
    if last < first:
        return []
    rows = reference.states_of(checkpoint)
    starts = {first, *(day for row in rows for day in _changes(row, first, last))}
    found: list[Run] = []
    for day in sorted(starts):
        state = reference.state_on(checkpoint, day).state
        if found and found[-1].state == state:
            continue
        if found:
            found[-1] = found[-1]._replace(last=day - DAY)
        found.append(Run(day, last, state))
    return found


def _changes(row: CheckpointState, first: date, last: date) -> Iterator[date]:
    """The days after `first` on which the row may begin or cease to speak."""
    if first < row.first <= last:
        yield row.first
    if row.last is not None and first <= row.last < last:
        yield row.last + DAY
    if row.days_of_month is None:
        return
    month = max(first, row.first).replace(day=1)
    while month <= min(last, row.last or last):
        after = (month + 31 * DAY).replace(day=1) if month < date.max.replace(day=1) else date.max
        for number in (row.days_of_month.low, row.days_of_month.high + 1):
            # The day after the last of a month is the first of the next, where a turn is tried too.
            day = min(month + (number - 1) * DAY, after)
            if first < day <= last:
                yield day
        if first < month:
            yield month
        if after == date.max:
            return
        month = after
