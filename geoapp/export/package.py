"""Descriptions for machines: a Frictionless data package and a schema.org Dataset."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from geoapp.export import Format
from geoapp.export.bulk import Built
from geoapp.export.citation import TITLE
from geoapp.export.credits import INCIDENTS, Part
from geoapp.incident import COLUMN_FIELDS, INCIDENT_FIELDS, Field

DESCRIPTION = (
    "Dated incidents along a contested line, each with what every side says and where it says so. "
    "It attributes and does not adjudicate. Coverage follows search effort and press attention: counts per "
    "year are not frequencies."
)
_TYPES = {"integer": "integer", "number": "number", "boolean": "boolean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The data set: version, size, days and box (WGS 84 degrees) that it covers, its page."""

    version: int
    content_hash: str
    made: datetime
    incidents: int
    days: tuple[date, date] | None
    bbox: tuple[float, float, float, float] | None
    page: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Download:
    """One file of the whole set: its form and address, and its size and checksum when it was made already."""

    form: Format
    address: str
    built: Built | None


def table_schema() -> dict[str, Any]:
    """Frictionless table schema of the CSV."""
    return {
        "fields": [_field(each) for each in COLUMN_FIELDS],
        "missingValues": [""],
        "primaryKey": "report_id",
    }


def _field(each: Field) -> dict[str, Any]:
    schema = each.kind.json_schema
    field: dict[str, Any] = {"name": each.name, "description": each.meaning}
    if schema.get("format") == "date":
        field |= {"type": "date", "format": "%Y-%m-%d"}
    elif schema.get("format") == "uri":
        field |= {"type": "string", "format": "uri"}
    else:
        field["type"] = _TYPES.get(str(schema.get("type")), "string")
    return field | ({"constraints": found} if (found := _constraints(each)) else {})


def _constraints(each: Field) -> dict[str, Any]:
    schema = each.kind.json_schema
    found = {name: schema[name] for name in ("enum", "pattern", "minimum", "maximum") if name in schema}
    # An incident's fields stand on the row of its first report alone; its id stands on all of them.
    if each.required and (each.name == "id" or each not in INCIDENT_FIELDS):
        found["required"] = True
    return found


def datapackage(described: Described, downloads: Iterable[Download]) -> dict[str, Any]:
    """The data package: https://specs.frictionlessdata.io/data-package/."""
    return {
        "profile": "data-package",
        "name": "boundary-incidents",
        "id": described.content_hash,
        "title": TITLE,
        "description": DESCRIPTION,
        "homepage": described.page,
        "version": str(described.version),
        "created": described.made.isoformat(timespec="seconds"),
        "licenses": [{"name": "CC-BY-4.0", "title": INCIDENTS.name, "path": INCIDENTS.url}],
        "sources": [{"title": part.title, "description": part.source} for part in described.parts],
        "resources": [_resource(each) for each in downloads],
    }


def _resource(each: Download) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": f"incidents-{each.form.extension}",
        "title": each.form.title,
        "description": each.form.purpose,
        "path": each.address,
        "format": each.form.extension,
        "mediatype": each.form.media_type.partition(";")[0],
    }
    if each.built is not None:
        found |= {"bytes": each.built.size, "hash": f"sha256:{each.built.sha256}"}
    if each.form.extension == "csv":
        found |= {"profile": "tabular-data-resource", "encoding": "utf-8", "schema": table_schema()}
    return found


def dataset(described: Described, downloads: Iterable[Download]) -> dict[str, Any]:
    """The schema.org Dataset, as JSON-LD."""
    found: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": TITLE,
        "description": DESCRIPTION,
        "url": described.page,
        "identifier": described.content_hash,
        "version": str(described.version),
        "dateModified": described.made.isoformat(timespec="seconds"),
        "license": INCIDENTS.url,
        "creditText": INCIDENTS.credit,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": f"{TITLE}, editors"},
        "keywords": ["incidents", "boundary", "crossing points", "GeoJSON"],
        "size": f"{described.incidents} incidents",
        "distribution": [_distribution(each) for each in downloads],
    }
    if described.days:
        found["temporalCoverage"] = "/".join(day.isoformat() for day in described.days)
    if described.bbox:
        west, south, east, north = described.bbox
        box = {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}
        found["spatialCoverage"] = {"@type": "Place", "geo": box}
    return found


def _distribution(each: Download) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "DataDownload",
        "name": each.form.title,
        "encodingFormat": each.form.media_type.partition(";")[0],
        "contentUrl": each.address,
    }
    if each.built is not None:
        found |= {"contentSize": f"{each.built.size} B", "sha256": each.built.sha256}
    return found
