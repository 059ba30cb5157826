"""Guided tours: a page that reads as an article, and whose map and timeline follow the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from flask import Blueprint, render_template

from geoapp import stories
from geoapp.accounts import by_party
from geoapp.errors import DataRefused, NotFound
from geoapp.incident import Record, Report
from geoapp.kinds import DateRange
from geoapp.query import Filters
from geoapp.reference import Category, Reference
from geoapp.stories import Step, Story
from geoapp.web import context, dates, wording
from geoapp.web.catalogs import label
from geoapp.web.readers import story_map

blueprint = Blueprint("stories", __name__)

STRIP_HEIGHT = 44
STRIP_WIDTH = 1200


@dataclass(frozen=True)
class Said:
    """What one party says in a step, with the report in which it stands."""

    text: str
    report: Report
    incident: str


@dataclass(frozen=True)
class Row:
    """One party of a step; without sayings no statement was found."""

    label: str
    sayings: tuple[Said, ...]


@dataclass(frozen=True)
class StepPage:
    """One step with its records."""

    number: int
    step: Step
    records: tuple[Record, ...]
    reference: Reference
    count: int

    @property
    def anchor(self) -> str:
        """The step's fragment."""
        return f"step-{self.number}"

    @property
    def when(self) -> str:
        """Its days; a single one with its weekday."""
        first, last = self.step.days
        said = wording.days(self.step.days)
        return f"{dates.weekday(first)}, {said}" if first == last else said

    @property
    def short(self) -> str:
        """Its days in the list of steps."""
        first, last = self.step.days
        said = dates.short_day_of_year(last)
        if (first.year, first.month) != (last.year, last.month):
            return f"{dates.short_day_of_year(first)} – {said}"
        return said if first == last else f"{first.day}–{said}"

    @cached_property
    def map(self) -> story_map.StoryMap:
        """Its picture."""
        return story_map.draw(self.step, self.records, self.reference)

    @property
    def rows(self) -> list[Row]:
        """The parties in their fixed order with what each says."""
        spoken = {
            voice.report.report_id: (account.party, voice.report)
            for record in self.records
            for account in by_party(record.incident, self.reference)
            for voice in account.voices
        }
        said: dict[str, list[Said]] = {}
        for saying in self.step.says:
            party, report = spoken[saying.report]
            said.setdefault(party, []).append(Said(saying.text, report, saying.incident))
        return [
            Row(label("party", known.label), tuple(said.get(party, ())))
            for party, known in self.reference.parties.items()
            if known.always_shown or party in said
        ]

    def number_of(self, identifier: str) -> int:
        """The number of an incident in the step's list, from 1."""
        return [record.incident.id for record in self.records].index(identifier) + 1

    def category(self, record: Record) -> Category:
        """The category of one of its incidents."""
        return self.reference.categories[record.incident.category]

    @property
    def filters(self) -> Filters:
        """All incidents of its days, wherever they were."""
        return Filters(datetime=(self.step.days.first, self.step.days.last))

    @property
    def list_link(self) -> str:
        """The list of those."""
        return context.page_address("readers.incidents", self.filters)

    @property
    def map_link(self) -> str:
        """The main map on its last day, with the incidents of its days."""
        (longitude, latitude), day = self.step.at, self.step.days.last
        where = f"#map=10/{latitude:.5f}/{longitude:.5f}&day={day.isoformat()}"
        return context.page_address("map_page.map_page", self.filters) + where


@dataclass(frozen=True)
class Bar:
    """One day of the strip (a picture 1200 by 44 pixels); `steps` are the numbers of its steps."""

    x: float
    y: float
    width: float
    height: float
    steps: str


@dataclass(frozen=True)
class StoryPage:
    """The page of one story."""

    story: Story
    steps: tuple[StepPage, ...]
    days: dict[date, int]

    @property
    def when(self) -> str:
        """The days of its timeline."""
        return wording.days(self.story.days)

    @property
    def total(self) -> int:
        """How many incidents its days hold."""
        return sum(self.days.values())

    @property
    def bars(self) -> list[Bar]:
        """One bar for each day on which an incident begins."""
        first, last = self.story.days
        width = STRIP_WIDTH / ((last - first).days + 1)
        unit = STRIP_HEIGHT / max(self.days.values(), default=1)
        return [
            Bar(
                x=round((day - first).days * width + 1, 1),
                y=round(STRIP_HEIGHT - count * unit, 1),
                width=round(width - 2, 1),
                height=round(count * unit, 1),
                steps=" ".join(
                    str(each.number)
                    for each in self.steps
                    if each.step.days.first <= day <= each.step.days.last
                ),
            )
            for day, count in sorted(self.days.items())
        ]

    @property
    def months(self) -> list[tuple[float, str]]:
        """Where months begin on the strip, in pixels, with their names; the first stands at the left edge."""
        first, last = self.story.days
        width = STRIP_WIDTH / ((last - first).days + 1)
        begins = [first + timedelta(days=at) for at in range((last - first).days + 1)]
        return [
            (round((day - first).days * width, 1), wording.month(day))
            for day in begins
            if day == first or (day.day == 1 and (day - first).days * width > 120)
        ]


@blueprint.get("/stories")
def all_stories() -> str:
    """Every story with its summary."""
    context.page_without_query()
    return render_template("readers/stories.html", stories=list(_stories().values()), days_of=_days_of)


@blueprint.get("/stories/<name>")
def story(name: str) -> str:
    """One story; raises NotFound, and DataRefused when it names what the data do not hold."""
    context.page_without_query()
    known = _stories()
    if name not in known:
        raise NotFound("story", name)
    return render_template("readers/story.html", page=describe(known[name]))


def describe(told: Story) -> StoryPage:
    """The page of a story with the records that it names; raises DataRefused when one is missing."""
    store, reference = context.view(), context.reference()
    records = {record.incident.id: record for record in store.get_many(told.incidents)}
    incidents = {each: record.incident for each, record in records.items()}
    problems = list(
        stories.faults(told, incidents, lambda name: reference.gazetteer.find(name).place is not None)
    )
    if problems:
        raise DataRefused(problems)
    days = store.days(Filters(datetime=(told.days.first, told.days.last)))
    return StoryPage(
        told,
        tuple(_steps(told, records, reference)),
        {day: n for day, n in days.items() if _in(day, told.days)},
    )


def _steps(told: Story, records: dict[str, Record], reference: Reference) -> Sequence[StepPage]:
    return [
        StepPage(
            number=number,
            step=step,
            records=tuple(records[each] for each in step.incidents),
            reference=reference,
            count=context.view().count(Filters(datetime=(step.days.first, step.days.last))),
        )
        for number, step in enumerate(told.steps, 1)
    ]


def _in(day: date, days: DateRange) -> bool:
    return days.first <= day <= days.last


def _stories() -> dict[str, Story]:
    return stories.load(context.settings().data_dir)


def _days_of(told: Story) -> str:
    return wording.days(told.days)
