"""The dated states of a crossing: each row in words, which speak for a day, and the years as a strip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from geoapp.incident import Incident
from geoapp.kinds import NumberRange
from geoapp.reference import CheckpointState, Run, State
from geoapp.web import language, wording
from geoapp.web.language import gettext as _


@dataclass(frozen=True)
class Dated:
    """One dated state with its words; `speaks` on the chosen day, `contradicted` by another row.

    `incident` is the record that tells of it, None where there is none or it was removed.
    """

    row: CheckpointState
    incident: Incident | None
    days: str
    schedule: str
    host: str
    speaks: bool
    contradicted: bool


@dataclass(frozen=True)
class Strip:
    """The years as a drawing: a path for each state, in days from the first of January of the first year."""

    years: tuple[int, ...]
    days: int
    paths: Mapping[str, str]
    chosen: int | None


def dated(rows: Sequence[CheckpointState], state: State, told: Mapping[str, Incident]) -> tuple[Dated, ...]:
    """The rows of one crossing, newest first; `state` is that of the chosen day, `told` incidents by id."""
    return tuple(_dated(row, rows, state, told) for row in sorted(rows, key=_newest_first))


def _newest_first(row: CheckpointState) -> tuple[int, int, str]:
    return -row.first.toordinal(), -(row.last or date.max).toordinal(), row.state


def _dated(
    row: CheckpointState, rows: Iterable[CheckpointState], state: State, told: Mapping[str, Incident]
) -> Dated:
    return Dated(
        row=row,
        incident=told.get(row.incident_id) if row.incident_id else None,
        days=_days(row),
        schedule=schedule(row.days_of_month),
        host=host_of(row.source_url),
        speaks=any(row is each for each in state.rows),
        contradicted=any(contradict(row, other) for other in rows),
    )


def _days(row: CheckpointState) -> str:
    told = wording.open_days((row.first, row.last))
    return told if row.last else _("%(days)s, no end reported", days=told)


def contradict(one: CheckpointState, other: CheckpointState) -> bool:
    """Whether two rows speak with equal right of one day and say different things of it."""
    if one.state == other.state or one.length_days != other.length_days:
        return False
    days = [each.days_of_month or NumberRange(1, 31) for each in (one, other)]
    shared = days[0].low <= days[1].high and days[1].low <= days[0].high
    first, last = max(one.first, other.first), min(one.last or date.max, other.last or date.max)
    return shared and first <= last


def schedule(days: NumberRange | None) -> str:
    """`on the 20th to 30th of each month`; empty for every day."""
    if days is None:
        return ""
    if days.low == days.high:
        return _("on the %(day)s of each month", day=ordinal(days.low))
    return _("on the %(first)s to %(last)s of each month", first=ordinal(days.low), last=ordinal(days.high))


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `11th`, `23rd`; the number alone in languages that write it so."""
    if language.code() != language.DEFAULT:
        return str(number)
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number % 100 in (11, 12, 13) else endings.get(number % 10, 'th')}"


# Top and height of what is drawn for a state, of 20: the shape tells the states apart, not the colour.
BARS: Mapping[str, Sequence[tuple[int, int]]] = {
    "closed": ((0, 20),),
    "restricted": ((10, 10),),
    "differs": ((0, 6), (14, 6)),
    "open": ((16, 4),),
}


def strip(found: Iterable[Run], days: tuple[date, date, date]) -> Strip:
    """The drawing of runs over whole years; `days` are the chosen, the first and the last day."""
    day, begin, last = days
    end = date(last.year, 12, 31)
    paths = dict.fromkeys(BARS, "")
    for run in found:
        left, width = (run.first - begin).days, (run.last - run.first).days + 1
        for top, height in BARS.get(run.state, ()):
            paths[run.state] += f"M{left} {top}h{width}v{height}h-{width}z"
    return Strip(
        years=tuple(range(begin.year, end.year + 1)),
        days=(end - begin).days + 1,
        paths={state: path for state, path in paths.items() if path},
        chosen=(day - begin).days if begin <= day <= end else None,
    )


def host_of(address: str) -> str:
    """The host of an address, without `www.`; the address itself where it names none."""
    return (urlsplit(address).hostname or address).removeprefix("www.")
