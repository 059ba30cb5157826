"""What is known beside the incidents: parties, actors, categories, crossings' states, layers, places."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any, Literal

import orjson

from geoapp.errors import Problem
from geoapp.gazetteer import Gazetteer, place_of
from geoapp.kinds import NumberRange
from geoapp.layers import Layer, Layers
from geoapp.reference.carry import layer_from_dict, layer_to_dict

# The party under which accounts stand that are attributed to nobody; every data set has it.
UNATTRIBUTED = "media_other"
# The map's columns keep the parties of a record as the bits of one byte.
MOST_PARTIES = 8
STATES = ("open", "closed", "restricted", "not_known")
StateName = Literal["open", "closed", "restricted", "not_known", "differs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One of those whose accounts are told apart; `always_shown`: also where no statement was found."""

    code: str
    label: str
    always_shown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Someone who acts or speaks; accounts are grouped by `party`."""

    code: str
    name: str
    side: str
    party: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One kind of incident; categories of a group share its label, letter and colour (#RRGGBB)."""

    code: str
    label: str
    group: str
    group_label: str
    group_letter: str
    group_color: str
    synonyms: tuple[str, ...] = ()
    acled_event_type: str | None = None
    acled_sub_event_type: str | None = None
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointState:
    """What one source says of a crossing from `first` to `last` (both inclusive; None: no end known).

    `days_of_month` limits it to these days of each month.
    """

    checkpoint: str
    first: date
    last: date | None
    state: str
    days_of_month: NumberRange | None = None
    source_url: str
    incident_id: str | None = None
    note: str | None = None

    def covers(self, day: date) -> bool:
        """Whether it speaks of this day."""
        if day < self.first or (self.last is not None and day > self.last):
            return False
        return self.days_of_month is None or self.days_of_month.low <= day.day <= self.days_of_month.high

    @property
    def length_days(self) -> float:
        """Days from first to last; without an end, infinite, whenever it began."""
        return math.inf if self.last is None else (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class State:
    """The state of a crossing on one day, and the rows that say so."""

    state: StateName
    rows: tuple[CheckpointState, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A group of categories: code, label, letter and colour (#RRGGBB)."""

    code: str
    label: str
    letter: str
    color: str


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Everything of `DATA_DIR` that is not an incident, read and checked as one.

    `warnings` are faults that did not refuse the data; they are not stored with it.
    """

    actors: Mapping[str, Actor]
    categories: Mapping[str, Category]
    checkpoint_states: tuple[CheckpointState, ...]
    layers: Layers
    parties: Mapping[str, Party] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = field(default=(), compare=False)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The places of every layer with the role `places`."""
        return Gazetteer(place_of(each) for layer in self.layers.of_role("places") for each in layer.features)

    @cached_property
    def groups(self) -> Mapping[str, Group]:
        """The groups of categories by code, in the order of the file."""
        return {
            each.group: Group(each.group, each.group_label, each.group_letter, each.group_color)
            for each in self.categories.values()
        }

    def party_of(self, actor: str | None) -> str:
        """The party under which an account stands.

        A publisher's own account (None), and a speaker whom the list of actors does not know, stand under
        nobody's name.
        """
        known = self.actors.get(actor) if actor else None
        return known.party if known else UNATTRIBUTED

    def state_on(self, checkpoint: str, day: date) -> State:
        """The state of a crossing on a day.

        The shortest interval that covers the day speaks; rows of one length that contradict give "differs".
        """
        covering = [row for row in self.states_of(checkpoint) if row.covers(day)]
        if not covering:
            return State("not_known")
        shortest = min(row.length_days for row in covering)
        rows = tuple(row for row in covering if row.length_days == shortest)
        states = {row.state for row in rows}
        return State(states.pop() if len(states) == 1 else "differs", rows)  # type: ignore[arg-type]

    def states_of(self, checkpoint: str) -> Sequence[CheckpointState]:
        """Every dated state of a crossing, in the order of the file."""
        return self._states_of.get(checkpoint, ())

    @cached_property
    def _states_of(self) -> Mapping[str, list[CheckpointState]]:
        found: dict[str, list[CheckpointState]] = {}
        for row in self.checkpoint_states:
            found.setdefault(row.checkpoint, []).append(row)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Everything in values that JSON carries; `from_dict` is the inverse."""
        return self._tables() | {"layers": [layer_to_dict(layer) for layer in self.layers.values()]}

    def _tables(self) -> dict[str, Any]:
        return {
            "parties": [asdict(party) for party in self.parties.values()],
            "actors": [asdict(actor) for actor in self.actors.values()],
            "categories": [asdict(category) for category in self.categories.values()],
            "checkpoint_states": [_state_to_dict(row) for row in self.checkpoint_states],
        }

    @cached_property
    def hash(self) -> str:
        """SHA-256 over all of it, in hexadecimal: equal data give an equal hash."""
        described = [
            {item.name: getattr(layer, item.name) for item in fields(Layer) if item.name != "content"}
            for layer in self.layers.values()
        ]
        told = self._tables() | {"layers": described, "content": self.layers.hash}
        return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def from_dict(stored: Mapping[str, Any], kept_as: str = "") -> Reference:
    """The reference data that `Reference.to_dict` carried.

    `kept_as` is the hash under which they are stored and stays theirs: a later program may know more of
    them, and would find another one.
    """
    layers = [layer_from_dict(each) for each in stored["layers"]]
    found = Reference(
        parties={each["code"]: Party(**each) for each in _stored_parties(stored)},
        actors={each["code"]: Actor(**each) for each in stored["actors"]},
        categories={each["code"]: _category_from_dict(each) for each in stored["categories"]},
        checkpoint_states=tuple(_state_from_dict(each) for each in stored["checkpoint_states"]),
        layers=Layers({layer.name: layer for layer in layers}),
    )
    if kept_as:
        # Where the property keeps what it worked out; a changed copy works out its own.
        vars(found)["hash"] = kept_as
    return found


def _stored_parties(stored: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The parties; data stored before they had a table of their own name them on their actors alone."""
    if "parties" in stored:
        found: Sequence[Mapping[str, Any]] = stored["parties"]
        return found
    codes = dict.fromkeys([*(actor["party"] for actor in stored["actors"]), UNATTRIBUTED])
    return [{"code": code, "label": code.replace("_", " ").capitalize()} for code in codes]


def _category_from_dict(stored: Mapping[str, Any]) -> Category:
    return Category(**{**stored, "synonyms": tuple(stored["synonyms"])})


def _state_to_dict(row: CheckpointState) -> dict[str, Any]:
    days = row.days_of_month
    return asdict(row) | {
        "first": row.first.isoformat(),
        "last": None if row.last is None else row.last.isoformat(),
        "days_of_month": None if days is None else [days.low, days.high],
    }


def _state_from_dict(stored: Mapping[str, Any]) -> CheckpointState:
    days, last = stored["days_of_month"], stored["last"]
    changed = {
        "first": date.fromisoformat(stored["first"]),
        "last": None if last is None else date.fromisoformat(last),
        "days_of_month": None if days is None else NumberRange(*days),
    }
    return CheckpointState(**{**stored, **changed})
