"""Functions that SQLite lacks, offered to every connection: folding, and the relations of shapes."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.engine.interfaces import DBAPIConnection

from geoapp.folding import without_accents, without_case

_WILD = re.compile(r"\\(.)|([%_*?\[])", re.DOTALL)
_GLOB = {"%": "*", "_": "?"}


def offer(connection: DBAPIConnection) -> None:
    """Give the connection the functions; absent arguments give an absent answer."""
    known = cast(sqlite3.Connection, connection)
    known.create_function("geoapp_without_case", 1, _or_none(without_case), deterministic=True)
    known.create_function("geoapp_without_accents", 1, _or_none(without_accents), deterministic=True)
    known.create_function("geoapp_point_relates", 4, _or_none(_point_relates), deterministic=True)
    known.create_function("geoapp_shape_relates", 3, _or_none(_shape_relates), deterministic=True)


def glob_of(pattern: str) -> str:
    """A pattern of CQL2 (`%`, `_`, `\\` before a literal one) as SQLite's GLOB writes it."""
    return _WILD.sub(lambda found: _literal(found[1]) if found[1] else _wild(found[2]), pattern)


def _wild(letter: str) -> str:
    return _GLOB.get(letter) or _literal(letter)


def _literal(letter: str) -> str:
    return f"[{letter}]" if letter in "*?[" else letter


def _or_none(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*values: Any) -> Any:
        return None if None in values else function(*values)

    return call


@lru_cache(maxsize=64)
def _shape(hexadecimal: str) -> BaseGeometry:
    shape = shapely.from_wkb(hexadecimal)
    shapely.prepare(shape)
    return shape


def _point_relates(relation: str, shape: str, longitude: float, latitude: float) -> bool:
    known = _shape(shape)
    if relation == "intersects":  # by far the most asked, and the one with a way around making a point
        return bool(shapely.intersects_xy(known, longitude, latitude))
    return bool(getattr(shapely, relation)(shapely.Point(longitude, latitude), known))


def _shape_relates(relation: str, shape: str, geometry: bytes) -> bool:
    return bool(getattr(shapely, relation)(shapely.from_wkb(geometry), _shape(shape)))
