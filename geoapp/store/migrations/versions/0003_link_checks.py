"""The results of checking the links to sources."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table; no link has been checked yet."""
    op.create_table(
        "link_checks",
        sa.Column(
            "digest",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of url, hex: an address can be too long for an index",
        ),
        sa.Column("url", sa.Text(), nullable=False, comment="a source_url"),
        sa.Column("state", sa.Text(), nullable=False, comment="ok, moved, gone or failed"),
        sa.Column("checked", sa.Text(), nullable=False, comment="UTC, ISO 8601 with microseconds"),
        sa.Column("moved_to", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_link_checks"),
    )
    op.create_index("ix_link_checks_checked", "link_checks", ["checked"])
