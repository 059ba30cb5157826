"""Incidents as arrays of codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the table; a process that serves fills it."""
    op.create_table(
        "coded_incidents",
        sa.Column("name", sa.Text(), nullable=False, comment="of an array or a list of values"),
        sa.Column("number", sa.Integer(), nullable=False, comment="the version of the data set it is of"),
        sa.Column("content_hash", sa.Text(), nullable=False, comment="the same"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="little-endian numbers, or JSON"),
        sa.PrimaryKeyConstraint("name", name="pk_coded_incidents"),
    )
