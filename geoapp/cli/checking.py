"""What `geoapp check` looks at, one finding at a time: what is there, and how to mend what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geoapp.config import Settings, unknown
from geoapp.errors import DataRefused, GeoappError, Problem, SettingRefused

if TYPE_CHECKING:
    from geoapp.store import Store

_RESTORE = "restore the last backup of the database, or move it away and import your last CSV export"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; `mend` says what to do about an error or a warning."""

    level: Literal["ok", "warning", "error"]
    what: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.level}: {self.what}" + (f" -> {self.mend}" if self.mend else "")


def findings(settings: Settings) -> Iterator[Finding]:
    """Every finding, in order; checks of the store end when it cannot be opened."""
    from geoapp.store import Store

    yield _contact(settings)
    yield from _proxies(settings)
    yield from _tiles(settings)
    yield from (Finding("warning", told, "correct the variable or take it away") for told in unknown())
    yield from _reference_files(settings)
    try:
        store = Store.open(settings.store_url, create=False)
    except SettingRefused as error:
        yield Finding("error", str(error), "correct the setting, or leave it out")
        return
    except GeoappError as error:
        mend = "geoapp serve makes and fills it" if "there is no database" in str(error) else _RESTORE
        yield Finding("error", f"the store cannot be opened: {error}", mend)
        return
    with closing(store):
        for check in (_database, _records, _joined, _versions, _counts, _stories):
            yield from _guarded(check, store, settings)


def _guarded(
    check: Callable[[Store, Settings], Iterator[Finding]], store: Store, settings: Settings
) -> Iterator[Finding]:
    try:
        yield from check(store, settings)
    except (GeoappError, ValueError, KeyError, TypeError) as error:
        # A damaged record fails wherever its text is first understood.
        yield Finding("error", f"the store cannot be read: {type(error).__name__}: {error}", _RESTORE)


def _contact(settings: Settings) -> Finding:
    if settings.contact:
        return Finding("ok", f"contact for corrections: {settings.contact}")
    mend = "set GEOAPP_CONTACT to an e-mail or web address"
    return Finding("warning", "no contact is set; every footer says so", mend)


def _proxies(settings: Settings) -> Iterator[Finding]:
    if settings.base_url.startswith("https://") and not settings.trusted_proxies:
        what = "the site is reached by https, but no proxy is trusted: all visitors seem to share one address"
        mend = "set GEOAPP_TRUSTED_PROXIES to the number of proxies; wrong passwords of one slow all others"
        yield Finding("warning", what, mend)


def _tiles(settings: Settings) -> Iterator[Finding]:
    from geoapp import tiles

    try:
        found = tiles.source(settings)
    except SettingRefused as error:
        yield Finding("error", str(error), "correct the setting, or leave it out")
        return
    if found is not None and found.host:
        yield Finding("warning", f"the map's background asks {found.host}, which sees readers' addresses", "")
    elif found is not None:
        yield Finding("ok", f"background tiles: {found.described.credit}")


def _reference_files(settings: Settings) -> Iterator[Finding]:
    from geoapp import reference

    try:
        read = reference.read(settings.data_dir)
    except DataRefused as error:
        for problem in error.problems:
            yield Finding("error", str(problem), "mend the file in the data folder, then geoapp reload")
        return
    except OSError as error:
        yield Finding("error", f"the data folder cannot be read: {error}", "set GEOAPP_DATA_DIR to a folder")
        return
    for problem in read.warnings:
        yield Finding("warning", str(problem), "mend the file in the data folder, then geoapp reload")
    counts = f"{len(read.actors)} actors, {len(read.categories)} categories, {len(read.layers)} layers"
    yield Finding("ok", f"data folder: {counts}")


def _database(store: Store, settings: Settings) -> Iterator[Finding]:
    """The database's own check of its pages and references."""
    from geoapp.store.dialect import dialect_of

    with store.reading() as connection:
        dialect = dialect_of(connection.dialect.name)
        name, faults = dialect.told(connection), dialect.faults(connection)
    if not faults:
        yield Finding("ok", f"database: {name}, sound")
    for fault in faults:
        yield Finding("error", f"database: {fault}", _RESTORE)


def _records(store: Store, settings: Settings) -> Iterator[Finding]:
    from geoapp.kinds import STATUSES
    from geoapp.query import Filters

    current = store.current()
    incidents = reports = 0
    for record in store.stream(Filters(status=tuple(STATUSES))):
        incidents, reports = incidents + 1, reports + len(record.incident.reports)
    counted = f"{incidents:,} incidents with {reports:,} reports"
    if (incidents, reports) == (current.incidents, current.reports):
        yield Finding("ok", f"records: {counted}")
    else:
        said = f"{current.incidents:,} and {current.reports:,}"
        yield Finding("error", f"records: {counted}, but version {current.number} counts {said}", _RESTORE)


def _joined(store: Store, settings: Settings) -> Iterator[Finding]:
    from geoapp import reference
    from geoapp.kinds import STATUSES
    from geoapp.query import Filters

    stored = store.reference()
    everything = store.stream(Filters(status=tuple(STATUSES)))
    stale = sum(record.joined.layers_hash != stored.hash for record in everything)
    if stale:
        yield Finding("error", f"{stale:,} incidents are joined with earlier layers", "geoapp rejoin")
    try:
        if reference.read(settings.data_dir).hash != stored.hash:
            mend = "geoapp reload --dry-run shows the difference, geoapp reload takes it"
            yield Finding("warning", "the data folder differs from the stored reference data", mend)
    except (DataRefused, OSError):
        return  # told by the check of the data folder
    if not stale:
        yield Finding("ok", "every incident is joined with the stored layers")


def _versions(store: Store, settings: Settings) -> Iterator[Finding]:
    """That the map's data of the current version can be read: the manifest and all of its chunks."""
    import orjson

    version = store.current()
    listed = orjson.loads(store.manifest())["chunks"]
    faults = []
    for content_hash, counted, *_ in listed:
        try:
            found = _rows_of(store, content_hash)
        except (GeoappError, ValueError):
            faults.append(f"chunk {content_hash} of the map is damaged")
            continue
        if found != counted:
            faults.append(f"chunk {content_hash} has {found} rows, the manifest says {counted}")
    # Chunks follow from the records, and nothing is lost with one.
    yield from (Finding("error", fault, "geoapp rejoin writes it anew from the records") for fault in faults)
    if not faults:
        rows = sum(counted for _, counted, *_ in listed)
        told = f"data set version {version.number}: {len(listed)} chunks with {rows:,} rows are readable"
        yield Finding("ok", told)


def _counts(store: Store, settings: Settings) -> Iterator[Finding]:
    """That what pages are told without counting is what counting gives."""
    from geoapp.store.ahead import wrong_answers

    wrong = wrong_answers(store)
    for name in wrong:
        mend = "delete the rows of whole_answers and coded_incidents while nothing serves; they are made anew"
        yield Finding("error", f"the kept answer {name} is not what counting gives", mend)
    if not wrong:
        yield Finding("ok", "counts of the whole data set are right")


def _stories(store: Store, settings: Settings) -> Iterator[Finding]:
    """That every incident, report and place that a story names is there."""
    from geoapp import stories

    gazetteer = store.reference().gazetteer
    problems: list[Problem] = []
    known: list[stories.Story] = []
    try:
        known += stories.load(settings.data_dir).values()
    except DataRefused as error:
        problems += error.problems
    for story in known:
        found = {record.incident.id: record.incident for record in store.get_many(story.incidents)}
        problems += stories.faults(story, found, lambda name: gazetteer.find(name).place is not None)
    for problem in problems:
        yield Finding("error", str(problem), "mend the file in the data folder")
    if not problems:
        yield Finding("ok", f"stories: {len(known)}, everything that they name is there")


def _rows_of(store: Store, content_hash: str) -> int:
    """The number of rows in a chunk; raises ValueError when it cannot be read."""
    import brotli

    from geoapp import columns

    try:
        found = columns.decode(brotli.decompress(store.chunk(content_hash)))
    except brotli.error as error:
        raise ValueError(f"chunk {content_hash} is damaged") from error
    return len(found["key"])
