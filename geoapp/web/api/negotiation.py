"""Which form a reader gets: the parameter `f` decides, else the Accept header, else JSON."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import NotAcceptable

from geoapp.errors import BadParameters, Fault

JSON = "application/json"
GEOJSON = "application/geo+json"
SCHEMA = "application/schema+json"
HTML = "text/html"
FORMS = ("json", "html")


def media_type(*forms: str) -> str:
    """The media type to answer with: one of the JSON `forms`, the first one preferred, or `text/html`.

    Raises BadParameters for an unknown `f` and NotAcceptable when the reader takes none of them.
    """
    given = request.args.getlist("f")
    if given:
        if given[0] not in FORMS or len(given) > 1:
            raise BadParameters([Fault("f", ",".join(given), f"one of {', '.join(FORMS)}")])
        return HTML if given[0] == "html" else forms[0]
    if not request.accept_mimetypes:
        return forms[0]
    found = request.accept_mimetypes.best_match([*forms, HTML])
    if found is None:
        raise NotAcceptable(f"This is offered as {' and '.join([*forms, HTML])}.")
    return found
