"""A mistake in the address of an export or of the API, told to a person: what, where, and what would do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import orjson
from flask import request

from geoapp.errors import MOST_TOLD, BadParameters, Fault, GeoappError, shorten
from geoapp.query import split_list
from geoapp.reference import Category
from geoapp.web import context

# An address of ten thousand parameters is no address to look at.
MOST_SHOWN = 60
JSON, HTML = "application/json", "text/html"


@dataclass(frozen=True)
class Piece:
    """A part of the address, and whether a fault is in it."""

    text: str
    is_fault: bool


@dataclass(frozen=True)
class Meant:
    """An address that would do, with what is different in it."""

    name: str
    value: str
    address: str


@dataclass(frozen=True)
class Allowed:
    """A parameter with the codes that it takes; categories come with their mark."""

    name: str
    codes: Sequence[tuple[str, Category | None]]


@dataclass(frozen=True)
class ProblemPage:
    """What the page shows of one failure."""

    status: int
    phrase: str
    headline: str
    faults: Sequence[Fault]
    meant: Sequence[Meant]
    pieces: Sequence[Piece]
    allowed: Sequence[Allowed]
    answer: str


def is_for_person() -> bool:
    """Whether who asked is a person with a browser rather than a tool."""
    if request.args.get("f") in ("json", "html"):
        return request.args["f"] == "html"
    offered = [JSON, "application/problem+json", "application/geo+json", HTML]
    return request.accept_mimetypes.best_match(offered) == HTML


def describe(status: int, title: str, body: dict[str, Any], error: Exception) -> ProblemPage:
    """The page for a failure; `title` is the headline where no single parameter is to blame."""
    faults = error.faults[:MOST_TOLD] if isinstance(error, BadParameters) else ()
    return ProblemPage(
        status=status,
        phrase=HTTPStatus(status).phrase if status in {each.value for each in HTTPStatus} else "",
        headline=_headline(faults[0]) if len(faults) == 1 else title,
        faults=faults,
        meant=list(_meant(faults)),
        pieces=list(_pieces(faults)),
        allowed=list(_allowed(faults)),
        answer=orjson.dumps(body, option=orjson.OPT_INDENT_2).decode(),
    )


def _headline(fault: Fault) -> str:
    if fault.unknown:
        return f"“{shorten(fault.name, 40)}” is not a parameter here"
    return f"“{shorten(fault.value, 40)}” cannot be used for {fault.name}"


def _meant(faults: Iterable[Fault]) -> Iterator[Meant]:
    """The whole address again for every fault that has a near value, with that in its place."""
    for fault in faults:
        if fault.suggestion is None:
            continue
        name, value = fault.name, fault.value
        if fault.unknown:
            name = fault.suggestion
        else:
            value = _replaced(fault)
        pairs = [(name, value) if pair[0] == fault.name else pair for pair in request.args.items(multi=True)]
        yield Meant(name, value, quote(request.path) + context.query_text(pairs))


def _replaced(fault: Fault) -> str:
    """The list of values with the near one in place of the first that is not known."""
    known = _codes(fault.name)
    values = split_list(fault.value)
    wrong = next((value for value in values if value not in known), fault.value)
    found = [fault.suggestion or "" if value == wrong else value for value in values]
    return ",".join(each.replace(",", "\\,") for each in found)


def _pieces(faults: Iterable[Fault]) -> Iterator[Piece]:
    named = {fault.name for fault in faults}
    yield Piece(shorten(request.path, 200), False)
    for number, (name, value) in enumerate(request.args.items(multi=True)):
        if number == MOST_SHOWN:
            yield Piece("&…", False)
            return
        yield Piece("&" if number else "?", False)
        yield Piece(shorten(f"{name}={value}", 400), name in named)


def _codes(name: str) -> Sequence[str]:
    try:
        return list(context.vocabulary().codes.get(name, {}))
    except GeoappError:  # the database itself may be what failed
        return []


def _allowed(faults: Iterable[Fault]) -> Iterator[Allowed]:
    for name in dict.fromkeys(fault.name for fault in faults if not fault.unknown):
        codes = _codes(name)
        if 0 < len(codes) <= MOST_SHOWN:
            categories = context.reference().categories if name == "category" else {}
            yield Allowed(name, [(code, categories.get(code)) for code in codes])
