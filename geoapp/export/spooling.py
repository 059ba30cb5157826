"""Features through a file with one a line: what binary forms are written from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from geoapp.export.about import About
from geoapp.export.features import geojsonl

Save = Callable[[Path, Path, About], None]


class Counted:
    """Features as they go by, with the number of incidents and source rows so far."""

    def __init__(self, features: Iterable[bytes]) -> None:
        self.incidents = self.reports = 0
        self._features = features

    def __iter__(self) -> Iterator[bytes]:
        for feature in self._features:
            self.incidents += 1
            # Inside a text the quotes are escaped: only a report's own column looks like this.
            self.reports += feature.count(b'"report_id":')
            yield feature


def write_lines(features: Iterable[bytes], target: Path) -> None:
    """Write Features (JSON), one a line."""
    with target.open("wb") as file:
        file.writelines(geojsonl(features))


def read_lines(path: Path) -> Iterator[bytes]:
    """The Features of such a file, as JSON."""
    with path.open("rb") as lines:
        for line in lines:
            yield line[:-1]


def spool(features: Iterable[bytes], save: Save, about: About, target: Path) -> None:
    """Let `save` write Features to the target, by way of a file beside it."""
    lines = target.with_name(f"{target.name}.lines")
    write_lines(features, lines)
    save(lines, target, about)
    lines.unlink()
