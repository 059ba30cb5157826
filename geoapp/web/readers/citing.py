"""A version of a record for reference managers (BibTeX, CSL-JSON) and for machines that read events."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response, abort, url_for

from geoapp.citation import Citation
from geoapp.errors import Gone
from geoapp.export.credits import INCIDENTS
from geoapp.incident import Record, Report
from geoapp.store import Version
from geoapp.web import context, language

blueprint = Blueprint("citing", __name__)

SITE = "Boundary incidents"
MEDIA_TYPES = {
    "bib": "application/x-bibtex; charset=utf-8",
    "csl.json": "application/vnd.citationstyles.csl+json",
}


@blueprint.get("/incidents/<incident_id>/v/<int(max=999999):number>.<form>")
def cited(incident_id: str, number: int, form: str) -> Response:
    """That version of a record as `bib` or `csl.json`; raises NotFound and Gone."""
    if form not in MEDIA_TYPES:
        abort(404)
    version = context.store().version(incident_id, number)
    if version.record is None:
        reason = "This version records that the incident was removed."
        raise Gone("version", f"{incident_id}/v/{number}", reason)
    citation = of_version(version.record, version)
    if form == "bib":
        body = citation.bibtex().encode()
    else:
        body = orjson.dumps(citation.csl(), option=orjson.OPT_INDENT_2)
    response = Response(body, content_type=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{incident_id}-v{number}.{form}"'
    return response


def of_version(record: Record, version: Version) -> Citation:
    """How one version of a record is cited, at the address that stays."""
    identifier = record.incident.id
    return Citation(
        key=f"{identifier}-v{version.number}",
        kind="webpage",
        title=record.incident.title,
        site=SITE,
        issued=version.batch.created.date(),
        version=version.number,
        url=_address(record),
        licence=INCIDENTS.name,
    )


@blueprint.app_template_filter("event")
def event(record: Record) -> dict[str, Any]:
    """The record as a schema.org Event; a date that is known to the month or year says no more than that."""
    incident, joined = record.incident, record.joined
    first, last = incident.interval
    digits = {"year": 4, "month": 7}.get(incident.date_precision, 10)
    place: dict[str, Any] = {"@type": "Place", "name": incident.place}
    if joined.longitude is not None:
        place["geo"] = {
            "@type": "GeoCircle",
            "geoMidpoint": {
                "@type": "GeoCoordinates",
                "latitude": joined.latitude,
                "longitude": joined.longitude,
            },
            "geoRadius": joined.location_radius_m,
        }
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": _address(record),
        "url": _in_english("readers.incident", incident_id=incident.id),
        "identifier": incident.id,
        "version": record.version,
        "name": incident.title,
        "description": incident.summary,
        "startDate": first.isoformat()[:digits],
        "endDate": last.isoformat()[:digits],
        "location": place,
        "license": INCIDENTS.url,
        "subjectOf": [_source(report) for report in incident.current_reports],
    }


def _source(report: Report) -> dict[str, Any]:
    said = {
        "@type": "CreativeWork",
        "url": report.source_url,
        "name": report.source_title,
        "publisher": {"@type": "Organization", "name": report.source_publisher},
        "datePublished": report.source_date.isoformat() if report.source_date else None,
        "inLanguage": report.source_language,
    }
    return {name: value for name, value in said.items() if value}


def _address(record: Record) -> str:
    """The address of this version, which stays."""
    return _in_english("readers.incident_version", incident_id=record.incident.id, number=record.version)


def _in_english(endpoint: str, **values: Any) -> str:
    """The one address of a page that all its languages share as their name."""
    english = language.LANGUAGES[language.DEFAULT]
    return context.absolute_url(language.in_language(url_for(endpoint, **values), english))
