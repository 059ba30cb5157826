"""`/downloads`: everything, and exactly what was filtered, and what to know before counting."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from geoapp.export import package
from geoapp.export.credits import INCIDENTS, Licence
from geoapp.export.recipes import RECIPES, Recipe
from geoapp.incident import COLUMN_FIELDS, JOINED_PROPERTIES, Field, Record
from geoapp.layers import Layer
from geoapp.query import Filters
from geoapp.store import DatasetVersion, Logged
from geoapp.web import context, wording
from geoapp.web.analysts import metadata, ready
from geoapp.web.analysts.files import layers
from geoapp.web.analysts.measured import Part, measured
from geoapp.web.readers import choices

blueprint = Blueprint("downloads", __name__)

# Fields of the excerpt; all of them stand behind it.
EXCERPT = (
    "id", "date", "status", "location_precision", "attributed_to", "claimed_date", "claimed_distance_m",
    "distance_max_m",
)  # fmt: skip
# As many records are looked through for an example of each field.
LOOKED_THROUGH = 200


@dataclass(frozen=True)
class Cell:
    """One file in the table: where it is, rows in words; size in bytes and checksum where they are known."""

    href: str
    rows: str
    size: int | None
    sha256: str | None


@dataclass(frozen=True)
class Row:
    """One form: the whole set and, when something is filtered, the part."""

    extension: str
    title: str
    purpose: str
    whole: Cell
    part: Cell | None


@dataclass(frozen=True)
class Explained:
    """One column of the data dictionary with a value that occurs; empty where none was found."""

    field: Field
    example: str


@dataclass(frozen=True)
class Page:
    """Everything that the page shows."""

    version: DatasetVersion
    incidents: int
    reports: int
    publishers: int
    licence: Licence
    filters: Filters
    found: int
    chips: tuple[choices.Chip, ...]
    rows: tuple[Row, ...]
    is_making: bool
    layers: tuple[Layer, ...]
    recipes: tuple[Recipe, ...]
    excerpt: tuple[Explained, ...]
    columns: tuple[Field, ...]
    joined: tuple[Field, ...]
    busiest: tuple[int, int] | None
    single_source: int
    without_point: int
    last: Logged | None
    cited: str
    cited_part: str
    dataset: dict[str, Any]


@blueprint.get("/downloads")
def downloads() -> Response:
    """The page; raises BadParameters."""
    filters = context.page_filters().without("sortby", "limit", "offset")
    response = Response(render_template("analysts/downloads.html", page=describe(filters)))
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def describe(filters: Filters) -> Page:
    """The page for the data set as it is now."""
    store, version = context.store(), context.dataset()
    everything = ready.downloads()
    built = [each.built for each in everything if each.built is not None]
    counts = store.facets(Filters())
    return Page(
        version=version,
        incidents=store.count(Filters()),
        reports=built[0].reports if built else version.reports,
        publishers=sum(1 for count in counts["publisher"].values() if count),
        licence=INCIDENTS,
        filters=filters,
        found=store.count(filters),
        chips=choices.chips(filters, context.vocabulary()),
        rows=_rows(everything, filters),
        is_making=len(built) < len(everything),
        layers=tuple(layers()),
        recipes=RECIPES,
        excerpt=_excerpt(store.find(Filters(limit=LOOKED_THROUGH))),
        columns=COLUMN_FIELDS,
        joined=JOINED_PROPERTIES,
        busiest=_busiest(),
        single_source=counts["status"].get("single_source", 0),
        without_point=counts["located"].get("false", 0),
        last=store.log(1)[0] if version.number else None,
        cited=metadata.cited(Filters()).text(),
        cited_part=metadata.cited(filters).text() if filters.narrowing() else "",
        dataset=package.dataset(metadata.described(), everything),
    )


def _rows(everything: list[package.Download], filters: Filters) -> tuple[Row, ...]:
    part = measured(filters) if filters.narrowing() else None
    return tuple(
        Row(
            extension=each.form.extension,
            title=each.form.title,
            purpose=each.form.purpose,
            whole=_whole(each),
            part=_part(each, filters, part) if filters.narrowing() else None,
        )
        for each in everything
    )


def _whole(each: package.Download) -> Cell:
    href = url_for("analysts.incidents", extension=each.form.extension)
    if each.built is None:
        return Cell(href, "", None, None)
    rows = _counted(each.form.extension, each.built.incidents, each.built.reports)
    return Cell(href, rows, each.built.size, each.built.sha256)


def _part(each: package.Download, filters: Filters, part: Part | None) -> Cell:
    extension = each.form.extension
    href = url_for("analysts.incidents", extension=extension) + context.query_of(filters)
    if part is None:
        return Cell(href, "", None, None)
    return Cell(href, _counted(extension, part.incidents, part.reports), *part.files[extension])


def _counted(extension: str, incidents: int, reports: int) -> str:
    """A row of CSV is a report, of every other form an incident."""
    count, noun = (reports, "row") if extension == "csv" else (incidents, "incident")
    return wording.plural(count, noun)


def _busiest() -> tuple[int, int] | None:
    """The year with the most incidents, and how many."""
    years: Counter[int] = Counter()
    for day, count in context.store().days(Filters()).items():
        years[day.year] += count
    return years.most_common(1)[0] if years else None


def _excerpt(records: list[Record]) -> tuple[Explained, ...]:
    known = {each.name: each for each in (*COLUMN_FIELDS, *JOINED_PROPERTIES)}
    return tuple(Explained(known[name], _example(known[name], records)) for name in EXCERPT)


def _example(field: Field, records: list[Record]) -> str:
    for record in records:
        owners = {"incident": (record.incident,), "joined": (record.joined,)}
        for owner in owners.get(field.of, record.incident.reports):
            value = getattr(owner, field.name)
            if value is not None:
                return field.kind.format(value)
    return ""
