"""What stands after undoing: which version of a record another one brought back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from geoapp.store.schema import record_versions

ABSENT = 0


@dataclass(slots=True)
class Lineage:
    """The versions of one record: what each replaced (None: nothing), and which say an earlier one again.

    What an undo brought back counts as the version that it was; what it only took sources from is a
    version like any other. ABSENT is a record that is not there.
    """

    replaced: dict[int, int | None] = field(default_factory=dict)
    of_batch: dict[int, int] = field(default_factory=dict)
    again: dict[int, int] = field(default_factory=dict)

    def meant(self, version: int | None) -> int:
        """The version whose content this one brought back; itself, where it brought nothing back."""
        while version is not None and version in self.again:
            version = self.again[version]
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
    for key, version, replaced, made_by, again in _rows(connection, batch):
        lineage = found[key]
        lineage.replaced[version] = replaced
        lineage.of_batch[made_by] = version
        if again is not None:
            lineage.again[version] = again
    return dict(found)


def _rows(connection: Connection, batch: int) -> Iterator[tuple[int, int, int | None, int, int | None]]:
    written = select(record_versions.c.key).where(record_versions.c.batch == batch)
    known = record_versions.c
    versions = select(known.key, known.version, known.previous, known.batch, known.again)
    for row in connection.execute(versions.where(known.key.in_(written))):
        yield row.key, row.version, row.previous, row.batch, row.again
