"""What `items` may be asked: the shared vocabulary, and the names that the API adds to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rapidfuzz import process
from shapely import Polygon

from geoapp import cql
from geoapp.cql import Expression
from geoapp.errors import BadParameters, Fault
from geoapp.kinds import Invalid
from geoapp.query import FILTERS, Box, Filters, Pairs, Parameter, Vocabulary, parse_filters, split_list
from geoapp.web.api import cursors
from geoapp.web.api.negotiation import FORMS
from geoapp.web.api.systems import CRS84, System

DEFAULT_LIMIT = 100
Read = Callable[[str, Vocabulary], Any]


def _one_of(*allowed: str) -> Read:
    def read(text: str, _: Vocabulary) -> str:
        if text not in allowed:
            raise Invalid(" or ".join(allowed))
        return text

    return read


def _own(name: str, meaning: str, schema: Mapping[str, Any], read: Read) -> Parameter:
    return Parameter(name=name, meaning=meaning, json_schema=schema, read=read)


def _choice(name: str, meaning: str, *allowed: str) -> Parameter:
    return _own(name, meaning, {"type": "string", "enum": list(allowed)}, _one_of(*allowed))


def _as_given(text: str, _: Vocabulary) -> str:
    return text


_TEXT: Mapping[str, Any] = {"type": "string"}
_LISTED = (
    _choice("f", "Form of the answer; decides over the Accept header.", *FORMS),
    _own(
        "properties",
        "Names of the properties to send, separated by commas; without it all of them.",
        {"type": "array", "items": {"type": "string"}},
        lambda text, _: tuple(dict.fromkeys(split_list(text))),
    ),
    _own(
        "filter",
        f"Expression of CQL2, at most {cql.MAX_LENGTH} characters; its names are the queryables.",
        {"type": "string", "minLength": 1, "maxLength": cql.MAX_LENGTH},
        _as_given,
    ),
    _choice("filter-lang", f"Language of the filter; without it {cql.LANGUAGES[0]}.", *cql.LANGUAGES),
    _choice("filter-crs", "Reference system of coordinates in the filter.", CRS84),
    _own("cursor", "Where the page begins; from the link to the next page.", _TEXT, _as_given),
)


@lru_cache
def own(systems: tuple[str, ...]) -> Mapping[str, Parameter]:
    """What the API adds to the vocabulary of a collection that is offered in these reference systems."""
    given = (
        _choice("bbox-crs", "Reference system of the box, and so the order of its numbers.", *systems),
        crs_parameter(systems),
    )
    return {each.name: each for each in (*_LISTED, *given)}


def crs_parameter(systems: Sequence[str]) -> Parameter:
    """The parameter `crs`."""
    return _choice("crs", "Reference system of the answer, and so the order of coordinates.", *systems)


def read_crs(pairs: Pairs, systems: Sequence[str]) -> str:
    """The `crs` of a request that takes no other parameter but `f`; raises BadParameters."""
    known = {"crs": crs_parameter(systems)}
    found: str = _values((pair for pair in pairs if pair[0] != "f"), known).get("crs", CRS84)
    return found


# What layers take of the shared vocabulary; the rest asks for what only incidents have.
OF_LAYERS = ("bbox", "datetime", "sortby", "limit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request for items; `filters.limit` is always set, and `place` is where the page begins."""

    filters: Filters
    expression: Expression | None = None
    properties: tuple[str, ...] | None = None
    place: tuple[Any, ...] | None = None
    crs: str = CRS84
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The query of the other pages: everything that was asked for but where to begin."""
        return [pair for pair in self.pairs if pair[0] not in ("cursor", "offset")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one collection takes: properties, reference systems, orders, types of a place in an order."""

    properties: Sequence[str]
    systems: Mapping[str, System]
    place_types: Callable[[Sequence[str]], Sequence[type]]
    sortable: Sequence[str] | None = None

    @property
    def own(self) -> Mapping[str, Parameter]:
        """What the API adds for it."""
        return own(tuple(self.systems))


def read_incidents(pairs: Pairs, vocabulary: Vocabulary, limits: Limits) -> Asked:
    """The request for incidents; raises BadParameters with every fault."""
    return _read(tuple(pairs), limits, lambda given: parse_filters(given, vocabulary, also=limits.own))


def read_features(pairs: Pairs, limits: Limits) -> Asked:
    """The request for features of a layer; raises BadParameters with every fault."""
    return _read(tuple(pairs), limits, lambda given: _layer_filters(given, limits))


def _read(pairs: tuple[tuple[str, str], ...], limits: Limits, parse: Callable[[Pairs], Filters]) -> Asked:
    faults: list[Fault] = []
    given = _collected(faults, lambda pairs: _own_values(pairs, limits.own), pairs) or {}
    system = limits.systems[given.get("bbox-crs", CRS84)]
    # A box in another system is read here, for the shared vocabulary knows longitude and latitude alone.
    boxes, others = ([], pairs) if system.uri == CRS84 else _apart("bbox", pairs)
    filters = _collected(faults, parse, others) or Filters()
    box = _collected(faults, lambda boxes: _box(boxes, system), boxes)
    language, text = given.get("filter-lang", cql.LANGUAGES[0]), given.get("filter")
    expression = None if text is None else _collected(faults, lambda given: cql.read(given, language), text)
    place = _collected(faults, lambda given: _place(given, filters, limits), given.get("cursor"))
    faults += _unknown_properties(given.get("properties", ()), limits.properties)
    if faults:
        raise BadParameters(faults)
    if isinstance(box, Polygon):
        expression = cql.within(box, expression)
    elif box is not None:
        filters = filters.with_values(bbox=box)
    return Asked(
        filters=filters.with_values(limit=filters.limit or DEFAULT_LIMIT),
        expression=expression,
        properties=given.get("properties"),
        place=place,
        crs=given.get("crs", CRS84),
        pairs=pairs,
    )


def _apart(name: str, pairs: Sequence[tuple[str, str]]) -> tuple[list[str], list[tuple[str, str]]]:
    """The values of one parameter, and all the others."""
    return [text for each, text in pairs if each == name], [pair for pair in pairs if pair[0] != name]


def _box(texts: Sequence[str], system: System) -> Box | Polygon | None:
    if not texts:
        return None
    try:
        if len(texts) > 1:
            raise Invalid("to stand once in the address")
        return system.read_box(texts[0])
    except Invalid as error:
        raise BadParameters([Fault("bbox", texts[0], error.expected)]) from error


def _collected(faults: list[Fault], read: Callable[[Any], Any], given: Any) -> Any:
    try:
        return read(given)
    except BadParameters as error:
        faults.extend(error.faults)
        return None


def _own_values(pairs: Pairs, known: Mapping[str, Parameter]) -> dict[str, Any]:
    return _values((pair for pair in pairs if pair[0] in known), known)


def _values(
    pairs: Iterable[tuple[str, str]], known: Mapping[str, Parameter], more: Iterable[str] = ()
) -> dict[str, Any]:
    """The value of each name, which may stand once; raises BadParameters with every fault.

    `more` names what may have been meant beside the known ones.
    """
    found: dict[str, Any] = {}
    faults = []
    for name, text in pairs:
        parameter = known.get(name)
        if parameter is None:
            near = process.extractOne(name, [*known, *more], score_cutoff=70)
            faults.append(Fault(name, text, "", unknown=True, suggestion=near[0] if near else None))
            continue
        try:
            if name in found:
                raise Invalid("to stand once in the address")
            found[name] = parameter.read(text, Vocabulary())
        except Invalid as error:
            faults.append(Fault(name, text, error.expected, suggestion=error.suggestion))
    if faults:
        raise BadParameters(faults)
    return found


def _layer_filters(pairs: Pairs, limits: Limits) -> Filters:
    known = {name: FILTERS[name] for name in OF_LAYERS} | {"sortby": sort_parameter(limits.sortable or ())}
    return Filters(**_values((pair for pair in pairs if pair[0] not in limits.own), known, limits.own))


def sort_parameter(sortable: Sequence[str]) -> Parameter:
    """The parameter `sortby` for features with these properties."""

    def read(text: str, _: Vocabulary) -> tuple[str, ...]:
        keys = tuple(key.removeprefix("+") for key in split_list(text))
        if not all(key.removeprefix("-") in sortable for key in keys):
            raise Invalid(f"names of {', '.join(sortable)}, with - for descending")
        return tuple({key.removeprefix("-"): key for key in reversed(keys)}.values())[::-1]

    known = FILTERS["sortby"]
    return Parameter(name="sortby", meaning=known.meaning, json_schema=known.json_schema, read=read)


def _place(text: str | None, filters: Filters, limits: Limits) -> tuple[Any, ...] | None:
    if text is None:
        return None
    if filters.offset:
        raise BadParameters([Fault("offset", str(filters.offset), "no offset beside a cursor")])
    try:
        return tuple(cursors.read(text, filters.sortby, limits.place_types(filters.sortby)))
    except Invalid as error:
        raise BadParameters([Fault("cursor", text, error.expected)]) from error


def _unknown_properties(asked: Iterable[str], known: Sequence[str]) -> list[Fault]:
    faults = []
    for name in asked:
        if name not in known:
            near = process.extractOne(name, known, score_cutoff=70)
            expected = "names of properties that the schema lists"
            faults.append(Fault("properties", name, expected, suggestion=near[0] if near else None))
    return faults
