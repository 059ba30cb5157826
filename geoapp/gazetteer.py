"""Named places: a text in any script leads to one place, to several rivals, or to none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rapidfuzz import fuzz, process

from geoapp.folding import fold, latin, tokens
from geoapp.layers import Feature

How = Literal["name", "alias", "script", "part", "bracket"]
# No blanks before it: a run of them that leads to no bracket would be tried from each of its blanks.
_BRACKET = re.compile(r"\(([^()]*)\)\s*$")
_MARK = re.compile(r"([()/])")
SEARCH_LIMIT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of the gazetteer; the point is WGS 84 degrees, `precision_m` its radius in metres.

    `administered_by` is our reading of the reports on the place; `source` is the position's alone.
    """

    id: str
    name_en: str
    name_ka: str | None = None
    name_ru: str | None = None
    name_os: str | None = None
    aliases: tuple[str, ...] = ()
    kind: str = ""
    district: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    precision_m: float | None = None
    administered_by: str | None = None
    administered_by_source: str | None = None
    source: str | None = None
    second_source: str | None = None
    note: str | None = None
    licence: str = ""
    credit: str = ""

    @property
    def names(self) -> Mapping[str, str]:
        """The name by language (ISO 639-1), where one is known."""
        found = {"en": self.name_en, "ka": self.name_ka, "ru": self.name_ru, "os": self.name_os}
        return {language: name for language, name in found.items() if name}

    @property
    def is_derived(self) -> bool:
        """Whether the point was placed from a description and not from a stated coordinate."""
        return self.kind == "derived"


@dataclass(frozen=True, slots=True)
class Match:
    """What a text led to: a place, or the rivals that a person has to choose from, or neither."""

    place: Place | None
    rivals: tuple[Place, ...] = ()
    how: How | None = None


NO_MATCH = Match(None)


def place_of(feature: Feature) -> Place:
    """The place that a checked feature of a places layer describes."""
    known = {key: text for key, text in feature.properties.items() if key in _TEXTS and text}
    point = feature.geometry
    return Place(
        id=feature.id,
        aliases=tuple(feature.properties.get("aliases", ())),
        precision_m=feature.properties.get("precision_m"),
        longitude=None if point is None else float(point.x),
        latitude=None if point is None else float(point.y),
        **known,
    )


_TEXTS = frozenset(Place.__dataclass_fields__) - {"id", "aliases", "precision_m", "longitude", "latitude"}


class Gazetteer:
    """All places of the data set, looked up by folded names."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = tuple(places)
        self.by_id: Mapping[str, Place] = {place.id: place for place in self.places}
        self._ranks: tuple[tuple[How, dict[str, list[Place]]], ...] = (
            ("name", self._index(lambda place: [place.name_en])),
            ("alias", self._index(lambda place: place.aliases)),
            ("script", self._index(lambda place: list(place.names.values())[1:])),
        )

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Place]:
        return iter(self.places)

    def _index(self, names: Callable[[Place], Iterable[str]]) -> dict[str, list[Place]]:
        index: dict[str, list[Place]] = {}
        for place in self.places:
            for key in dict.fromkeys(map(_key, names(place))):
                if fold(key):
                    index.setdefault(key, []).append(place)
        return index

    def find(self, text: str) -> Match:
        """The place that a text names.

        The whole text counts first, as English name, as alias, as name in another script; then the parts of
        `A / B` and the part before a bracket. A bracket tells namesakes apart and is never a name itself.
        Places of equal rank give no place but rivals, and so does a bracket that speaks against the only one.
        """
        whole = self._whole(text)
        if whole.how is not None:
            return whole
        matches = [self._part(part) for part in text.split("/")]
        if len(matches) == 1:
            return matches[0]
        found = [match.place for match in matches if match.place]
        rivals = [rival for match in matches for rival in match.rivals]
        named = tuple(dict.fromkeys(found + rivals))
        if len(named) == 1 and not rivals:
            return Match(named[0], (), "part")
        return Match(None, named, "part") if named else NO_MATCH

    def _whole(self, text: str) -> Match:
        key = _key(text)
        for how, index in self._ranks:
            if places := index.get(key):
                return Match(places[0], (), how) if len(places) == 1 else Match(None, tuple(places), how)
        return NO_MATCH

    def _part(self, text: str) -> Match:
        whole = self._whole(text)
        bracket = _BRACKET.search(text)
        if whole.how is not None or bracket is None:
            return whole
        stem = self._whole(text[: bracket.start()])
        candidates = stem.rivals or ((stem.place,) if stem.place else ())
        said = set(tokens(bracket[1]))
        named = [place for place in candidates if _says(place, said)]
        if len(named) == 1:
            return Match(named[0], (), "bracket")
        if len(candidates) == 1 and (candidates[0].district is None or not said):
            return Match(candidates[0], (), "bracket")
        return Match(None, candidates, "bracket") if candidates else NO_MATCH

    def name(self, place: Place) -> str:
        """The English name of a place; with its district where another place has the same name."""
        has_namesake = len(self._ranks[0][1].get(_key(place.name_en), [])) > 1
        return f"{place.name_en} ({place.district})" if has_namesake and place.district else place.name_en

    def suggest(self, text: str) -> str | None:
        """The English name most like a text that named nothing, or None."""
        near = process.extractOne(latin(text), list(self._spellings), scorer=fuzz.ratio, score_cutoff=75)
        return self.name(self._spellings[near[0]]) if near else None

    @cached_property
    def _spellings(self) -> Mapping[str, Place]:
        return {latin(name): place for place in reversed(self.places) for name in reversed(all_names(place))}

    def search(self, text: str, limit: int = SEARCH_LIMIT) -> list[Place]:
        """Places with a name that has every word of the text as the start of a word, in any script."""
        words, plain = tokens(text), latin(text).split()
        if not words:
            return []
        ranked = [(_search_rank(place, words, plain), place.name_en, place.id) for place in self.places]
        hits = sorted((rank, name, key) for rank, name, key in ranked if rank is not None)
        return [self.by_id[key] for _, _, key in hits[:limit]]


def all_names(place: Place) -> list[str]:
    """Every name of a place: English, other scripts, aliases."""
    return list(dict.fromkeys([*place.names.values(), *place.aliases]))


def _key(text: str) -> str:
    """A name as it is looked up: folded, but a bracket or a slash stays, because it has a meaning."""
    return "".join(part if part in "()/" else fold(part) for part in _MARK.split(text))


def _says(place: Place, said: set[str]) -> bool:
    """Whether the words of a bracket name this place's district, or the place itself by another name."""
    names = map(tokens, (place.district or "", *all_names(place)))
    return any(said.issuperset(words) for words in names if words)


def _search_rank(place: Place, words: list[str], plain: list[str]) -> int | None:
    ranks = []
    for name in all_names(place):
        for wanted, form in ((words, tokens(name)), (plain, latin(name).split())):
            if wanted == form:
                ranks.append(0)
            elif all(any(word.startswith(start) for word in form) for start in wanted):
                ranks.append(1 if form[0].startswith(wanted[0]) else 2)
    return min(ranks, default=None)
