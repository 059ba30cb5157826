"""`/exports/`: incidents in every form, all of them or those that the filters leave."""

from __future__ import annotations

from flask import Response, request

from geoapp.errors import BadParameters, Fault, NotFound
from geoapp.export import FORMATS, Format
from geoapp.export.credits import licences_text
from geoapp.query import Filters
from geoapp.web import context
from geoapp.web.analysts import sending
from geoapp.web.analysts.blueprint import blueprint


@blueprint.get("/exports/incidents.<extension>")
def incidents(extension: str) -> Response:
    """All incidents as a file, those that filters leave as a stream; raises NotFound and BadParameters."""
    form = FORMATS.get(extension)
    if form is None:
        raise NotFound("form of export", extension, FORMATS)
    bom = _bom(form)
    filters = context.exact_filters(also=form.parameters)
    if filters == Filters():
        return sending.whole(form, bom=bom)
    return sending.filtered(form, filters, bom=bom)


@blueprint.get("/exports/LICENSES.txt")
def licences() -> Response:
    """Licences and credits of everything that the exports carry."""
    return sending.text(licences_text(context.reference()))


def _bom(form: Format) -> bool:
    given = request.args.getlist("bom") if "bom" in form.parameters else []
    faults = [Fault("bom", text, "true or false") for text in given if text not in ("true", "false")]
    if len(given) > 1:
        faults.append(Fault("bom", given[-1], "to stand once in the address"))
    if faults:
        raise BadParameters(faults)
    return "true" in given
