"""Read and check the reference data of a folder as one: all faults of all files together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from geoapp import kinds, layers
from geoapp.errors import DataRefused, Problem
from geoapp.folding import fold
from geoapp.gazetteer import Gazetteer
from geoapp.kinds import Invalid, NumberRange
from geoapp.layers import Layers
from geoapp.layers.describe import near
from geoapp.reference.model import (
    MOST_PARTIES,
    STATES,
    UNATTRIBUTED,
    Actor,
    Category,
    CheckpointState,
    Party,
    Reference,
)
from geoapp.reference.tables import Column, Row, one_of, read_table

PARTIES = "parties.csv"
ACTORS, CATEGORIES, CHECKPOINT_STATES = "actors.csv", "categories.csv", "checkpoint_states.csv"
GROUP_COLUMNS = ("group_label", "group_letter", "group_color")


def read(data_dir: Path) -> Reference:
    """The reference data of a folder; raises DataRefused with every fault of every file."""
    problems: list[Problem] = []
    parties = _read_parties(Path(data_dir), problems)
    actors = _read_actors(Path(data_dir), parties, problems)
    categories = _read_categories(Path(data_dir), problems)
    try:
        loaded = layers.load(Path(data_dir))
    except DataRefused as error:
        problems.extend(error.problems)
        loaded = None
    states = _read_states(Path(data_dir), loaded, problems)
    if any(problem.level == "error" for problem in problems) or loaded is None:
        raise DataRefused(problems)
    found = Reference(
        parties=parties,
        actors=actors,
        categories=categories,
        checkpoint_states=states,
        layers=loaded,
    )
    return replace(found, warnings=(*problems, *loaded.warnings, *_check_namesakes(found.gazetteer)))


def _check_namesakes(gazetteer: Gazetteer) -> Iterator[Problem]:
    counted = Counter(map(gazetteer.name, gazetteer))
    for name, count in counted.items():
        if count > 1:
            expected = f"a district for each of the {count} places of this name, to tell them apart"
            yield Problem("warning", "layers", expected, column="district", value=name)


def _pattern(pattern: str, expected: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise Invalid(expected)
        return text

    return parse


def _synonyms(text: str) -> tuple[str, ...]:
    return tuple(kinds.LINE.parse(part.strip()) for part in text.split(";") if part.strip())


def _days_of_month(text: str) -> NumberRange:
    found = re.fullmatch(r"([0-9]{1,2})(?:-([0-9]{1,2}))?", text)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last <= 31:
        raise Invalid("days of a month from 1 to 31, such as 20-30")
    return NumberRange(first, last)


_CODE, _LINE, _OPTIONAL = Column(kinds.CODE.parse), Column(kinds.LINE.parse), Column(kinds.LINE.parse, False)
_YES = Column(one_of(("yes", "no")))
PARTY_COLUMNS: Mapping[str, Column] = {"code": _CODE, "label": _LINE, "always_shown": _YES}
ACTOR_COLUMNS: Mapping[str, Column] = {
    "code": _CODE,
    "name": _LINE,
    "side": _CODE,
    "party": _CODE,
    "note": _OPTIONAL,
}
CATEGORY_COLUMNS: Mapping[str, Column] = {
    "code": _CODE,
    "label": _LINE,
    "group": _CODE,
    "group_label": _LINE,
    "group_letter": Column(_pattern("[A-Z]", "one capital letter A to Z")),
    "group_color": Column(_pattern("#[0-9A-Fa-f]{6}", "a colour written #RRGGBB")),
    "synonyms": Column(_synonyms, False),
    "acled_event_type": _OPTIONAL,
    "acled_sub_event_type": _OPTIONAL,
    "definition": _LINE,
}
STATE_COLUMNS: Mapping[str, Column] = {
    "checkpoint": Column(kinds.ID.parse),
    "from": Column(kinds.DAY.parse),
    "to": Column(kinds.DAY.parse, False),
    "state": Column(one_of(STATES)),
    "days_of_month": Column(_days_of_month, False),
    "source_url": Column(kinds.URL.parse),
    "incident_id": Column(kinds.ID.parse, False),
    "note": _OPTIONAL,
}


def _read_parties(data_dir: Path, problems: list[Problem]) -> dict[str, Party]:
    before = len(problems)
    rows = read_table(data_dir / PARTIES, PARTY_COLUMNS, problems)
    for column in ("code", "label"):
        problems.extend(_check_unique(PARTIES, column, [(row.line, row.values[column]) for row in rows]))
    parties = {
        code: Party(code=code, label=row.values["label"], always_shown=row.values["always_shown"] == "yes")
        for row in rows
        if (code := row.values["code"])
    }
    if len(problems) == before and UNATTRIBUTED not in parties:
        expected = f"a party {UNATTRIBUTED}, for accounts that are attributed to nobody"
        problems.append(Problem("error", PARTIES, expected))
    if len(parties) > MOST_PARTIES:
        found = str(len(parties))
        problems.append(Problem("error", PARTIES, f"at most {MOST_PARTIES} parties", value=found))
    # Without a list that can be relied on, no actor is blamed for its party.
    return parties if len(problems) == before else {}


def _read_actors(data_dir: Path, parties: Mapping[str, Party], problems: list[Problem]) -> dict[str, Actor]:
    columns = {**ACTOR_COLUMNS, "party": Column(one_of(tuple(parties)))} if parties else ACTOR_COLUMNS
    rows = read_table(data_dir / ACTORS, columns, problems)
    problems.extend(_check_unique(ACTORS, "code", [(row.line, row.values["code"]) for row in rows]))
    problems.extend(_check_unique(ACTORS, "name", [(row.line, row.values["name"]) for row in rows]))
    return {row.values["code"]: Actor(**row.values) for row in rows}


def _check_unique(source: str, column: str, found: Iterable[tuple[int, str]]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for line, value in found:
        if (earlier := first.setdefault(fold(value), line)) != line:
            expected = f"a {column} that line {earlier} does not have"
            yield Problem("error", source, expected, line, column, value)


def _read_categories(data_dir: Path, problems: list[Problem]) -> dict[str, Category]:
    before = len(problems)
    rows = read_table(data_dir / CATEGORIES, CATEGORY_COLUMNS, problems)
    if not rows and len(problems) == before:
        problems.append(Problem("error", CATEGORIES, "at least one category"))
    for column in ("code", "label"):
        problems.extend(_check_unique(CATEGORIES, column, [(row.line, row.values[column]) for row in rows]))
    problems.extend(_check_groups(rows))
    problems.extend(_check_synonyms(rows))
    return {row.values["code"]: _category(row.values) for row in rows}


def _category(values: Mapping[str, Any]) -> Category:
    return Category(**{**values, "synonyms": values["synonyms"] or ()})


def _check_groups(rows: list[Row]) -> Iterator[Problem]:
    first: dict[str, Row] = {}
    owner: dict[tuple[str, str], str] = {}
    for row in rows:
        group = row.values["group"]
        known = first.setdefault(group, row)
        for column in GROUP_COLUMNS:
            value = row.values[column]
            if value != known.values[column]:
                expected = f"{known.values[column]!r} as in line {known.line} of the same group"
                yield Problem("error", CATEGORIES, expected, row.line, column, value)
            elif (other := owner.setdefault((column, value.casefold()), group)) != group:
                expected = f"a value that group {other} does not have"
                yield Problem("error", CATEGORIES, expected, row.line, column, value)


def _check_synonyms(rows: list[Row]) -> Iterator[Problem]:
    meant = {fold(row.values[column]): row.values["code"] for row in rows for column in ("label", "code")}
    for row in rows:
        for synonym in row.values["synonyms"] or ():
            other = meant.setdefault(fold(synonym), row.values["code"])
            if other != row.values["code"]:
                expected = f"a synonym that does not already mean {other}"
                yield Problem("error", CATEGORIES, expected, row.line, "synonyms", synonym)


def _read_states(
    data_dir: Path, loaded: Layers | None, problems: list[Problem]
) -> tuple[CheckpointState, ...]:
    rows = read_table(data_dir / CHECKPOINT_STATES, STATE_COLUMNS, problems)
    known = None if loaded is None else _checkpoint_ids(loaded)
    for row in rows:
        problems.extend(_check_state(row, known))
    return tuple(
        CheckpointState(
            first=row.values["from"],
            last=row.values["to"],
            **{key: value for key, value in row.values.items() if key not in ("from", "to")},
        )
        for row in rows
    )


def _checkpoint_ids(loaded: Layers) -> list[str]:
    return [feature.id for layer in loaded.of_role("checkpoints") for feature in layer.features]


def _check_state(row: Row, known: list[str] | None) -> Iterator[Problem]:
    checkpoint, first, last = (row.values[name] for name in ("checkpoint", "from", "to"))
    if known is not None and checkpoint not in known:
        expected = "the id of a checkpoint of the layers"
        suggestion = near(checkpoint, known)
        yield Problem("error", CHECKPOINT_STATES, expected, row.line, "checkpoint", checkpoint, suggestion)
    if last is not None and last < first:
        yield Problem("error", CHECKPOINT_STATES, "a day not before `from`", row.line, "to", last.isoformat())
