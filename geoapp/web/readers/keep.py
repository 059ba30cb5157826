"""Keep on this device: only for readers who ask, a copy of the site that opens without a network."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, jsonify, render_template, url_for

from geoapp import stories
from geoapp.query import Filters
from geoapp.web import assets, context, dates, language
from geoapp.web.language import gettext as _
from geoapp.web.readers import mapdata

blueprint = Blueprint("keep", __name__)

# Pages and cards of so many incidents, the newest, are kept; at about 40 kB each this stays within 40 MB.
MOST_INCIDENTS = 1000
WORKER = "js/keep-worker.js"
# Scripts and sheets of pages that are not kept.
LEFT_OUT = (
    "js/edit", "js/point-picker", "css/edit", "css/incident-form", "js/downloads", "css/downloads",
    "js/published", "js/folding",
)  # fmt: skip


@blueprint.get("/keep")
def keep() -> str:
    """What would be kept, how much, and how to remove it; the buttons are the script's."""
    context.page_without_query()
    count = context.dataset().incidents
    return render_template(
        "readers/keep.html",
        count=count,
        kept=min(count, MOST_INCIDENTS),
        words=_words(),
        version=context.dataset().number,
        worker=language.in_language(url_for("keep.worker"), language.LANGUAGES[language.DEFAULT]),
    )


@blueprint.get("/keep/files.json")
def files() -> Response:
    """Addresses of everything that is kept in this language, and what the copy says of itself."""
    version = context.dataset()
    day = dates.day(version.created.date())
    answer = jsonify(
        {
            "version": version.number,
            "says": _("No network: this is the copy of %(day)s that you kept on this device.", day=day),
            "missing": _("This view was not kept; it needs the network."),
            "home": url_for("map_page.map_page"),
            "language": language.code(),
            "files": list(dict.fromkeys([*_pages(), *_records(), *_data(), *_static()])),
        }
    )
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/keep-worker.js")
def worker() -> Response:
    """The service worker; it stands at the root, because it may only answer for what lies below it."""
    response = Response(
        assets.assets().content(WORKER, "identity"), content_type="text/javascript; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


def _words() -> dict[str, str]:
    return {
        "progress": _("Keeping %(done)s of %(all)s files"),
        "kept": _("Kept on this device: the data of version %(version)s, %(size)s."),
        "newer": _("There is a newer version, %(version)s."),
        "nothing": _("Nothing is kept on this device."),
        "removed": _("Removed. Nothing is kept on this device."),
        "failed": _("It could not be kept; nothing was changed. Check the connection and the free space."),
        "unsafe": _("This needs a secure connection (https)."),
    }


def _pages() -> Iterator[str]:
    for endpoint in (
        "map_page.map_page", "readers.incidents", "places.places", "checkpoints.checkpoints",
        "stories.all_stories", "readers.methodology", "keep.keep",
    ):  # fmt: skip
        yield url_for(endpoint)
    for name in stories.load(context.settings().data_dir):
        yield url_for("stories.story", name=name)


def _records() -> Iterator[str]:
    newest = Filters(sortby=("-date",), limit=MOST_INCIDENTS)
    for record in context.view().find(newest):
        yield url_for("readers.incident", incident_id=record.incident.id)
        yield url_for("readers.card", key=record.key)


def _data() -> Iterator[str]:
    config = mapdata.config()
    yield from (layer["url"] for layer in config["layers"])
    yield config["crossings"]
    yield mapdata.script_url()
    yield from mapdata.all_data()


def _static() -> Iterator[str]:
    for path in sorted(assets.assets().files):
        if not path.startswith(LEFT_OUT):
            yield assets.url_for_static(path)
