"""The map's columns in the database: chunks by date, rewritten only where a batch touched a day.

Each version lists its chunks. A chunk holds all records that begin from `first_day` to `last_day`
(days since 1970-01-01); one day with more records than fit has several parts. The bounds stay when
records come and go, so that a reader who has a chunk keeps it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Row, case, delete, func, insert, select

from geoapp.columns import ChunkEntry, Codebook, Mark, compress, encode
from geoapp.errors import NotFound
from geoapp.reference import Reference
from geoapp.store.schema import chunks, dataset_chunks, incidents
from geoapp.store.search import RETRACTED, is_located

MOST_ROWS = 65_536
# A new chunk leaves room: the next records of its days then do not split it at once.
FILLED_ROWS = 49_152
FIRST_DAY, LAST_DAY = -719_162, 2_932_896  # 0001-01-01 and 9999-12-31: the outer bounds take every date


class Chunk(NamedTuple):
    """One chunk of a version; days are since 1970-01-01, both inclusive."""

    first_day: int
    part: int
    last_day: int
    hash: str
    rows: int

    @property
    def entry(self) -> ChunkEntry:
        """The chunk as the manifest names it."""
        return ChunkEntry(self.hash, self.rows, self.first_day, self.last_day)


def codebook(connection: Connection, reference: Reference, manifest: bytes | None) -> Codebook:
    """The lists that codes are positions in; places of the earlier manifest keep theirs, new ones follow."""
    kept = [] if manifest is None else orjson.loads(manifest)["places"]
    asked = select(incidents.c.place_name).distinct().order_by(incidents.c.place_name)
    return Codebook.of(reference, [*kept, *connection.execute(asked).scalars()])


def rebuild(connection: Connection, number: int, book: Codebook, days: Set[int] | None) -> list[Chunk]:
    """List the chunks of a version, encoding those whose days were touched (None: all)."""
    old = [] if days is None else _listed(connection, number - 1)
    if days is None or not old:
        found = list(_encode(connection, book, FIRST_DAY, LAST_DAY, FILLED_ROWS))
    else:
        found = []
        for (first, last), parts in groupby(old, key=lambda chunk: (chunk.first_day, chunk.last_day)):
            touched = any(first <= day <= last for day in days)
            found += _encode(connection, book, first, last, MOST_ROWS) if touched else parts
    connection.execute(insert(dataset_chunks), [{"number": number, **chunk._asdict()} for chunk in found])
    return found


def _listed(connection: Connection, number: int) -> list[Chunk]:
    asked = (
        select(*(dataset_chunks.c[name] for name in Chunk._fields))
        .where(dataset_chunks.c.number == number)
        .order_by(dataset_chunks.c.first_day, dataset_chunks.c.part)
    )
    return [Chunk(*row) for row in connection.execute(asked)]


def _encode(connection: Connection, book: Codebook, first: int, last: int, most: int) -> Iterator[Chunk]:
    """Chunks of all records that begin from `first` to `last`, which they cover without a gap."""
    rows = _rows(connection, first, last)
    runs = list(_runs(rows, most if len(rows) <= most else FILLED_ROWS)) or [[]]
    for position, run in enumerate(runs):
        start = first if position == 0 else run[0].day_from
        end = last if position == len(runs) - 1 else runs[position + 1][0].day_from - 1
        for part, at in enumerate(range(0, max(len(run), 1), MOST_ROWS)):
            some = run[at : at + MOST_ROWS]
            content = compress(encode([_mark(row) for row in some], book))
            yield Chunk(start, part, end, _store(connection, content), len(some))


def _runs(rows: Sequence[Row[Any]], most: int) -> Iterator[list[Row[Any]]]:
    """Runs of whole days with at most `most` rows; a day that has more is a run of its own."""
    run: list[Row[Any]] = []
    for _, day in groupby(rows, key=lambda row: row.day_from):
        more = list(day)
        if run and len(run) + len(more) > most:
            yield run
            run = []
        run += more
    if run:
        yield run


_MARKED = {
    "key": incidents.c.key,
    "longitude": incidents.c.joined_longitude,
    "latitude": incidents.c.joined_latitude,
    "day_from": incidents.c.day_from,
    "day_to": incidents.c.day_to,
    "place": incidents.c.place_name,
    "radius_m": incidents.c.joined_location_radius_m,
    "areas": incidents.c.joined_areas,
    "category": incidents.c.category,
    "parties": incidents.c.joined_parties,
    "status": incidents.c.status,
    "location_precision": incidents.c.location_precision,
    "date_precision": incidents.c.date_precision,
    "differs": incidents.c.joined_differs,
    "placed_by_description": incidents.c.joined_placed_by_description,
}


def _rows(connection: Connection, first: int, last: int) -> list[Row[Any]]:
    meant = incidents.c.day_from.between(first, last)
    asked = select(*(_MARKED[name].label(name) for name in Mark._fields)).where(meant)
    return list(connection.execute(asked.order_by(incidents.c.day_from, incidents.c.id)).all())


def _mark(row: Row[Any]) -> Mark:
    mark = Mark._make(row)
    return mark._replace(areas=_codes(row.areas), parties=_codes(row.parties))


@lru_cache(maxsize=1024)
def _codes(text: str) -> tuple[str, ...]:
    # Few combinations occur, each of them on thousands of records.
    return tuple(orjson.loads(text))


def _store(connection: Connection, content: bytes) -> str:
    name = hashlib.sha256(content).hexdigest()[:32]
    if connection.execute(select(chunks.c.hash).where(chunks.c.hash == name)).first() is None:
        connection.execute(insert(chunks).values(hash=name, content=content))
    return name


def counts(connection: Connection) -> tuple[dict[str, int], dict[int, int]]:
    """Totals (incidents, located, retracted) and incidents per first day, retracted ones left out."""
    shown = incidents.c.status != RETRACTED
    every, located, retracted = connection.execute(
        select(
            func.count(case((shown, 1))),
            func.count(case((shown & is_located(), 1))),
            func.count(case((~shown, 1))),
        )
    ).one()
    asked = select(incidents.c.day_from, func.count()).where(shown).group_by(incidents.c.day_from)
    days = {row[0]: row[1] for row in connection.execute(asked)}
    return {"incidents": every, "located": located, "retracted": retracted}, days


def drop_unused(connection: Connection) -> None:
    """Delete the chunks that no version lists any more."""
    connection.execute(delete(chunks).where(chunks.c.hash.not_in(select(dataset_chunks.c.hash))))


def read(connection: Connection, name: str) -> bytes:
    """A chunk's bytes (brotli); raises NotFound."""
    content = connection.execute(select(chunks.c.content).where(chunks.c.hash == name)).scalar_one_or_none()
    if content is None:
        raise NotFound("chunk", name)
    return bytes(content)
