"""Check one GeoJSON file against RFC 7946 and against what its role needs; every fault, none raised."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import orjson
import shapely

from geoapp.errors import Problem
from geoapp.kinds import CONTROL, Invalid, parse_day, parse_url
from geoapp.layers.describe import parse_as_of
from geoapp.layers.model import ROLES, WEBP, Role, feature_id

ID = re.compile(r"[a-z0-9][a-z0-9-]{2,99}")
CHECKPOINT_KINDS = (
    "crossing_point",
    "observation_post",
    "post",
    "base",
    "fence",
    "meeting_place",
    "unverified",
)
LOCATION_KINDS = ("stated", "village", "derived", "unlocated")
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):(?=\S)")
_LINK_NAMES = re.compile(r"(.*_)?(url|link|href|source|sources)")


def check(role_name: str, file: str, content: bytes) -> list[Problem]:
    """Every fault of one layer's file, errors and warnings."""
    role = ROLES[role_name]
    if role.media_type == WEBP:
        return [] if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else [_error(file, "a WebP image")]
    try:
        collection = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        return [_error(file, f"readable JSON ({error})")]
    problems = _check_collection(file, collection)
    if problems and not isinstance(collection, dict):
        return problems
    features = collection.get("features")
    if not isinstance(features, list):
        return problems
    good = []
    for index, raw in enumerate(features):
        faults = list(_check_shell(file, index, raw)) or list(_check_feature(file, index, raw, role_name))
        problems.extend(faults)
        if isinstance(raw, dict) and isinstance(raw.get("properties"), dict):
            good.append((index, raw))
    return problems + (list(_check_ids(file, good)) if role.needs_ids else [])


def _error(file: str, expected: str, where: str | None = None, value: Any = None) -> Problem:
    shown = None if value is None else str(value)
    return Problem("error", file, expected, column=where, value=shown)


def _where(index: int, raw: Mapping[str, Any]) -> str:
    identifier = feature_id(raw)
    return f"feature {index} ({identifier})" if identifier else f"feature {index}"


def _check_collection(file: str, collection: Any) -> list[Problem]:
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        found = collection.get("type") if isinstance(collection, dict) else type(collection).__name__
        return [_error(file, "a FeatureCollection", value=found)]
    problems = []
    if "crs" in collection:
        problems.append(_error(file, "WGS 84 without a crs member (RFC 7946)", value=collection["crs"]))
    if not isinstance(collection.get("features"), list) or not collection["features"]:
        problems.append(_error(file, "a list of features that is not empty"))
    return problems


def _check_shell(file: str, index: int, raw: Any) -> Iterator[Problem]:
    where = f"feature {index}"
    if not isinstance(raw, dict) or raw.get("type") != "Feature":
        yield _error(file, "an object of type Feature", where, raw)
    elif not isinstance(raw.get("properties"), dict) or "geometry" not in raw:
        yield _error(file, "a Feature with properties and geometry", where)


def _check_feature(file: str, index: int, raw: dict[str, Any], role_name: str) -> Iterator[Problem]:
    role, where, properties = ROLES[role_name], _where(index, raw), raw["properties"]
    yield from _check_geometry(file, where, raw["geometry"], role)
    for key in ("licence", "credit"):
        if not isinstance(properties.get(key), str) or not properties[key].strip():
            yield _error(file, f"{key} of the feature, which is missing", where, properties.get(key))
    if role.needs_accuracy and not is_metres(properties.get("accuracy_p95_m")):
        found = properties.get("accuracy_p95_m")
        yield _error(file, "accuracy_p95_m: metres, a number above 0", where, found)
    yield from _check_texts(file, where, properties)
    if role_name == "places":
        yield from _check_place(file, where, raw)
    if role_name == "checkpoints":
        yield from _check_checkpoint(file, where, raw)


def is_metres(value: Any) -> bool:
    """Whether a JSON value is a length in metres: a finite number above 0."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and value > 0


def _check_geometry(file: str, where: str, geometry: Any, role: Role) -> Iterator[Problem]:
    if geometry is None:
        if not role.may_lack_geometry:
            yield _error(file, f"a geometry: {' or '.join(role.geometries)}", where)
        return
    kind = geometry.get("type") if isinstance(geometry, dict) else geometry
    if kind not in role.geometries:
        yield _error(file, f"a geometry of type {' or '.join(role.geometries)}", where, kind)
        return
    if "crs" in geometry:
        yield _error(file, "WGS 84 without a crs member (RFC 7946)", where)
    try:
        shape = shapely.from_geojson(orjson.dumps(geometry).decode())
    except shapely.errors.GEOSException as error:
        yield _error(file, f"a readable {kind} ({error})", where)
        return
    yield from _check_shape(file, where, shape)


def _check_shape(file: str, where: str, shape: Any) -> Iterator[Problem]:
    positions = shapely.get_coordinates(shape)
    if shape.is_empty or not len(positions):
        yield _error(file, "a geometry with coordinates", where)
    elif not np.isfinite(positions).all():
        yield _error(file, "finite numbers as coordinates", where)
    elif (abs(positions) > (180, 90)).any():
        worst = positions[(abs(positions) > (180, 90)).any(axis=1)][0]
        yield _error(file, "longitude, latitude in WGS 84 degrees", where, tuple(map(float, worst)))
    elif not shape.is_valid:
        yield _error(file, f"a valid geometry ({shapely.is_valid_reason(shape)})", where)
    elif any(not _winds_right(part) for part in shapely.get_parts(shape)):
        expected = "outer rings counter-clockwise, inner ones clockwise (RFC 7946)"
        yield Problem("warning", file, expected, column=where)


def _winds_right(part: Any) -> bool:
    if part.geom_type != "Polygon":
        return True
    return bool(part.exterior.is_ccw) and not any(ring.is_ccw for ring in part.interiors)


def _check_texts(file: str, where: str, properties: Mapping[str, Any]) -> Iterator[Problem]:
    for key, value in properties.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                yield from _check_text(file, f"{where} {key}", key, text)
    if isinstance(properties.get("date"), str):
        state = properties["date"].split(" (")[0]  # "2018 (v4.1.0)" is a year with a remark
        yield from _try(file, f"{where} date", parse_as_of, state)


def _check_text(file: str, where: str, key: str, text: str) -> Iterator[Problem]:
    if CONTROL.search(text):
        yield _error(file, "text without control characters", where, text)
    found = _SCHEME.match(text)
    if found and (_LINK_NAMES.fullmatch(key) or "//" in text[: found.end() + 2]):
        address = text.split()[0].rstrip(",;")  # a source may go on after it: "(CC BY 4.0), ..."
        yield from _try(file, where, parse_url, address)


def _try(file: str, where: str, parse: Callable[[str], Any], text: str) -> Iterator[Problem]:
    try:
        parse(text)
    except Invalid as error:
        yield _error(file, error.expected, where, text)


def _check_ids(file: str, features: list[tuple[int, dict[str, Any]]]) -> Iterator[Problem]:
    counted = Counter(feature_id(raw) for _, raw in features)
    for index, raw in features:
        identifier = feature_id(raw)
        if not ID.fullmatch(identifier):
            expected = "an id: 3 to 100 of a-z, 0-9 and -, not starting with -"
            yield _error(file, expected, f"feature {index}", identifier or None)
        elif counted[identifier] > 1:
            yield _error(file, "an id that no other feature of the file has", f"feature {index}", identifier)


def _check_place(file: str, where: str, raw: dict[str, Any]) -> Iterator[Problem]:
    properties = raw["properties"]
    if not isinstance(properties.get("name_en"), str) or not properties["name_en"].strip():
        yield _error(file, "name_en of the place, which is missing", where)
    for key, value in properties.items():
        if key != "aliases" and not key.endswith("_m") and not isinstance(value, str | None):
            yield _error(file, "text", f"{where} {key}", value)
    aliases = properties.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        yield _error(file, "a list of names", f"{where} aliases", aliases)
    if raw["geometry"] is not None and not is_metres(properties.get("precision_m")):
        yield _error(file, "precision_m: metres, a number above 0", where, properties.get("precision_m"))


def _check_checkpoint(file: str, where: str, raw: dict[str, Any]) -> Iterator[Problem]:
    properties = raw["properties"]
    if not isinstance(properties.get("name"), str) or not properties["name"].strip():
        yield _error(file, "name of the checkpoint, which is missing", where)
    for key, allowed in (("kind", CHECKPOINT_KINDS), ("location_kind", LOCATION_KINDS)):
        if properties.get(key) not in allowed:
            yield _error(file, f"{key}: one of {', '.join(allowed)}", where, properties.get(key))
    if raw["geometry"] is not None and not is_metres(properties.get("precision_m")):
        yield _error(file, "precision_m: metres, a number above 0", where, properties.get("precision_m"))
    days = []
    for key in ("from", "to"):
        if text := properties.get(key):
            faults = list(_try(file, f"{where} {key}", parse_day, str(text)))
            yield from faults
            days += [] if faults else [str(text)]
    if len(days) == 2 and days[0] > days[1]:
        yield _error(file, "an end (to) that is not before the start (from)", where, "/".join(days))
