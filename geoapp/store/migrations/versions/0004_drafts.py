"""Uploads that are not saved yet, and mappings of foreign columns kept under a name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("editor", sa.Text(), nullable=False, comment="name of the user; never public"),
        sa.Column("created", sa.Text(), nullable=False, comment="UTC, ISO 8601"),
        sa.Column("updated", sa.Text(), nullable=False, comment="UTC, ISO 8601"),
        sa.Column("expires", sa.Text(), nullable=False, comment="UTC, ISO 8601"),
        sa.Column("revision", sa.Integer(), nullable=False, comment="one more with every change"),
        sa.Column("state", sa.Text(), nullable=False, comment="open, waiting, saved or discarded"),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_hash", sa.Text(), nullable=False, comment="SHA-256 of the bytes, hex"),
        sa.Column("pasted", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), comment="the bytes as they came; null: saved or discarded"),
        sa.Column("answers", sa.Text(), nullable=False, comment="JSON: mapping, corrections, decisions"),
        sa.Column("step", sa.Text(), nullable=False, comment="columns, check or preview"),
        sa.Column("errors", sa.Integer(), nullable=False, comment="errors at the last check"),
        sa.Column("version", sa.Integer(), comment="version of the data set that saving made"),
        sa.Column(
            "batch",
            sa.Integer(),
            sa.ForeignKey("batches.id", name="fk_drafts_batch"),
            comment="batch that saving made",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
    )
    op.create_index("ix_drafts_editor", "drafts", ["editor"])
    op.create_index("ix_drafts_expires", "drafts", ["expires"])
    op.create_table(
        "saved_mappings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("editor", sa.Text(), nullable=False, comment="who kept it last; never public"),
        sa.Column("updated", sa.Text(), nullable=False, comment="UTC, ISO 8601"),
        sa.Column("body", sa.Text(), nullable=False, comment="JSON of the mapping"),
        sa.PrimaryKeyConstraint("name", name="pk_saved_mappings"),
    )
