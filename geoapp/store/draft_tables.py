"""Tables of what editors have not saved yet; the statements stand in `geoapp.drafts`."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, Table, Text

from geoapp.store.schema import metadata

drafts = Table(
    "drafts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("editor", Text, nullable=False, index=True, comment="name of the user; never public"),
    Column("created", Text, nullable=False, comment="UTC, ISO 8601"),
    Column("updated", Text, nullable=False, comment="UTC, ISO 8601"),
    Column("expires", Text, nullable=False, index=True, comment="UTC, ISO 8601"),
    Column("revision", Integer, nullable=False, comment="one more with every change"),
    Column("state", Text, nullable=False, comment="open, waiting, saved or discarded"),
    Column("file_name", Text, nullable=False),
    Column("file_hash", Text, nullable=False, comment="SHA-256 of the bytes, hex"),
    Column("pasted", Boolean, nullable=False),
    Column("content", LargeBinary, comment="the bytes as they came; null: saved or discarded"),
    Column("answers", Text, nullable=False, comment="JSON: mapping, corrections, decisions"),
    Column("step", Text, nullable=False, comment="columns, check or preview"),
    Column("errors", Integer, nullable=False, comment="errors at the last check"),
    Column("version", Integer, comment="version of the data set that saving made"),
    Column("batch", Integer, ForeignKey("batches.id"), comment="batch that saving made"),
    Column("remark", Text, comment="what a reviewer said who sent it back; never public"),
)

saved_mappings = Table(
    "saved_mappings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("editor", Text, nullable=False, comment="who kept it last; never public"),
    Column("updated", Text, nullable=False, comment="UTC, ISO 8601"),
    Column("body", Text, nullable=False, comment="JSON of the mapping"),
)
