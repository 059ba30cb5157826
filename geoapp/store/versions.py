"""Dataset versions: number, content hash, and which chunks of the map's columns belong to each."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from geoapp import columns
from geoapp.columns import Codebook
from geoapp.errors import NotFound
from geoapp.reference import Reference
from geoapp.store import chunks
from geoapp.store.chunks import Chunk, Counts, Damaged, Marks
from geoapp.store.schema import batches, coded_incidents, dataset_chunks, dataset_versions, whole_answers

KEPT = 3
WIDTH = 2**256


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetVersion:
    """One state of the whole data set. Number 0 is the empty store; `created` is UTC.

    `content_hash` (SHA-256, hex) depends on the records and the reference data alone, so undoing a
    batch brings the earlier hash back under a new number. `reference_hash` is that of the reference
    data alone, None before any are stored.
    """

    number: int
    content_hash: str
    created: datetime
    incidents: int
    reports: int
    reference_hash: str | None = None


class Totals(NamedTuple):
    """What a commit adds to the sum of the records' content numbers and to the counts."""

    content: int
    incidents: int
    reports: int


EMPTY = Totals(0, 0, 0)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


# Every read asks for the newest version; its manifest is long, and few of them need that.
_BRIEF = [column for column in dataset_versions.c if column is not dataset_versions.c.manifest]
_NEWEST = select(*_BRIEF).order_by(dataset_versions.c.number.desc()).limit(1)


def _newest(connection: Connection) -> Row[Any] | None:
    return connection.execute(_NEWEST).one_or_none()


def current(connection: Connection) -> DatasetVersion:
    """The newest version; number 0, created 1970-01-01, when nothing was ever stored.

    A connection that is held for one version (`Store.view`) knows it already.
    """
    held: DatasetVersion | None = connection.get_execution_options().get("version")
    if held is not None:
        return held
    row = _newest(connection)
    if row is None:
        return DatasetVersion(
            number=0, content_hash=_hash(0, None), created=BEGINNING, incidents=0, reports=0
        )
    return DatasetVersion(
        number=row.number,
        content_hash=row.content_hash,
        created=datetime.fromisoformat(row.created),
        incidents=row.incidents,
        reports=row.reports,
        reference_hash=row.reference_hash,
    )


def add(
    connection: Connection,
    batch: int,
    reference: Reference,
    more: Totals = EMPTY,
    marks: Marks | None = None,
) -> DatasetVersion:
    """Write the next version, with chunks and manifest; without `marks` all chunks are written anew."""
    old = _newest(connection)
    earlier = orjson.loads(manifest(connection)) if marks else None
    before = EMPTY if old is None else Totals(int(old.records_sum, 16), old.incidents, old.reports)
    total = (before.content + more.content) % WIDTH
    version = DatasetVersion(
        number=1 if old is None else old.number + 1,
        content_hash=_hash(total, reference.hash),
        created=datetime.fromisoformat(
            connection.execute(select(batches.c.created).where(batches.c.id == batch)).scalar_one()
        ),
        incidents=before.incidents + more.incidents,
        reports=before.reports + more.reports,
        reference_hash=reference.hash,
    )
    values = asdict(version) | {
        "batch": batch,
        "created": version.created.isoformat(),
        "records_sum": f"{total:064x}",
    }
    connection.execute(insert(dataset_versions).values(values))
    if marks is None or earlier is None:
        _build(connection, version, reference)
    else:
        _follow(connection, version, reference, marks, Counts.of(earlier))
    _forget(connection, version.number - KEPT)
    return version


def anew(connection: Connection, version: DatasetVersion, reference: Reference) -> DatasetVersion:
    """Make the version's chunks and manifest anew, drop all earlier ones, and give the version back."""
    connection.execute(delete(dataset_chunks))
    _build(connection, version, reference)
    _forget(connection, version.number - 1)
    chunks.drop_unused(connection)
    return version


def marking(connection: Connection, reference: Reference) -> Marks:
    """For what a commit changes on the map; codes are positions in the lists of the newest manifest."""
    return Marks(Codebook.of(reference, orjson.loads(manifest(connection))["places"]))


def _build(connection: Connection, version: DatasetVersion, reference: Reference) -> None:
    # A redaction may not leave a value there, and other reference data rename what stands in them.
    connection.execute(delete(coded_incidents))
    book = chunks.all_places(connection, reference)
    built = chunks.build(connection, version.number, book)
    _write_manifest(connection, version, reference, book, built)


def _follow(
    connection: Connection, version: DatasetVersion, reference: Reference, marks: Marks, counts: Counts
) -> None:
    """Chunks and manifest from those of the version before; from the records, when one is damaged."""
    try:
        found = chunks.rebuild(connection, version.number, marks, counts)
    except Damaged:
        _build(connection, version, reference)
    else:
        _write_manifest(connection, version, reference, marks.book, (found, counts))


def _write_manifest(
    connection: Connection,
    version: DatasetVersion,
    reference: Reference,
    book: Codebook,
    built: tuple[list[Chunk], Counts],
) -> None:
    found, counts = built
    content = columns.manifest(
        version=(version.number, version.content_hash),
        chunks=[chunk.entry for chunk in found],
        book=book,
        reference=reference,
        totals=counts.totals,
        days=counts.days,
    )
    row = dataset_versions.c.number == version.number
    connection.execute(update(dataset_versions).where(row).values(manifest=content))


def _hash(total: int, reference: str | None) -> str:
    return hashlib.sha256(f"{total:064x} {reference or ''}".encode()).hexdigest()


def _forget(connection: Connection, number: int) -> None:
    """Drop manifests, chunks and answers of the versions up to this one; their line in the log stays."""
    kept = select(dataset_versions.c.content_hash).where(dataset_versions.c.number > number)
    connection.execute(delete(whole_answers).where(whole_answers.c.content_hash.not_in(kept)))
    listed = connection.execute(
        select(func.count()).select_from(dataset_chunks).where(dataset_chunks.c.number <= number)
    ).scalar_one()
    connection.execute(
        update(dataset_versions)
        .where(dataset_versions.c.number <= number, dataset_versions.c.manifest.is_not(None))
        .values(manifest=None)
    )
    if listed:
        connection.execute(delete(dataset_chunks).where(dataset_chunks.c.number <= number))
        chunks.drop_unused(connection)


def manifest(connection: Connection) -> bytes:
    """The manifest of the newest version; raises NotFound before any reference data are stored."""
    known = dataset_versions.c
    found = connection.execute(select(known.manifest).order_by(known.number.desc()).limit(1)).first()
    if found is None:
        raise NotFound("manifest", "of a store without reference data")
    return bytes(found.manifest)
