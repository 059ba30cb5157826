"""The tables. Columns of incidents and reports are derived from the schema in `geoapp.incident`.

    incidents ──< reports              the current records, one column per field
        │   └──< incident_links        actors, parties, publishers, languages, areas: what filters ask for
        └── identities ──< record_versions    every version of every record, also of removed ones
    batches ── dataset_versions ──< dataset_chunks >── chunks    what each commit made
    whole_answers                      counts of the whole data set, by its content
    coded_incidents                    what filters compare, as arrays, of one version
    reference_sets                     actors, categories, checkpoint states, layers, places

The text index and the box index are the dialect's own (see `dialect`); both are keyed by the record key.
Text columns of fields hold JSON scalars as they are and lists as JSON text; dates are ISO 8601 text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

from geoapp.incident import INCIDENT_FIELDS, JOINED_FIELDS, REPORT_FIELDS, Field

# Incident and joined fields share names (longitude, latitude): the joined ones carry this prefix.
JOINED_PREFIX = "joined_"
LINK_NAMES = ("actor", "party", "publisher", "language", "area")
VIRTUAL_TABLES = ("incident_words", "incident_boxes")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


def is_list(field: Field) -> bool:
    """Whether the field holds a list, which is stored as JSON text."""
    return field.kind.json_schema.get("type") == "array"


def _sql_type(field: Field) -> TypeEngine[Any]:
    if field.kind.json_schema.get("type") == "boolean":
        return Boolean()
    types: Mapping[str, TypeEngine[Any]] = {
        "text": Text(),
        "integer": Integer(),
        "real": Float(53),
    }
    return types[field.kind.sql]


def _columns(listed: Iterable[Field], prefix: str = "", skip: tuple[str, ...] = ()) -> list[Column[Any]]:
    return [
        Column(prefix + each.name, _sql_type(each), nullable=not each.required)
        for each in listed
        if each.name not in skip
    ]


# SQLite gives 64-bit keys to INTEGER PRIMARY KEY alone; elsewhere unsigned 32 bits need BIGINT.
Key = BigInteger().with_variant(Integer(), "sqlite")

identities = Table(
    "identities",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("gone", Text),
    comment="Every id ever used, its key (unsigned 32 bits), its last version, and why it is gone",
)

incidents = Table(
    "incidents",
    metadata,
    Column("key", Key, ForeignKey("identities.key"), primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("batch", Integer, nullable=False, index=True),
    *_columns(INCIDENT_FIELDS, skip=("id",)),
    *_columns(JOINED_FIELDS, JOINED_PREFIX),
    Column(
        "day_from",
        Integer,
        nullable=False,
        comment="first day covered, days since 1970-01-01",
    ),
    Column(
        "day_to",
        Integer,
        nullable=False,
        comment="last day covered, days since 1970-01-01",
    ),
    Column("category_group", Text, nullable=False),
    Column(
        "place_name",
        Text,
        nullable=False,
        comment="English name of the gazetteer, else place",
    ),
    Column("title_folded", Text, nullable=False),
    Column("place_folded", Text, nullable=False),
    # Everything that a page by date, box and interval compares: found without the rows themselves.
    Index(
        "ix_incidents_dated",
        "day_from",
        "id",
        "status",
        "day_to",
        "joined_longitude",
        "joined_latitude",
        "version",
    ),
    Index(None, "place_folded"),
    # Counting goes through all records: this narrow copy of what filters compare is a tenth of the table.
    Index(
        "ix_incidents_counted",
        "status",
        "category",
        "category_group",
        "location_precision",
        "place_name",
        "joined_differs",
        "joined_longitude",
        "joined_latitude",
        "day_from",
        "day_to",
    ),
)

reports = Table(
    "reports",
    metadata,
    Column(
        "incident_key",
        Key,
        ForeignKey("incidents.key"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("position", Integer, primary_key=True, autoincrement=False),
    *_columns(REPORT_FIELDS),
)

incident_links = Table(
    "incident_links",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column(
        "incident_key",
        Key,
        ForeignKey("incidents.key"),
        primary_key=True,
        autoincrement=False,
    ),
    Index(None, "incident_key"),
    sqlite_with_rowid=False,
)

record_versions = Table(
    "record_versions",
    metadata,
    Column("key", Key, ForeignKey("identities.key"), primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("batch", Integer, ForeignKey("batches.id"), nullable=False, index=True),
    Column(
        "previous",
        Integer,
        comment="version that was current before; null: the record was new or gone",
    ),
    Column("body", LargeBinary, comment="the Feature, then what it leaves out; null: removed by this batch"),
    Column(
        "again",
        Integer,
        comment="version that an undo says again, 0: the record was not there; null: it says something new",
    ),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False, comment="import, undo, rejoin or reload"),
    Column("author", Text, nullable=False, comment="never public"),
    Column("created", Text, nullable=False, comment="UTC, ISO 8601"),
    Column("public_note", Text, nullable=False),
    Column("private_note", Text, nullable=False, comment="never public"),
    Column("file_name", Text, nullable=False),
    Column("file_hash", Text, nullable=False),
    Column("base_version", Integer, nullable=False),
    Column("undoes", Integer, ForeignKey("batches.id")),
    Column("created_count", Integer, nullable=False),
    Column("updated_count", Integer, nullable=False),
    Column("removed_count", Integer, nullable=False),
)

reference_sets = Table(
    "reference_sets",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False, comment="JSON"),
)

dataset_versions = Table(
    "dataset_versions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("batch", Integer, ForeignKey("batches.id"), nullable=False),
    Column("created", Text, nullable=False, comment="UTC, ISO 8601"),
    Column("content_hash", Text, nullable=False),
    Column(
        "records_sum",
        Text,
        nullable=False,
        comment="sum of the records' SHA-256, modulo 2**256, hex",
    ),
    Column("reference_hash", Text, ForeignKey("reference_sets.hash")),
    Column("incidents", Integer, nullable=False),
    Column("reports", Integer, nullable=False),
    Column("manifest", LargeBinary, comment="null: older than the versions that are kept"),
)

chunks = Table(
    "chunks",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False, comment="brotli"),
)

dataset_chunks = Table(
    "dataset_chunks",
    metadata,
    Column(
        "number",
        Integer,
        ForeignKey("dataset_versions.number"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("first_day", Integer, primary_key=True, autoincrement=False),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("last_day", Integer, nullable=False),
    Column("hash", Text, ForeignKey("chunks.hash"), nullable=False, index=True),
    Column("rows", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What pages ask of every version, where counting is slow; never more than follows from the content.
whole_answers = Table(
    "whole_answers",
    metadata,
    Column("content_hash", Text, primary_key=True, comment="of the data set that was counted"),
    Column("what", Text, primary_key=True, comment="what was counted, and the form of the answer"),
    Column("body", LargeBinary, nullable=False, comment="JSON"),
)

# One array or list a row, all of the same version; what changed since is read from the records.
coded_incidents = Table(
    "coded_incidents",
    metadata,
    Column("name", Text, primary_key=True, comment="of an array or a list of values"),
    Column("number", Integer, nullable=False, comment="the version of the data set it is of"),
    Column("content_hash", Text, nullable=False, comment="the same"),
    Column("body", LargeBinary, nullable=False, comment="little-endian numbers, or JSON"),
)

# What `geoapp.links` keeps beside the data set, outside of its versions.
link_checks = Table(
    "link_checks",
    metadata,
    Column(
        "digest",
        Text,
        primary_key=True,
        comment="SHA-256 of url, hex: an address can be too long for an index",
    ),
    Column("url", Text, nullable=False, comment="a source_url"),
    Column("state", Text, nullable=False, comment="ok, moved, gone or failed"),
    Column("checked", Text, nullable=False, index=True, comment="UTC, ISO 8601 with microseconds"),
    Column("moved_to", Text),
    Column("reason", Text),
)
