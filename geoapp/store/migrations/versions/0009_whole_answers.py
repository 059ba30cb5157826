"""Answers about the whole data set."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the table; nothing has been counted yet."""
    op.create_table(
        "whole_answers",
        sa.Column("content_hash", sa.Text(), nullable=False, comment="of the data set that was counted"),
        sa.Column("what", sa.Text(), nullable=False, comment="what was counted, and the form of the answer"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="JSON"),
        sa.PrimaryKeyConstraint("content_hash", "what", name="pk_whole_answers"),
    )
