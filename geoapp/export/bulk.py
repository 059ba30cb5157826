"""The whole set as files: each form is made once for a version of the data set, then only sent.

    <folder>/v<number>-<key>/incidents.geojsonl          and .geojson, .csv, .gpkg, .parquet, .fgb
                             incidents.geojsonl.json     size, checksum and rows of that file

Whoever comes first makes a file and holds its lock; everyone else, in whatever process, waits for it. A
file gets its name when it is complete, so a process that was killed leaves nothing that could be sent.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from geoapp.errors import Conflict, GeoappError, NoRoom
from geoapp.export import FORMATS, About
from geoapp.export.coding import encoded
from geoapp.export.credits import parts
from geoapp.export.pieces import PIECE_BYTES
from geoapp.export.spooling import Counted, write_lines
from geoapp.export.styles import groups_of
from geoapp.query import Filters
from geoapp.store import DatasetVersion, Store

# As many versions as the store keeps of the map's columns: a download that goes on may finish.
KEPT = 3
LINES = "geojsonl"
# A commit between two looks at the version makes us look again; so many in a row do not happen.
TRIES = 5
# With less a disk is taken for full.
LEAST_FREE_BYTES = 64 * 1024
# Folders of files that are being written.
_BEGUN = ".begun-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A complete file: bytes, SHA-256 (hex), incidents and source rows in it; `made`: its version (UTC)."""

    path: Path
    size: int
    sha256: str
    incidents: int
    reports: int
    made: datetime
    version: int


class Bulk:
    """The files in `folder`. `key` is whatever else they follow from: a new one makes all of them anew."""

    def __init__(self, folder: Path, key: str = "", licences: str = "LICENSES.txt") -> None:
        self._folder, self._key, self._licences = folder, key, licences

    def known(self, version: DatasetVersion, extension: str, *, bom: bool = False) -> Built | None:
        """The file of that version if it was made already."""
        return _described(self._place(version) / _name(extension, bom=bom))

    def has(self, version: DatasetVersion, extension: str, coding: str, *, bom: bool = False) -> bool:
        """Whether that file of that version is there in this coding (`identity`: as it is)."""
        found = self.known(version, extension, bom=bom)
        return found is not None and (coding == "identity" or _coded(found, coding).exists())

    def file(self, store: Store, extension: str, *, bom: bool = False) -> Built:
        """The file of the current version, made now when nobody has made it; raises NoRoom."""
        for _ in range(TRIES):
            version = store.current()
            target = self._place(version) / _name(extension, bom=bom)
            with room(self._folder):
                made = _described(target) or self._make(store, version, target, extension, bom=bom)
            if made:
                return made
        raise Conflict("the data set changed again and again while the file was made; try again")

    def coded(self, built: Built, coding: str) -> Path:
        """The same file in a content coding (`br`, `zstd` or `gzip`), made once; raises NoRoom."""
        target = _coded(built, coding)
        if not target.exists():
            with room(self._folder), _alone(target):
                if not target.exists():
                    _write(target, partial(_encode, built.path, coding))
        return target

    def last(self, store: Store, extension: str, *, bom: bool = False) -> Built | None:
        """The file of the newest version that has one, of those that still count."""
        found = (self.known(version, extension, bom=bom) for version in _counting(store))
        return next((each for each in found if each is not None), None)

    def prune(self, store: Store) -> None:
        """Remove what no longer counts."""
        kept = {f"v{version.number}-" for version in _counting(store)}
        for place in self._folder.glob("v*-*"):
            if not place.name.startswith(tuple(kept)):
                shutil.rmtree(place, ignore_errors=True)

    def _place(self, version: DatasetVersion) -> Path:
        follows = f"{version.content_hash} {self._key} {self._licences}"
        return self._folder / f"v{version.number}-{hashlib.sha256(follows.encode()).hexdigest()[:16]}"

    def _make(
        self, store: Store, version: DatasetVersion, target: Path, extension: str, *, bom: bool
    ) -> Built | None:
        """The file, or None when the data set changed meanwhile."""
        lines = target.with_name(_name(LINES))
        if target != lines and not (_described(lines) or self._make(store, version, lines, LINES, bom=False)):
            return None
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(target):
            if (found := _described(target)) is not None:
                return found
            save = _save_lines if target == lines else partial(self._save, extension, bom=bom)
            made = save(store, version, target)
        self.prune(store)
        return _described(target) if made else None

    def _save(
        self, extension: str, store: Store, version: DatasetVersion, target: Path, *, bom: bool
    ) -> bool:
        lines = target.with_name(_name(LINES))
        counts = _described(lines)
        if counts is None:
            return False
        reference = store.reference()
        about = About(
            version=version.number,
            made=version.created,
            licences=self._licences,
            parts=parts(reference),
            groups=groups_of(reference),
            bom=bom,
        )
        _write(target, lambda fresh: FORMATS[extension].save(lines, fresh, about))
        _describe(target, version, counts.incidents, counts.reports)
        return True


def _counting(store: Store) -> list[DatasetVersion]:
    """The last three versions, newest first, without those from before a redaction."""
    newest = store.log(KEPT)
    redacted = [each.version.number for each in newest if each.batch.kind == "redact"]
    first = max(redacted, default=0)
    return [each.version for each in newest if each.version.number >= first]


@contextmanager
def room(folder: Path) -> Iterator[None]:
    """For a block that makes files in the folder: raises NoRoom for whatever a full disk makes fail."""
    try:
        yield
    except GeoappError:
        raise
    except Exception as error:
        # Writers of other languages tell in words of their own, or not at all, why they could not write.
        known = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
        if known or (folder.is_dir() and shutil.disk_usage(folder).free < LEAST_FREE_BYTES):
            raise NoRoom(folder) from error
        raise


def _save_lines(store: Store, version: DatasetVersion, target: Path) -> bool:
    """Write all Features; False when the store is at another version by now."""
    with store.snapshot(Filters()) as (now, features):
        if now != version:
            return False
        counted = Counted(features)
        _write(target, lambda fresh: write_lines(counted, fresh))
    _describe(target, version, counted.incidents, counted.reports)
    return True


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _name(extension: str, *, bom: bool = False) -> str:
    return f"incidents{'-bom' if bom else ''}.{extension}"


def _note_of(target: Path) -> Path:
    return target.with_name(f"{target.name}.json")


def _described(target: Path) -> Built | None:
    """What was noted of a complete file; the note comes last, so with it everything is there."""
    try:
        told = orjson.loads(_note_of(target).read_bytes())
    except FileNotFoundError:
        return None
    return Built(path=target, **told | {"made": datetime.fromisoformat(told["made"])})


def _coded(built: Built, coding: str) -> Path:
    return built.path.with_name(f"{built.path.name}.{coding}")


def _describe(target: Path, version: DatasetVersion, incidents: int, reports: int) -> None:
    told = {
        "size": target.stat().st_size,
        "sha256": digest_of(target),
        "incidents": incidents,
        "reports": reports,
        "made": version.created.isoformat(),
        "version": version.number,
    }
    _write(_note_of(target), lambda fresh: _write_note(fresh, told))


def _write_note(target: Path, told: dict[str, Any]) -> None:
    target.write_bytes(orjson.dumps(told))


def _write(target: Path, save: Callable[[Path], None]) -> None:
    """Let `save` write a file beside the target, then give it the target's name."""
    with tempfile.TemporaryDirectory(prefix=f"{_BEGUN}{target.name}-", dir=target.parent) as folder:
        fresh = Path(folder) / target.name
        save(fresh)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(target)


def _encode(source: Path, coding: str, target: Path) -> None:
    if coding == "zstd":
        # Its library is heavy to load and is needed once for each file.
        import pyarrow

        with source.open("rb") as plain, pyarrow.CompressedOutputStream(str(target), "zstd") as packed:
            shutil.copyfileobj(plain, packed, PIECE_BYTES)
        return
    with source.open("rb") as plain, target.open("wb") as packed:
        packed.writelines(encoded(iter(partial(plain.read, PIECE_BYTES), b""), coding, quality=5))


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Let nobody else in any process make this file meanwhile; the system frees it when we are killed."""
    with target.with_name(f".{target.name}.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Nobody else is at it, so these are what a killed process left.
        for name in (target.name, _note_of(target).name):
            for left in target.parent.glob(f"{_BEGUN}{name}-*"):
                shutil.rmtree(left, ignore_errors=True)
        yield
