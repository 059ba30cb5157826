"""The published folder: written so that readers of it never meet half a site.

What changed is laid beside the site first, compressed too; then it is moved into place, files that never
change before the pages that name them, the list of files last. A run that is killed leaves the old site,
or one whose pages are partly new, each of them whole. Files of others are never touched.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import brotli
import orjson

from geoapp.errors import GeoappError

LIST = ".geoapp-publish.json"
STAGING = ".geoapp-staging"
TWINS = (".br", ".gz")
KEPT_VERSIONS = 3
TEXT = frozenset(
    {
        ".html", ".js", ".css", ".json", ".jsonld", ".csv", ".geojson", ".geojsonl", ".svg", ".txt", ".xml",
        ".atom", ".bib", ".bin",
    }
)  # fmt: skip
# Hashed files stand in these folders and no others; what they hold never changes.
IMMUTABLE = ("static/", "map/chunks/", "map/layers/", "search/files/")
# Below this many bytes a header costs more than compression saves; above that many Brotli 11 takes minutes.
LEAST_BYTES, MOST_BYTES = 860, 16 * 2**20
# Qualities of Brotli up to that size and above.
BEST, FASTER = 11, 9


class PublishRefused(GeoappError):
    """The folder or the settings do not allow it; nothing was changed."""


@dataclass
class Written:
    """What one run did, in numbers of files, twins not counted; `bytes` is the size of the whole site."""

    files: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0
    bytes: int = 0
    by_language: dict[str, int] = field(default_factory=dict)


class Folder:
    """One folder to be published into; a context manager that gives up what was not switched."""

    def __init__(self, root: Path, *, twins: bool = True) -> None:
        self.root = root
        self._twins = twins
        self._staging = root / STAGING
        self._before = self._read()
        self._now: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._staged: list[str] = []
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1)
        self._packing: list[Future[None]] = []

    def __enter__(self) -> Folder:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(self._staging, ignore_errors=True)
            self._staging.mkdir()
        except OSError as error:
            raise PublishRefused(f"cannot write to {self.root}: {error.strerror}") from error
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        shutil.rmtree(self._staging, ignore_errors=True)

    def add(self, name: str, content: bytes) -> None:
        """Take a file into the site; its bytes are laid by when they are new.

        Raises PublishRefused where somebody else's file stands.
        """
        digest = hashlib.sha256(content).hexdigest()
        self._now[name], self._sizes[name] = digest, len(content)
        if self._files.get(name) == digest and self._stands(name, len(content)):
            return
        self._refuse_foreign(name)
        self._staged.append(name)
        self._packing.append(self._pool.submit(self._stage, name, content))

    def switch(self, purge_mark: int) -> Written:
        """Put the new site in place of the old one.

        Older hashed files of the last three versions stay, unless `purge_mark` (the number of redactions)
        is another than in the last version: then none does, because they may hold what was redacted.
        """
        for each in self._packing:
            each.result()
        old, written = self._files, Written(len(self._now), len(self._staged))
        changed = bool(self._staged) or set(old) != set(self._now)
        version = self._before.get("version", 0) + (1 if changed else 0)
        retired = {name: number for name, number in self._retired.items() if name not in self._now}
        gone = [name for name in old if name not in self._now]
        retired |= {name: version for name in gone if name.startswith(IMMUTABLE)}
        purged = purge_mark != self._before.get("purge_mark", purge_mark)
        over = [name for name, number in retired.items() if purged or number <= version - KEPT_VERSIONS]
        retired = {name: number for name, number in retired.items() if name not in over}
        if changed or over:
            # Known as ours before it is moved: a run after a kill may replace it.
            self._write_list(self._before | {"pending": self._staged})
            self._move()
            self._write_list(
                {"version": version, "purge_mark": purge_mark, "files": self._now, "retired": retired}
            )
        dead = [*over, *(name for name in gone if name not in retired)]
        self._remove(dict.fromkeys(dead))
        written.removed, written.kept = len(dict.fromkeys(dead)), len(retired)
        written.bytes = sum(self._sizes.values())
        return written

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes of every file of the site, twins not counted."""
        return self._sizes

    @property
    def _files(self) -> dict[str, str]:
        found: dict[str, str] = self._before.get("files", {})
        return found

    @property
    def _retired(self) -> dict[str, int]:
        found: dict[str, int] = self._before.get("retired", {})
        return found

    def _read(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = orjson.loads((self.root / LIST).read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise PublishRefused(f"the list of files {self.root / LIST} cannot be read: {error}") from error
        return found

    def _write_list(self, content: dict[str, Any]) -> None:
        made = self._staging / LIST
        made.write_bytes(orjson.dumps(content, option=orjson.OPT_SORT_KEYS))
        made.replace(self.root / LIST)

    def _stands(self, name: str, size: int) -> bool:
        path = self.root / name
        twins = [path.with_name(path.name + end) for end in TWINS] if self._is_packed(name, size) else []
        return path.is_file() and path.stat().st_size == size and all(twin.is_file() for twin in twins)

    def _refuse_foreign(self, name: str) -> None:
        ours = name in self._files or name in self._retired or name in self._before.get("pending", ())
        for path in (self.root / name, *(self.root / f"{name}{end}" for end in TWINS)):
            if not ours and path.exists():
                raise PublishRefused(
                    f"{path} was not made by publish; it is left as it is, nothing was changed"
                )

    def _is_packed(self, name: str, size: int) -> bool:
        return self._twins and PurePosixPath(name).suffix in TEXT and size >= LEAST_BYTES

    def _stage(self, name: str, content: bytes) -> None:
        target = self._staging / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        if self._is_packed(name, len(content)):
            quality = BEST if len(content) <= MOST_BYTES else FASTER
            packed = brotli.compress(content, quality=quality)
            target.with_name(target.name + ".br").write_bytes(packed)
            target.with_name(target.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))

    def _move(self) -> None:
        for name in sorted(self._staged, key=_order):
            target = self.root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            for end in (*TWINS, ""):
                made, place = self._staging / f"{name}{end}", self.root / f"{name}{end}"
                if made.is_file():
                    made.replace(place)
                else:
                    place.unlink(missing_ok=True)

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            for end in ("", *TWINS):
                (self.root / f"{name}{end}").unlink(missing_ok=True)
            self._remove_empty(self.root / name)

    def _remove_empty(self, path: Path) -> None:
        for folder in path.parents:
            if folder == self.root or any(folder.iterdir()):
                return
            folder.rmdir()


def _order(name: str) -> tuple[int, str]:
    """Hashed files first, then data, then pages, then what names the data of a version."""
    if name.startswith(IMMUTABLE):
        return 0, name
    if name in ("map/manifest.json", "search/index.json"):
        return 3, name
    return (2 if name.endswith(".html") else 1), name
