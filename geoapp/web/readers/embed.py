"""The map in a page of somebody else: the same engine and filters, without the site around it."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from geoapp.web import context
from geoapp.web.readers import background, map_page, mapdata, script_words

blueprint = Blueprint("embed", __name__)


@blueprint.get("/embed")
def embed() -> str:
    """The map alone, with the query in words and a way to the whole page."""
    filters = context.page_filters()
    return render_template(
        "readers/embed.html",
        page=map_page.describe(filters),
        shell=mapdata.shell(),
        script_url=mapdata.script_url(),
        config=mapdata.config(),
        tiles=background.credited(),
        script_words=script_words.words(context.reference()),
        modules=mapdata.modules("js/embed.js"),
        first_data=mapdata.first_data(),
        listed=context.page_address("readers.incidents", filters),
        whole=url_for("map_page.map_page") + context.query_of(filters),
    )
