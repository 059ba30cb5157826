"""The map's binary columns: what the browser needs to filter, count and draw, and no text.

A chunk is little-endian: the number of rows (u32), then one array per column of `LAYOUT` in that
order, from the widest to the narrowest, so that every array is aligned for a typed-array view.
`static/js/data.js` is the reading twin. Codes travel as positions in the lists of the manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import brotli
import numpy as np
import orjson
from numpy.typing import NDArray

from geoapp.kinds import DATE_PRECISION, LOCATION_PRECISIONS, STATUSES
from geoapp.layers import Feature
from geoapp.reference import Reference

NO_POINT = 0x7FFFFFFF
RADIUS_STEP_M = 10
LAYOUT: tuple[tuple[str, str], ...] = (
    ("key", "<u4"),
    ("lon", "<i4"),  # micro-degrees, NO_POINT where there is none
    ("lat", "<i4"),
    ("day", "<i4"),  # first day covered, days since 1970-01-01
    ("span", "<u2"),  # further days covered, at most 65,535
    ("place", "<u2"),  # position in the manifest's places
    ("radius", "<u2"),  # in steps of 10 m
    ("areas", "<u2"),  # bit n: area n
    ("category", "u1"),
    ("parties", "u1"),  # bit n: party n
    (
        "flags",
        "u1",
    ),  # bits 0-1 status, 2-3 location precision, 4-5 date precision, 6 differs, 7 by description
)
STATUS_CODES = tuple(STATUSES)
LOCATION_CODES = tuple(LOCATION_PRECISIONS)
DATE_CODES = tuple(DATE_PRECISION.json_schema["enum"])
Columns = dict[str, NDArray[Any]]


class Mark(NamedTuple):
    """What the map knows of one incident; degrees are WGS 84, days count from 1970-01-01."""

    key: int
    longitude: float | None
    latitude: float | None
    day_from: int
    day_to: int
    place: str
    radius_m: int | None
    areas: Sequence[str]
    category: str
    parties: Sequence[str]
    status: str
    location_precision: str
    date_precision: str
    differs: bool
    placed_by_description: bool


@dataclass(frozen=True)
class Codebook:
    """The lists in which a chunk's codes are positions; `places` grows only at its end."""

    categories: tuple[str, ...]
    areas: tuple[str, ...]
    parties: tuple[str, ...]
    places: tuple[str, ...]

    @classmethod
    def of(cls, reference: Reference, places: Iterable[str]) -> Codebook:
        """The codebook for this reference data and the names of places in use, in a fixed order."""
        areas = [area.id for area in _areas(reference)]
        parties = tuple(reference.parties)
        return cls(tuple(reference.categories), tuple(areas[:16]), parties, tuple(dict.fromkeys(places)))

    def with_places(self, names: Iterable[str]) -> Codebook:
        """The same with these places too, at its end where they are new."""
        fresh = [name for name in dict.fromkeys(names) if name not in self._positions[2]]
        return replace(self, places=(*self.places, *fresh)) if fresh else self

    @cached_property
    def _positions(self) -> tuple[dict[str, int], ...]:
        return tuple(
            {code: position for position, code in enumerate(codes)}
            for codes in (self.categories, self.areas, self.places, self.parties)
        )

    def position_of(self, category: str) -> int:
        """Position of a category."""
        return self._positions[0][category]

    def area_bits(self, areas: Iterable[str]) -> int:
        """The areas as a bit mask."""
        return sum(1 << self._positions[1][area] for area in areas if area in self._positions[1])

    def party_bits(self, parties: Iterable[str]) -> int:
        """The parties as a bit mask."""
        return sum(1 << self._positions[3][party] for party in parties if party in self._positions[3])

    def place_position(self, place: str) -> int:
        """Position of a place's name."""
        return self._positions[2][place]


def _areas(reference: Reference) -> list[Feature]:
    return [feature for layer in reference.layers.of_role("areas") for feature in layer.features]


def _flags(by: Mapping[str, Sequence[Any]]) -> NDArray[Any]:
    flags: NDArray[Any] = (
        _coded(by["status"], STATUS_CODES.index)
        | _coded(by["location_precision"], LOCATION_CODES.index) << 2
        | _coded(by["date_precision"], DATE_CODES.index) << 4
        | _coded(by["differs"], bool) << 6
        | _coded(by["placed_by_description"], bool) << 7
    )
    return flags


def _coded(values: Sequence[Any], code: Callable[[Any], int]) -> NDArray[Any]:
    """The code of each value; few values occur, each of them many times."""
    known = {value: code(value) for value in dict.fromkeys(values)}
    return np.array([known[value] for value in values], dtype=np.int64)


def _micro(degrees: Sequence[float | None]) -> NDArray[Any]:
    values = np.array(degrees, dtype=float)
    return np.where(np.isnan(values), NO_POINT, np.nan_to_num(np.round(values * 1e6)))


def columns_of(marks: Sequence[Mark], book: Codebook) -> Columns:
    """The marks as the columns of `LAYOUT`, in the order given."""
    by: dict[str, Sequence[Any]] = (
        dict(zip(Mark._fields, zip(*marks, strict=True), strict=True)) if marks else {}
    )
    for name in ("areas", "parties") if by else ():
        by[name] = [tuple(codes) for codes in by[name]]
    return columns_from(by, book)


def columns_from(by: Mapping[str, Sequence[Any]], book: Codebook) -> Columns:
    """The same of the fields of `Mark` by name, areas and parties as tuples; of no rows when blank."""
    arrays = _arrays(by, book) if by else dict.fromkeys(dict(LAYOUT), ())
    return {name: np.asarray(arrays[name]).astype(kind) for name, kind in LAYOUT}


def _arrays(by: Mapping[str, Sequence[Any]], book: Codebook) -> Mapping[str, Any]:
    first, last = np.array(by["day_from"]), np.array(by["day_to"])
    radius = np.array([value or 0 for value in by["radius_m"]])
    return {
        "key": by["key"],
        "lon": _micro(by["longitude"]),
        "lat": _micro(by["latitude"]),
        "day": first,
        "span": np.minimum(last - first, 0xFFFF),
        "place": _coded(by["place"], book.place_position),
        "radius": np.minimum(-(-radius // RADIUS_STEP_M), 0xFFFF),
        "areas": _coded(by["areas"], book.area_bits),
        "category": _coded(by["category"], book.position_of),
        "parties": _coded(by["parties"], book.party_bits),
        "flags": _flags(by),
    }


def encode(marks: Sequence[Mark], book: Codebook) -> bytes:
    """The marks, in the order given, as one chunk (not compressed)."""
    return pack(columns_of(marks, book))


def pack(found: Columns) -> bytes:
    """The columns as one chunk (not compressed); `decode` is the inverse."""
    header = np.array([len(found["key"])], dtype="<u4").tobytes()
    return header + b"".join(found[name].tobytes() for name, _ in LAYOUT)


def joined(parts: Sequence[Columns]) -> Columns:
    """The rows of several parts behind each other."""
    return {
        name: np.concatenate([part[name] for part in parts]) if parts else np.empty(0, kind)
        for name, kind in LAYOUT
    }


def chosen(found: Columns, rows: NDArray[Any] | slice) -> Columns:
    """Those rows of the columns that an index, a mask or a slice of numpy names, in its order."""
    return {name: values[rows] for name, values in found.items()}


def decode(content: bytes) -> Columns:
    """The columns of a chunk by name; the inverse of `pack`."""
    rows = int(np.frombuffer(content, dtype="<u4", count=1)[0])
    at, found = 4, {}
    for name, kind in LAYOUT:
        found[name] = np.frombuffer(content, dtype=kind, count=rows, offset=at)
        at += rows * np.dtype(kind).itemsize
    return found


def expand(content: bytes) -> bytes:
    """The inverse of `compress`."""
    plain: bytes = brotli.decompress(content)
    return plain


def compress(content: bytes) -> bytes:
    """Brotli at the level that a commit can afford."""
    packed: bytes = brotli.compress(content, quality=5)
    return packed


class ChunkEntry(NamedTuple):
    """One chunk of a version as the manifest names it; days are inclusive."""

    hash: str
    rows: int
    first_day: int
    last_day: int


def manifest(
    *,
    version: tuple[int, str],
    chunks: Iterable[ChunkEntry],
    book: Codebook,
    reference: Reference,
    totals: Mapping[str, Any],
    days: Mapping[int, int],
) -> bytes:
    """JSON that tells the browser which chunks to fetch, newest first, and what their codes mean.

    `version` is its number and content hash; `totals` has `incidents` and `located`; `days` counts
    incidents per first day (since 1970-01-01).
    """
    ordered = sorted(chunks, key=lambda chunk: (-chunk.last_day, -chunk.first_day, chunk.hash))
    return orjson.dumps(
        {
            "version": version[0],
            "content_hash": version[1],
            "chunks": [[chunk.hash, chunk.rows, chunk.first_day, chunk.last_day] for chunk in ordered],
            "layout": [[name, kind] for name, kind in LAYOUT],
            "no_point": NO_POINT,
            "radius_step_m": RADIUS_STEP_M,
            "totals": dict(totals),
            "days": [[day, days[day]] for day in sorted(days)],
        }
        | _lists(book, reference)
    )


def _lists(book: Codebook, reference: Reference) -> dict[str, Any]:
    """The lists in which codes are positions, with what the browser shows of each."""
    areas = {area.id: area.properties.get("name") or area.id for area in _areas(reference)}
    return {
        "groups": [
            {"code": group.code, "label": group.label, "letter": group.letter, "color": group.color}
            for group in reference.groups.values()
        ],
        "categories": [
            {"code": code, "label": each.label, "group": each.group}
            for code, each in reference.categories.items()
        ],
        "statuses": list(STATUS_CODES),
        "location_precisions": list(LOCATION_CODES),
        "date_precisions": list(DATE_CODES),
        "parties": [{"code": code, "label": reference.parties[code].label} for code in book.parties],
        "areas": [{"code": code, "label": areas[code]} for code in book.areas],
        "places": list(book.places),
    }
