"""A whole store into another one, of any engine: records, history, log, reference data, accounts, drafts.

Every table is copied row by row in one transaction, read in one snapshot; both indexes are made anew from
the rows that arrived, and the content hash is computed from them again. A backup is such a copy in one
SQLite file, whatever the engine of the store, so that it can be restored into either.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select

from geoapp.errors import Conflict, NotFound, StoreFailed
from geoapp.incident import Record, record_to_dict
from geoapp.store.counting.known import Cache
from geoapp.store.dialect import Dialect, in_batches
from geoapp.store.dialect.sqlite import close_file
from geoapp.store.engine import Database, open_database
from geoapp.store.names import Names
from geoapp.store.rows import content_number, records_from, words_of
from geoapp.store.schema import dataset_versions, incident_links, incidents, metadata
from geoapp.store.versions import WIDTH, DatasetVersion, current

COPIED_AT_ONCE = 2_000
Progress = Callable[[int, int], None]


def copy(
    source: str, target: str, progress: Progress | None = None, *, replacing: bool = False
) -> DatasetVersion:
    """Copy the store at one SQLAlchemy address to another; gives the version that both have then.

    The target is made when it is missing. Raises Conflict when it holds anything, unless `replacing`;
    everything there goes then. Raises StoreFailed when the copy is not what was copied; nothing is
    changed in that case.
    """
    with _opened(source, create=False) as given, _opened(target) as taking:
        return _copy(given, taking, progress or _silent, replacing=replacing)


def backup(address: str, file: Path, progress: Progress | None = None) -> DatasetVersion:
    """Write the store at this address to one SQLite file, while others read and write it.

    The file is for its owner alone: it holds the hashes of passwords. Raises Conflict when it exists.
    """
    if file.exists():
        raise Conflict(f"{file} exists already; a backup never takes the place of another")
    part = file.with_name(f"{file.name}.part")
    try:
        with _opened(address, create=False) as given:
            part.unlink(missing_ok=True)
            part.touch(mode=0o600)
            if not given.dialect.save(given.engine, part):
                with _opened(_address(part)) as kept:
                    _copy(given, kept, progress or _silent, replacing=False)
        close_file(part)
        with _opened(_address(part), read_only=True) as kept, kept.reading() as connection:
            version = current(connection)
        part.replace(file)
        return version
    except OSError as error:
        raise StoreFailed(f"the backup cannot be written: {error}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def restore(
    file: Path, address: str, progress: Progress | None = None, *, replacing: bool = False
) -> DatasetVersion:
    """Put a backup into the store at this address; see `copy`. The file itself stays as it is."""
    if not file.is_file():
        raise StoreFailed(f"there is no backup at {file}")
    with tempfile.TemporaryDirectory() as folder:
        # One of an older program is brought up to date, which must not touch the only backup.
        own = Path(folder) / "backup.sqlite"
        shutil.copy(file, own)
        return copy(_address(own), address, progress, replacing=replacing)


def _address(file: Path) -> str:
    return f"sqlite:///{file.resolve()}"


@contextmanager
def _opened(address: str, **how: bool) -> Iterator[Database]:
    database = open_database(address, **how)
    try:
        yield database
    finally:
        database.close()


def _silent(done: int, total: int) -> None:
    pass


def _copy(given: Database, taking: Database, progress: Progress, *, replacing: bool) -> DatasetVersion:
    if given.engine.url == taking.engine.url:
        raise Conflict("a store cannot be copied onto itself")
    with given.reading() as source, taking.writing() as target:
        _empty(target, taking.dialect, replacing=replacing)
        total = sum(_count(source, table) for table in metadata.sorted_tables)
        done = 0
        for table in metadata.sorted_tables:
            for rows in _rows(source, table, taking.dialect):
                taking.dialect.insert(target, table, table.columns.keys(), rows)
                done += len(rows)
                progress(done, total)
        version = current(target)
        _index(target, taking.dialect, version)
        taking.dialect.count_on(target)
        taking.dialect.learn(target)
    return version


def _empty(target: Connection, dialect: Dialect, *, replacing: bool) -> None:
    held = [table.name for table in metadata.sorted_tables if _count(target, table)]
    if held and not replacing:
        raise Conflict(f"the target holds data already ({', '.join(held)})")
    if held:
        dialect.forget(target)
        for table in reversed(metadata.sorted_tables):
            target.execute(delete(table))


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _rows(source: Connection, table: Table, dialect: Dialect) -> Iterator[list[tuple[object, ...]]]:
    order: Sequence[ColumnElement[Any]] = list(table.primary_key.columns)
    if table is incident_links and not dialect.links_in_order:
        # Rows stay where they were put there: those of one record side by side, as commits put them.
        # Counting the links of what was found read a page for each of them otherwise.
        order = [incident_links.c.incident_key, *order]
    asked = select(table).order_by(*order)
    found = source.execute(asked.execution_options(yield_per=COPIED_AT_ONCE))
    for rows in found.partitions():
        yield [tuple(row) for row in rows]


def _index(target: Connection, dialect: Dialect, version: DatasetVersion) -> None:
    """Make both indexes from the rows that arrived, and hold these against what the version says of them."""
    names = _names(target, version)
    content = reports = count = 0
    for records in _records(target):
        rows = []
        for record in records:
            content += content_number(record_to_dict(record))
            count, reports = count + 1, reports + len(record.incident.reports)
            rows.append(_indexed(record, names))
        dialect.index(target, rows)
    if version.number == 0:
        return
    asked = select(dataset_versions.c.records_sum).where(dataset_versions.c.number == version.number)
    expected = (int(target.execute(asked).scalar_one(), 16), version.incidents, version.reports)
    if (content % WIDTH, count, reports) != expected:
        raise StoreFailed("the copy is not what was copied; run geoapp check on the source")


def _names(target: Connection, version: DatasetVersion) -> Names:
    with suppress(NotFound):
        return Cache().names(target, version)
    return Names()


def _records(target: Connection) -> Iterator[list[Record]]:
    keys = list(target.execute(select(incidents.c.key).order_by(incidents.c.key)).scalars())
    for some in in_batches(keys, COPIED_AT_ONCE):
        asked = select(incidents).where(incidents.c.key.in_(some)).order_by(incidents.c.key)
        yield records_from(target, target.execute(asked).all())


def _indexed(record: Record, names: Names) -> tuple[int, str, float | None, float | None]:
    joined = record.joined
    words = words_of(record.incident, names.spoken.get(joined.place_id or "", ()))
    return record.key, words, joined.longitude, joined.latitude
