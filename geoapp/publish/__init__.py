"""The site as a folder of files for any file host: every page, and search in the reader's browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from geoapp.config import Settings
from geoapp.errors import SettingRefused
from geoapp.export.bulk import room
from geoapp.publish.addresses import split_language
from geoapp.publish.folder import Folder, PublishRefused, Written
from geoapp.publish.headers import headers_file
from geoapp.publish.index import index_files
from geoapp.publish.site import Failed, Site
from geoapp.store import Store
from geoapp.web.language import DEFAULT, LANGUAGES

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Published:
    """What was written, the size in bytes per language (what all share not counted), and what failed."""

    written: Written
    by_language: dict[str, int]
    failed: tuple[Failed, ...]


def publish(
    settings: Settings, root: Path, progress: Progress = lambda done, total: None, *, twins: bool = True
) -> Published:
    """Bring the folder in step with the store; `twins` are the files packed by Brotli and gzip beside others.

    Raises SettingRefused without a contact, StoreFailed where there is no store, PublishRefused when the
    folder does not allow it or when the data change meanwhile, NoRoom when its disk is full.
    """
    if not settings.contact:
        raise SettingRefused(
            "GEOAPP_CONTACT is not set: a site that readers cannot reply to is not published"
        )
    # The application would make an empty store at an address with a slip in it, and that be published.
    Store.open(settings.store_url, create=False).close()
    site = Site(settings)
    version = site.store.current()
    with room(root), Folder(root, twins=twins) as folder:
        for done, (name, content) in enumerate(site.files(), start=1):
            folder.add(name, content)
            progress(done, done + site.waiting)
        for name, content in index_files(site):
            folder.add(name, content)
        folder.add("_headers", headers_file(settings.base_url))
        if site.store.current() != version:
            raise PublishRefused(
                "the data changed meanwhile; nothing was changed in the folder, run it again"
            )
        redactions = sum(batch.kind == "redact" for batch in site.store.batches())
        return Published(folder.switch(redactions), _by_language(folder.sizes), tuple(site.failed))


def _by_language(sizes: dict[str, int]) -> dict[str, int]:
    found = dict.fromkeys(LANGUAGES, 0)
    for name, size in sizes.items():
        prefix = split_language(f"/{name}")[0].removeprefix("/")
        if prefix or name.endswith(".html"):
            found[prefix or DEFAULT] += size
    return found


__all__ = ["Published", "PublishRefused", "publish"]
