"""What every view shares: settings, store, the reader's filters and the masthead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.utils import redirect

from geoapp.config import Settings
from geoapp.errors import BadParameters, Fault
from geoapp.export.credits import INCIDENTS
from geoapp.query import Filters, Vocabulary, parse_filters
from geoapp.reference import Reference
from geoapp.store import DatasetVersion, Store
from geoapp.web import catalogs, language, wording
from geoapp.web.assets import url_for_static
from geoapp.web.language import noted

_opening = Lock()


@dataclass(frozen=True)
class Page:
    """One entry of the masthead; `below` names the pages that belong under it."""

    label: str
    endpoint: str
    below: tuple[str, ...] = ()


MASTHEAD = (
    Page(noted("Map"), "map_page.map_page"),
    Page(
        noted("Incidents"),
        "readers.incidents",
        ("readers.incident", "readers.incident_version", "readers.card"),
    ),
    Page(noted("Places"), "places.places"),
    Page(noted("Crossing points"), "checkpoints.checkpoints"),
    Page(noted("Stories"), "stories.all_stories", ("stories.story",)),
    Page(noted("Methodology"), "readers.methodology"),
    Page(noted("Downloads"), "downloads.downloads"),
    Page(noted("Changes"), "changes.changes", ("changes.change",)),
)


def pages() -> tuple[Page, ...]:
    """The pages of the masthead, in its order."""
    return MASTHEAD


def settings() -> Settings:
    """The settings of the running application."""
    found: Settings = current_app.extensions["geoapp.settings"]
    return found


def store() -> Store:
    """The store, opened on first use and kept for the life of the process; raises StoreFailed."""
    extensions = current_app.extensions
    with _opening:
        if "geoapp.store" not in extensions:
            extensions["geoapp.store"] = Store.open(settings().store_url)
        found: Store = extensions["geoapp.store"]
    return found


def view() -> Store:
    """The store as it is for this whole request, for reading only: a page never mixes two versions.

    What goes on after the request (a stream) or changes anything asks `store()`.
    """
    if "view" not in g:
        g.holding = ExitStack()
        g.view = g.holding.enter_context(store().view(settings().query_seconds))
    found: Store = g.view
    return found


def release_view(_: BaseException | None = None) -> None:
    """Give the connection of `view()` back; what is asked after that begins a new view."""
    for name in ("view", "reference", "dataset", "vocabulary"):
        g.pop(name, None)
    if holding := g.pop("holding", None):
        holding.close()


def reference() -> Reference:
    """The reference data of this request (actors, categories, layers, places)."""
    if "reference" not in g:
        g.reference = view().reference()
    found: Reference = g.reference
    return found


def dataset() -> DatasetVersion:
    """The data set version that this request answers from."""
    if "dataset" not in g:
        g.dataset = view().current()
    found: DatasetVersion = g.dataset
    return found


def vocabulary() -> Vocabulary:
    """The codes that the filters of this request may name."""
    if "vocabulary" not in g:
        g.vocabulary = view().vocabulary()
    found: Vocabulary = g.vocabulary
    return found


def query_of(filters: Filters) -> str:
    """The canonical query string of filters, with its question mark; empty when nothing is set."""
    return query_text(filters.to_pairs())


def query_text(pairs: Sequence[tuple[str, str]]) -> str:
    """Pairs as a query string, with its question mark; empty without any."""
    return "?" + urlencode(pairs, safe=",/:") if pairs else ""


def page_filters() -> Filters:
    """The filters of a page's address; sends the reader to the canonical address when it is another.

    Raises BadParameters for a bad value of a known name.
    """
    filters = parse_filters(request.args.items(multi=True), vocabulary(), lenient=True)
    if sorted(filters.to_pairs()) != sorted(request.args.items(multi=True)):
        raise Redirect(language.own_path() + query_of(filters))
    return filters


def exact_filters(also: Iterable[str] = ()) -> Filters:
    """The filters of an address that programs ask for; raises BadParameters for any name that is not known.

    Names in `also` belong to the caller and are passed over.
    """
    return parse_filters(request.args.items(multi=True), vocabulary(), also=also)


def exact_words(*names: str) -> dict[str, str]:
    """The words of an address that programs ask for; raises BadParameters for other names and doubles."""
    faults = [
        Fault(name, value, "this name once", unknown=name not in names)
        for name, value in request.args.items(multi=True)
        if name not in names or len(request.args.getlist(name)) > 1
    ]
    if faults:
        raise BadParameters(faults)
    return dict(request.args.items())


def page_without_query() -> None:
    """Send the reader of a page that takes no query to its clean address."""
    if request.query_string:
        raise Redirect(language.own_path())


def page_words(*names: str) -> dict[str, str]:
    """The words of a page's address that has a vocabulary of its own, blank ones left out.

    Sends the reader to the clean address when it holds other names, blanks or one name twice.
    """
    given = [(name, value.strip()) for name, value in request.args.items() if name in names and value.strip()]
    if given != list(request.args.items(multi=True)):
        raise Redirect(language.own_path() + ("?" + urlencode(given) if given else ""))
    return dict(given)


def today() -> date:
    """The day (UTC) of this request."""
    return datetime.now(UTC).date()


class Redirect(HTTPException):
    """Sends the reader to another address of this site."""

    def __init__(self, location: str) -> None:
        super().__init__(response=redirect(location, 302, Response))


def absolute_url(path: str) -> str:
    """A path as an absolute address: from the setting, else from the request."""
    return (settings().base_url or request.host_url.rstrip("/")) + path


def contact_link() -> str | None:
    """Address of the contact as a link's target, or None when this copy has none."""
    contact = settings().contact
    if not contact:
        return None
    return contact if contact.startswith(("http://", "https://")) else f"mailto:{contact}"


def _leave_language() -> None:
    """Send whoever asks for a file or for data under a language's prefix to its one address."""
    is_ours = request.endpoint is None or language.is_translated(request.endpoint)
    if not is_ours and language.code() != language.DEFAULT:
        raise Redirect(language.own_address(language.LANGUAGES[language.DEFAULT]))


def register(app: Flask) -> None:
    """Give templates their globals, and requests the data they share."""
    app.jinja_env.globals.update(
        url_for_static=url_for_static,
        absolute_url=absolute_url,
        contact_link=contact_link,
        query_of=query_of,
        masthead=pages,
        is_published=False,
        site_name=noted("Boundary incidents"),
        texts_licence=INCIDENTS,
        page_language=language.code,
        languages=language.choices,
        own_path=language.own_path,
        as_written=language.as_written,
        is_unreviewed=catalogs.is_unreviewed,
        label=catalogs.label,
    )
    app.jinja_env.filters.update(wording.FILTERS)
    app.before_request(_leave_language)
    app.teardown_appcontext(release_view)


def page_address(endpoint: str, filters: Filters | None = None, **values: Any) -> str:
    """Address of a page with the filters as its query."""
    return url_for(endpoint, **values) + (query_of(filters) if filters else "")
