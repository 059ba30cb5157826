"""Guided tours through the incidents: data of a boundary (`data/stories/*.toml`), not of the program."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from geoapp.errors import DataRefused, Problem
from geoapp.incident import Incident
from geoapp.kinds import DateRange

FOLDER = "stories"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{2,99}")
_STORY = {"title": str, "summary": str, "from": date, "to": date, "step": list}
_STEP = {"heading": str, "from": date, "to": date, "at": list, "half_km": (int, float), "text": list}
_STEP_MAY = {"places": list, "says": list, "notes": list}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that states what records state, with the ids of the incidents that carry it."""

    text: str
    incidents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Saying:
    """What a party says, in our words, with the id of the report in which it stands."""

    report: str
    text: str

    @property
    def incident(self) -> str:
        """The incident of the report."""
        return self.report.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its days, its text, what is said in it, and its map.

    `at` is the middle of the map (longitude, latitude, WGS 84) and `half_km` how many kilometres it
    reaches to each side; `places` are the names that stand out on it, `notes` words beside an incident.
    """

    heading: str
    days: DateRange
    at: tuple[float, float]
    half_km: float
    text: tuple[Sentence, ...]
    says: tuple[Saying, ...] = ()
    places: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def incidents(self) -> tuple[str, ...]:
        """The incidents that its sentences name, each once, in their order."""
        named = (each for sentence in self.text for each in sentence.incidents)
        return tuple(dict.fromkeys([*named, *(saying.incident for saying in self.says)]))


@dataclass(frozen=True, slots=True)
class Story:
    """A guided tour: title, summary, the days of its timeline, and its steps."""

    name: str
    title: str
    summary: str
    days: DateRange
    steps: tuple[Step, ...]

    @property
    def source(self) -> str:
        """The file it was read from, for messages."""
        return f"{FOLDER}/{self.name}.toml"

    @property
    def incidents(self) -> tuple[str, ...]:
        """Every incident that it names, each once."""
        return tuple(dict.fromkeys(each for step in self.steps for each in step.incidents))


def load(data_dir: Path) -> dict[str, Story]:
    """Every story of the data folder by its name; raises DataRefused with every fault of every file."""
    found: dict[str, Story] = {}
    problems: list[Problem] = []
    for path in sorted((data_dir / FOLDER).glob("*.toml")):
        try:
            found[path.stem] = _read(path)
        except DataRefused as error:
            problems += error.problems
    if problems:
        raise DataRefused(problems)
    return found


def faults(
    story: Story, incidents: Mapping[str, Incident], is_place: Callable[[str], bool]
) -> Iterator[Problem]:
    """What the story names and the data do not hold: incidents, reports, places, days out of its timeline.

    `incidents` are those of its incidents that exist, by id.
    """
    for number, step in enumerate(story.steps, 1):
        for column, value, expected in _step_faults(story, step, incidents, is_place):
            yield Problem("error", story.source, expected, column=f"step {number}, {column}", value=value)


def _step_faults(
    story: Story, step: Step, incidents: Mapping[str, Incident], is_place: Callable[[str], bool]
) -> Iterator[tuple[str, str, str]]:
    if step.days.first < story.days.first or step.days.last > story.days.last:
        yield "from", step.days.first.isoformat(), "days within those of the story"
    for column, names in (("text", step.incidents), ("notes", step.notes)):
        for name in names:
            if name not in incidents:
                yield column, name, "the id of an incident of the data set"
    for saying in step.says:
        incident = incidents.get(saying.incident)
        reports = {report.report_id for report in incident.current_reports} if incident else ()
        if incident and saying.report not in reports:
            yield "says", saying.report, "the id of a report that stands in the data set"
    for place in step.places:
        if not is_place(place):
            yield "places", place, "the name of a place of the gazetteer"


def _read(path: Path) -> Story:
    source = f"{FOLDER}/{path.name}"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataRefused([Problem("error", source, f"TOML ({error})")]) from error
    problems = list(_shape(source, "story", table, _STORY))
    if not NAME.fullmatch(path.stem):
        problems.append(Problem("error", source, "a file name of small letters, digits and hyphens"))
    if problems:
        raise DataRefused(problems)
    steps = []
    for number, each in enumerate(table["step"], 1):
        column = f"step {number}"
        wrong = list(_shape(source, column, each, _STEP, _STEP_MAY))
        problems += wrong
        if not wrong:
            try:
                steps.append(_step(each))
            except ValueError as error:
                problems.append(Problem("error", source, str(error), column=column))
    if problems:
        raise DataRefused(problems)
    days = DateRange(table["from"], table["to"])
    return Story(path.stem, table["title"], table["summary"], days, tuple(steps))


def _shape(
    source: str, column: str, table: Any, needed: Mapping[str, Any], may: Mapping[str, Any] | None = None
) -> Iterator[Problem]:
    """What is missing, unknown, or of another kind than expected in one table."""
    if not isinstance(table, dict):
        yield Problem("error", source, "a table", column=column, value=str(table))
        return
    known = {**needed, **(may or {})}
    for name in needed.keys() - table.keys():
        yield Problem("error", source, f"a value for `{name}`", column=column)
    for name, value in table.items():
        if name not in known:
            names: Collection[str] = sorted(known)
            yield Problem("error", source, f"one of {', '.join(names)}", column=column, value=name)
        elif not isinstance(value, known[name]):
            yield Problem(
                "error", source, _expected(known[name]), column=f"{column}, {name}", value=str(value)
            )
    first, last = table.get("from"), table.get("to")
    if isinstance(first, date) and isinstance(last, date) and first > last:
        yield Problem("error", source, "`from` not after `to`", column=column, value=f"{first} to {last}")


def _expected(kind: Any) -> str:
    return {str: "text", date: "a day such as 2019-08-24", list: "a list"}.get(kind, "a number")


def _step(table: Mapping[str, Any]) -> Step:
    """One step of a table whose shape is right; raises ValueError for values that are not."""
    at = table["at"]
    if len(at) != 2 or not all(isinstance(each, int | float) for each in at):
        raise ValueError("`at` as longitude and latitude")
    if not (-180 <= at[0] <= 180 and -90 <= at[1] <= 90) or not 0 < table["half_km"] <= 2000:
        raise ValueError("`at` within the world (longitude, latitude) and `half_km` from 0 to 2000")
    text = tuple(Sentence(first, tuple(rest)) for first, *rest in _texts(table["text"], "text"))
    if not text or not all(sentence.incidents for sentence in text):
        raise ValueError("`text` as sentences, each with the ids of the incidents that carry it")
    says = tuple(Saying(*each) for each in _pairs(table.get("says", []), "says"))
    places = tuple(table.get("places", []))
    if not all(isinstance(each, str) for each in places):
        raise ValueError("`places` as names")
    return Step(
        heading=table["heading"],
        days=DateRange(table["from"], table["to"]),
        at=(float(at[0]), float(at[1])),
        half_km=float(table["half_km"]),
        text=text,
        says=says,
        places=places,
        notes=dict(_pairs(table.get("notes", []), "notes")),
    )


def _texts(rows: Any, name: str) -> Iterator[list[str]]:
    for row in rows:
        if not isinstance(row, list) or not row or not all(isinstance(each, str) for each in row):
            raise ValueError(f"`{name}` as lists of texts")
        yield row


def _pairs(rows: Any, name: str) -> Iterator[tuple[str, str]]:
    for row in _texts(rows, name):
        if len(row) != 2:
            raise ValueError(f"`{name}` as pairs of an id and a text")
        yield row[0], row[1]
