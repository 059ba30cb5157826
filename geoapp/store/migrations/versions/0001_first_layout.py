"""The first layout: records, history, batches, versions, reference data, both indexes.

Written out, not derived from `geoapp.incident`: a step says what a database had, whatever the
program says later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import context, op

revision = "0001"
down_revision = None

NULL, NOT_NULL = True, False
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TYPES: Mapping[str, Any] = {
    "text": sa.Text(),
    "integer": sa.Integer(),
    "real": sa.Float(53),
    "flag": sa.Boolean(),
}

COUNTED = (
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
)
INCIDENT_FIELDS = (
    ("date", "text", NOT_NULL),
    ("end_date", "text", NULL),
    ("time", "text", NULL),
    ("time_zone", "text", NULL),
    ("date_precision", "text", NOT_NULL),
    ("title", "text", NOT_NULL),
    ("summary", "text", NOT_NULL),
    ("category", "text", NOT_NULL),
    ("place", "text", NOT_NULL),
    ("latitude", "real", NULL),
    ("longitude", "real", NULL),
    ("location_precision", "text", NOT_NULL),
    ("actors", "text", NOT_NULL),
    ("status", "text", NOT_NULL),
    ("joined_longitude", "real", NULL),
    ("joined_latitude", "real", NULL),
    ("joined_location_origin", "text", NULL),
    ("joined_location_radius_m", "integer", NULL),
    ("joined_placed_by_description", "flag", NULL),
    ("joined_place_id", "text", NULL),
    ("joined_distance_min_m", "integer", NULL),
    ("joined_distance_max_m", "integer", NULL),
    ("joined_distance_note", "text", NULL),
    ("joined_areas", "text", NULL),
    ("joined_areas_near", "text", NULL),
    ("joined_nearest_place", "text", NULL),
    ("joined_administered_by", "text", NULL),
    ("joined_administered_by_note", "text", NULL),
    ("joined_nearest_crossing", "text", NULL),
    ("joined_crossing_state", "text", NULL),
    ("joined_crossing_note", "text", NULL),
    ("joined_crossings", "text", NULL),
    ("joined_parties", "text", NULL),
    ("joined_publishers", "integer", NULL),
    ("joined_differs", "flag", NULL),
    ("joined_layers_hash", "text", NULL),
)
REPORT_FIELDS = (
    ("source_url", "text", NOT_NULL),
    ("source_publisher", "text", NOT_NULL),
    ("source_title", "text", NULL),
    ("source_date", "text", NULL),
    ("source_language", "text", NOT_NULL),
    ("source_archive_url", "text", NULL),
    ("attributed_to", "text", NULL),
    ("statement", "text", NOT_NULL),
    ("claimed_date", "text", NULL),
    ("claimed_place", "text", NULL),
    ("claimed_latitude", "real", NULL),
    ("claimed_longitude", "real", NULL),
    ("claimed_distance_m", "text", NULL),
    ("claimed_distance_from", "text", NULL),
    ("claimed_people", "text", NULL),
    ("notes", "text", NULL),
    ("report_id", "text", NULL),
    ("report_status", "text", NULL),
)


def _columns(listed: Iterable[tuple[str, str, bool]]) -> list[sa.Column[Any]]:
    return [sa.Column(name, TYPES[kind], nullable=nullable) for name, kind, nullable in listed]


def upgrade() -> None:
    """Create everything."""
    _create_batches()
    _create_chunks()
    _create_identities()
    _create_reference_sets()
    _create_dataset_versions()
    _create_incidents()
    _create_record_versions()
    _create_dataset_chunks()
    _create_incident_links()
    _create_reports()
    context.config.attributes["dialect"].create_indexes(op.get_bind())


def _create_batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="import, undo, rejoin or reload"),
        sa.Column("author", sa.Text(), nullable=False, comment="never public"),
        sa.Column("created", sa.Text(), nullable=False, comment="UTC, ISO 8601"),
        sa.Column("public_note", sa.Text(), nullable=False),
        sa.Column("private_note", sa.Text(), nullable=False, comment="never public"),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_hash", sa.Text(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column(
            "undoes", sa.Integer(), sa.ForeignKey("batches.id", name="fk_batches_undoes"), nullable=True
        ),
        sa.Column("created_count", sa.Integer(), nullable=False),
        sa.Column("updated_count", sa.Integer(), nullable=False),
        sa.Column("removed_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
    )


def _create_chunks() -> None:
    op.create_table(
        "chunks",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="brotli"),
        sa.PrimaryKeyConstraint("hash", name="pk_chunks"),
    )


def _create_identities() -> None:
    op.create_table(
        "identities",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_identities"),
        sa.UniqueConstraint("id", name="uq_identities_id"),
        comment="Every id ever used, its key (unsigned 32 bits), its last version, and why it is gone",
    )


def _create_reference_sets() -> None:
    op.create_table(
        "reference_sets",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="JSON"),
        sa.PrimaryKeyConstraint("hash", name="pk_reference_sets"),
    )


def _create_dataset_versions() -> None:
    op.create_table(
        "dataset_versions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "batch",
            sa.Integer(),
            sa.ForeignKey("batches.id", name="fk_dataset_versions_batch"),
            nullable=False,
        ),
        sa.Column("created", sa.Text(), nullable=False, comment="UTC, ISO 8601"),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column(
            "records_sum",
            sa.Text(),
            nullable=False,
            comment="sum of the records' SHA-256, modulo 2**256, hex",
        ),
        sa.Column(
            "reference_hash",
            sa.Text(),
            sa.ForeignKey("reference_sets.hash", name="fk_dataset_versions_reference_hash"),
            nullable=True,
        ),
        sa.Column("incidents", sa.Integer(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column(
            "manifest", sa.LargeBinary(), nullable=True, comment="null: older than the versions that are kept"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_dataset_versions"),
    )


def _create_incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column(
            "key",
            KEY,
            sa.ForeignKey("identities.key", name="fk_incidents_key"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        *_columns(INCIDENT_FIELDS),
        sa.Column(
            "day_from", sa.Integer(), nullable=False, comment="first day covered, days since 1970-01-01"
        ),
        sa.Column("day_to", sa.Integer(), nullable=False, comment="last day covered, days since 1970-01-01"),
        sa.Column("category_group", sa.Text(), nullable=False),
        sa.Column(
            "place_name", sa.Text(), nullable=False, comment="English name of the gazetteer, else place"
        ),
        sa.Column("title_folded", sa.Text(), nullable=False),
        sa.Column("place_folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_incidents"),
        sa.UniqueConstraint("id", name="uq_incidents_id"),
    )
    op.create_index("ix_incidents_batch", "incidents", ["batch"])
    op.create_index(
        "ix_incidents_counted",
        "incidents",
        list(COUNTED),
    )
    op.create_index("ix_incidents_day_from_id_status", "incidents", ["day_from", "id", "status"])
    op.create_index("ix_incidents_place_folded", "incidents", ["place_folded"])


def _create_record_versions() -> None:
    op.create_table(
        "record_versions",
        sa.Column(
            "key",
            KEY,
            sa.ForeignKey("identities.key", name="fk_record_versions_key"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "batch",
            sa.Integer(),
            sa.ForeignKey("batches.id", name="fk_record_versions_batch"),
            nullable=False,
        ),
        sa.Column(
            "previous",
            sa.Integer(),
            nullable=True,
            comment="version that was current before; null: the record was new or gone",
        ),
        sa.Column(
            "body", sa.LargeBinary(), nullable=True, comment="the record as JSON; null: removed by this batch"
        ),
        sa.PrimaryKeyConstraint("key", "version", name="pk_record_versions"),
    )
    op.create_index("ix_record_versions_batch", "record_versions", ["batch"])


def _create_dataset_chunks() -> None:
    op.create_table(
        "dataset_chunks",
        sa.Column(
            "number",
            sa.Integer(),
            sa.ForeignKey("dataset_versions.number", name="fk_dataset_chunks_number"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("first_day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_day", sa.Integer(), nullable=False),
        sa.Column(
            "hash", sa.Text(), sa.ForeignKey("chunks.hash", name="fk_dataset_chunks_hash"), nullable=False
        ),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", "first_day", "part", name="pk_dataset_chunks"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_dataset_chunks_hash", "dataset_chunks", ["hash"])


def _create_incident_links() -> None:
    op.create_table(
        "incident_links",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column(
            "incident_key",
            KEY,
            sa.ForeignKey("incidents.key", name="fk_incident_links_incident_key"),
            autoincrement=False,
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("name", "value", "incident_key", name="pk_incident_links"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_incident_links_incident_key", "incident_links", ["incident_key"])


def _create_reports() -> None:
    op.create_table(
        "reports",
        sa.Column(
            "incident_key",
            KEY,
            sa.ForeignKey("incidents.key", name="fk_reports_incident_key"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        *_columns(REPORT_FIELDS),
        sa.PrimaryKeyConstraint("incident_key", "position", name="pk_reports"),
    )
