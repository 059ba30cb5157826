"""Which files of the whole set are there, and making those that are not."""

from __future__ import annotations

import threading

from flask import current_app, url_for

from geoapp.errors import GeoappError, NoRoom
from geoapp.export import FORMATS
from geoapp.export.bulk import Bulk
from geoapp.export.package import Download
from geoapp.store import Store
from geoapp.web import context
from geoapp.web.analysts import sending

# Below this the files are made while the page waits: under a second, once per version.
MOST_AT_ONCE = 5_000
_making = threading.Lock()


def downloads() -> list[Download]:
    """Every form of the whole set; what is missing is made now, or in the background when that takes long."""
    version, kept, store = context.dataset(), sending.bulk(), context.store()
    missing = [extension for extension in FORMATS if kept.known(version, extension) is None]
    if missing and version.incidents <= MOST_AT_ONCE:
        try:
            _make(kept, store, missing)
        except NoRoom:
            # The page stands without the sizes; who asks for a file is told.
            current_app.logger.exception("files of the whole set could not be made")
    elif missing:
        _begin(kept, store, missing)
    return [
        Download(form, _address(extension), kept.known(version, extension))
        for extension, form in FORMATS.items()
    ]


def _address(extension: str) -> str:
    return context.absolute_url(url_for("analysts.incidents", extension=extension))


def _begin(kept: Bulk, store: Store, missing: list[str]) -> None:
    """Make them one after another in a thread; one such thread at a time in a process is enough."""
    if not _making.acquire(blocking=False):
        return
    logger = current_app.logger

    def make() -> None:
        try:
            _make(kept, store, missing)
        except (GeoappError, OSError):
            # The request for the file itself tries again and tells the reader.
            logger.exception("files of the whole set could not be made in the background")
        finally:
            _making.release()

    threading.Thread(target=make, name="exports", daemon=True).start()


def _make(kept: Bulk, store: Store, missing: list[str]) -> None:
    for extension in missing:
        kept.file(store, extension)
