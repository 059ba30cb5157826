"""Reference layers: read from `DATA_DIR` by `layers.toml`, checked as a whole, known by their content."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from geoapp.errors import DataRefused, Problem
from geoapp.layers import checks, describe
from geoapp.layers.model import GEOJSON, ROLES, Feature, Layer, Layers, Role

__all__ = ["GEOJSON", "ROLES", "Feature", "Layer", "Layers", "Role", "load"]


def load(data_dir: Path) -> Layers:
    """Every layer of `data_dir`; raises DataRefused with every fault of every file."""
    tables, problems = describe.read(Path(data_dir) / describe.FILE)
    layers = {}
    for table in tables:
        path = Path(data_dir) / table["file"]
        try:
            layer = Layer(content=path.read_bytes(), **table)
        except OSError as error:
            problems.append(
                Problem(
                    "error",
                    describe.FILE,
                    f"a file that can be read ({error.strerror})",
                    column=f"{table['name']}.file",
                    value=table["file"],
                )
            )
            continue
        problems.extend(checks.check(layer.role, layer.file, layer.content))
        layers[layer.name] = layer
    problems.extend(_undescribed(Path(data_dir), [table["file"] for table in tables]))
    if any(problem.level == "error" for problem in problems):
        raise DataRefused(problems)
    return Layers(layers, tuple(problems))


def _undescribed(data_dir: Path, files: list[str]) -> Iterator[Problem]:
    for path in sorted(data_dir.glob("geojson/*")):
        name = path.relative_to(data_dir).as_posix()
        if name not in files:
            yield Problem("warning", describe.FILE, "a table for every file of geojson/", value=name)
