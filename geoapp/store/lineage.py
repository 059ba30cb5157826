"""What stands after undoing: which version of a record another one brought back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from geoapp.store.schema import batches, record_versions

ABSENT = 0


@dataclass(slots=True)
class Lineage:
    """The versions of one record: what each replaced (None: nothing), and which were made by an undo.

    An undo's version says again what stood before the batch that it undid, so it counts as that
    version. ABSENT is a record that is not there.
    """

    replaced: dict[int, int | None] = field(default_factory=dict)
    of_batch: dict[int, int] = field(default_factory=dict)
    undone: dict[int, int] = field(default_factory=dict)

    def meant(self, version: int | None) -> int:
        """The version whose content this one brought back; itself, where it brought nothing back."""
        while version is not None and version in self.undone:
            version = self.replaced[self.of_batch[self.undone[version]]]
        return ABSENT if version is None else version

    def stands(self, batch: int) -> bool:
        """Whether the record is as this batch left it; later batches that were undone do not count."""
        return self.meant(max(self.replaced)) == self.meant(self.of_batch[batch])

    def is_undone(self, batch: int) -> bool:
        """Whether the record is as it was before this batch."""
        return self.meant(max(self.replaced)) == self.meant(self.replaced[self.of_batch[batch]])


def lineages(connection: Connection, batch: int) -> dict[int, Lineage]:
    """The lineage of every record that a batch wrote, by key."""
    found: defaultdict[int, Lineage] = defaultdict(Lineage)
    for key, version, replaced, made_by, undoes in _rows(connection, batch):
        lineage = found[key]
        lineage.replaced[version] = replaced
        lineage.of_batch[made_by] = version
        if undoes is not None:
            lineage.undone[version] = undoes
    return dict(found)


def _rows(connection: Connection, batch: int) -> Iterator[tuple[int, int, int | None, int, int | None]]:
    written = select(record_versions.c.key).where(record_versions.c.batch == batch)
    versions = (
        select(
            record_versions.c.key,
            record_versions.c.version,
            record_versions.c.previous,
            record_versions.c.batch,
            batches.c.undoes,
        )
        .join(batches, batches.c.id == record_versions.c.batch)
        .where(record_versions.c.key.in_(written))
    )
    for row in connection.execute(versions):
        yield row.key, row.version, row.previous, row.batch, row.undoes
