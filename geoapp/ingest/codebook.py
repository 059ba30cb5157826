"""The codes that a file may use, and the nearest one to what was written instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rapidfuzz import fuzz, process

from geoapp.folding import fold
from geoapp.incident import FIELD_BY_COLUMN
from geoapp.kinds import Invalid
from geoapp.reference import Reference

_NEAR_ENOUGH = 75
# Labels are compared by their parts too, where few letters weigh much; a wrong actor is worse than none.
_LABEL_NEAR_ENOUGH = 88


class Codebook:
    """Codes of actors and categories of one reference; parses the columns that carry them."""

    def __init__(self, reference: Reference) -> None:
        self._actors = {code: [actor.name] for code, actor in reference.actors.items()}
        self._categories = {
            code: [category.label, *category.synonyms] for code, category in reference.categories.items()
        }
        self._synonyms = {
            fold(synonym): code
            for code, category in reference.categories.items()
            for synonym in category.synonyms
        }
        self._parsers: Mapping[str, Callable[[str], Any]] = {
            "category": self._category,
            "attributed_to": self._actor,
            "actors": self._actor_list,
        }

    def parser(self, column: str) -> Callable[[str], Any]:
        """The function that turns a cell of `column` into its value; it raises Invalid."""
        return self._parsers.get(column) or FIELD_BY_COLUMN[column].kind.parse

    def _category(self, text: str) -> str:
        if text in self._categories:
            return text
        if code := self._synonyms.get(fold(text)):
            return code
        raise Invalid("a code of the list of categories", _nearest(text, self._categories))

    def _actor(self, text: str) -> str:
        if text in self._actors:
            return text
        raise Invalid("a code of the list of actors", _nearest(text, self._actors))

    def _actor_list(self, text: str) -> tuple[str, ...]:
        found = [part.strip() for part in text.split(";")]
        unknown = [code for code in found if code not in self._actors]
        if unknown:
            near = [code if code in self._actors else _nearest(code, self._actors) for code in found]
            suggestion = ";".join(code for code in near if code) if all(near) else None
            listed = ", ".join(code or "a blank" for code in unknown)
            raise Invalid(f"codes of the list of actors, separated by ; ({listed} is not one)", suggestion)
        if len(set(found)) != len(found):
            raise Invalid("each actor once", ";".join(dict.fromkeys(found)))
        return tuple(found)


def _nearest(text: str, names: Mapping[str, Iterable[str]]) -> str | None:
    """The code whose own text, label or synonym looks most like `text`, or None."""
    wanted = fold(text)
    if not wanted:
        return None
    codes = {fold(code): code for code in names}
    if near := process.extractOne(wanted, list(codes), scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH):
        return codes[near[0]]
    labels = {fold(label): code for code, listed in names.items() for label in listed}
    near_ones = process.extract(
        wanted, list(labels), scorer=fuzz.WRatio, score_cutoff=_LABEL_NEAR_ENOUGH, limit=None
    )
    best = {labels[label] for label, score, _ in near_ones if score == near_ones[0][1]}
    return best.pop() if len(best) == 1 else None  # of two that fit as well nobody can be meant
