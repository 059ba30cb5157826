"""The readers' pages: a view reads the address, asks the store and renders what is made elsewhere."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from geoapp import links, presets
from geoapp.errors import Gone
from geoapp.incident import Record
from geoapp.query import Filters
from geoapp.web import context
from geoapp.web.readers import listing
from geoapp.web.readers import methodology as method
from geoapp.web.readers.incident_page import IncidentPage

blueprint = Blueprint("readers", __name__)


@blueprint.get("/incidents")
def incidents() -> str:
    """The list: filters with counts, the query in words, rows by month and day."""
    filters = context.page_filters()
    named = presets.load(context.settings().data_dir)
    page = listing.page(context.view(), context.reference(), context.vocabulary(), filters, named)
    return render_template("readers/incidents.html", page=page)


@blueprint.get("/incidents/<incident_id>")
def incident(incident_id: str) -> str:
    """One incident; raises NotFound and Gone."""
    filters = context.page_filters()
    record = context.view().get(incident_id)
    return render_template("readers/incident.html", page=_page(record, filters))


@blueprint.get("/incidents/<incident_id>/v/<int(max=999999):number>")
def incident_version(incident_id: str, number: int) -> str:
    """One incident as it stood in that version, at an address that stays; raises NotFound and Gone."""
    filters = context.page_filters()
    version = context.view().version(incident_id, number)
    if version.record is None:
        raise Gone(
            "version", f"{incident_id}/v/{number}", "This version records that the incident was removed."
        )
    return render_template("readers/incident.html", page=_page(version.record, filters))


@blueprint.get("/incidents/key/<int(max=4294967295):key>")
def card(key: int) -> ResponseReturnValue:
    """The card for a mark: a fragment for our script, a page for a reader; raises NotFound and Gone."""
    filters = context.page_filters()
    record = context.view().by_key(key)
    # A browser that opens an address names XHTML in Accept; our script asks for text/html alone.
    whole = "application/xhtml+xml" in request.headers.get("Accept", "")
    template = "readers/card.html" if whole else "incidents/_card.html"
    response = make_response(render_template(template, page=_page(record, filters)))
    response.vary.add("Accept")
    return response


@blueprint.get("/methodology")
def methodology() -> str:
    """How the map is made, with the figures of the data that it serves."""
    context.page_without_query()
    texts = method.read_texts(context.settings().data_dir)
    return render_template(
        "readers/methodology.html", method=method.describe(context.view(), context.reference(), texts)
    )


def _page(record: Record, filters: Filters) -> IncidentPage:
    store, known = context.view(), record.incident.id
    return IncidentPage(
        record=record,
        reference=context.reference(),
        versions=tuple(store.history(known)),
        filters=filters,
        neighbours=store.neighbours(known, filters),
        checks=links.checks_of(store, [report.source_url for report in record.incident.reports]),
    )
