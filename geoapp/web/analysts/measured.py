"""Size and checksum of what filters leave, found out by writing it: only for small sets, and kept."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from cachetools import LRUCache
from flask import current_app

from geoapp.export import FORMATS
from geoapp.export.bulk import digest_of
from geoapp.export.spooling import Counted, write_lines
from geoapp.query import Filters
from geoapp.web import context
from geoapp.web.analysts import sending

# Writing so many incidents in every form takes about half a second.
MOST_INCIDENTS = 2_000
MOST_KEPT = 64
_lock = Lock()


class File(NamedTuple):
    """One file as it would be sent: bytes and SHA-256, in hex."""

    size: int
    sha256: str


class Part(NamedTuple):
    """Incidents and source rows that filters leave, and the file of each form, by its extension."""

    incidents: int
    reports: int
    files: Mapping[str, File]


def measured(filters: Filters) -> Part | None:
    """What the filters leave; None when it is too much to be written for a page."""
    if context.store().count(filters) > MOST_INCIDENTS:
        return None
    cache: LRUCache[object, Part] = current_app.extensions.setdefault("geoapp.measured", LRUCache(MOST_KEPT))
    version = context.dataset()
    key = (version.number, version.content_hash, filters)
    with _lock:
        if key not in cache:
            cache[key] = _measure(filters)
        return cache[key]


def _measure(filters: Filters) -> Part:
    with tempfile.TemporaryDirectory(prefix="geoapp-export-") as name:
        lines = Path(name) / "lines"
        with context.store().snapshot(filters) as (version, features):
            counted = Counted(features)
            write_lines(counted, lines)
        files: dict[str, File] = {}
        about = sending.about(version, filters)
        for extension, form in FORMATS.items():
            target = Path(name) / f"incidents.{extension}"
            form.save(lines, target, about)
            files[extension] = File(target.stat().st_size, digest_of(target))
    return Part(counted.incidents, counted.reports, files)
