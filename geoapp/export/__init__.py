"""Incidents out, as streams of bytes: the memory that an export takes does not grow with the data set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from geoapp.export.features import geojson
from geoapp.export.rows import csv
from geoapp.incident import Record

__all__ = ["FORMATS", "Format", "Options", "csv", "geojson"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a writer may be told; each format takes what it can carry.

    `members` are foreign members of a GeoJSON collection (RFC 7946, section 6.1); `bom` begins a CSV
    with a byte order mark, without which Excel takes UTF-8 for something else.
    """

    members: Mapping[str, Any] = field(default_factory=dict)
    bom: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One form of export: the end of its file name, its media type, and the parameters of its own."""

    extension: str
    title: str
    media_type: str
    write: Callable[[Iterable[Record], Options], Iterator[bytes]]
    parameters: tuple[str, ...] = ()


_LISTED = (
    Format(
        extension="geojson",
        title="GeoJSON (RFC 7946), one feature per incident",
        media_type="application/geo+json",
        write=lambda records, options: geojson(records, options.members),
    ),
    Format(
        extension="csv",
        title="CSV, one row per report; the form that an import takes",
        media_type="text/csv; charset=utf-8",
        write=lambda records, options: csv(records, options.bom),
        parameters=("bom",),
    ),
)
FORMATS: Mapping[str, Format] = {form.extension: form for form in _LISTED}
