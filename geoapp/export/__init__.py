"""Incidents out, in six forms that hold the same: the memory that it takes does not grow with the data set.

Text is a stream. Binary forms are written to a file first, from a file with one Feature a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from geoapp.export.about import About
from geoapp.export.features import geojson, geojsonl
from geoapp.export.pieces import PIECE_BYTES
from geoapp.export.rows import csv
from geoapp.export.spooling import Counted, Save, read_lines, spool

__all__ = ["FORMATS", "About", "Counted", "Format", "csv", "geojson", "geojsonl"]

Write = Callable[[Iterable[bytes], About], Iterator[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One form of export: the end of its file name, its media type, and the parameters of its own.

    `write` makes a stream from Features (JSON), None where the form cannot be one; `save` writes the
    Features of a file with one a line to another file.
    """

    extension: str
    title: str
    purpose: str
    media_type: str
    save: Save
    write: Write | None = None
    parameters: tuple[str, ...] = ()

    def stream(self, features: Iterable[bytes], about: About) -> Iterator[bytes]:
        """The Features in this form; a binary one by way of a temporary file."""
        if self.write is not None:
            yield from self.write(features, about)
            return
        with TemporaryDirectory(prefix="geoapp-export-") as folder:
            target = Path(folder) / f"incidents.{self.extension}"
            spool(features, self.save, about, target)
            with target.open("rb") as file:
                yield from iter(lambda: file.read(PIECE_BYTES), b"")


def _text(write: Write, **named: object) -> Format:
    def save(lines: Path, target: Path, about: About) -> None:
        with target.open("wb") as file:
            file.writelines(write(read_lines(lines), about))

    return Format(write=write, save=save, **named)  # type: ignore[arg-type]


# pyarrow and GDAL cost 100 MB and half a second; who asks for text never loads them.
def _save_geopackage(lines: Path, target: Path, about: About) -> None:
    from geoapp.export import gdal

    gdal.save_geopackage(lines, target, about)


def _save_flatgeobuf(lines: Path, target: Path, about: About) -> None:
    from geoapp.export import gdal

    gdal.save_flatgeobuf(lines, target, about)


def _save_parquet(lines: Path, target: Path, about: About) -> None:
    from geoapp.export import parquet

    parquet.save(lines, target, about)


_LISTED = (
    _text(
        lambda features, about: geojson(features, about.members()),
        extension="geojson",
        title="GeoJSON",
        purpose="One feature for each incident, its sources as a list",
        media_type="application/geo+json",
    ),
    _text(
        lambda features, about: csv(features, about.bom),
        extension="csv",
        title="CSV",
        purpose="One row for each source; the form that an import takes",
        media_type="text/csv; charset=utf-8",
        parameters=("bom",),
    ),
    Format(
        extension="gpkg",
        title="GeoPackage",
        purpose="For QGIS and ArcGIS: a layer of incidents, a table of their sources",
        media_type="application/geopackage+sqlite3",
        save=_save_geopackage,
    ),
    Format(
        extension="parquet",
        title="GeoParquet",
        purpose="For DuckDB, pandas and R; the smallest",
        media_type="application/vnd.apache.parquet",
        save=_save_parquet,
    ),
    Format(
        extension="fgb",
        title="FlatGeobuf",
        purpose="For GDAL and web maps",
        media_type="application/vnd.flatgeobuf",
        save=_save_flatgeobuf,
    ),
    _text(
        lambda features, _: geojsonl(features),
        extension="geojsonl",
        title="GeoJSON Lines",
        purpose="For streaming and command lines",
        media_type="application/x-ndjson",
    ),
)
FORMATS: Mapping[str, Format] = {form.extension: form for form in _LISTED}
