"""How many requests of programs were counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the table; nothing has been counted yet."""
    op.create_table(
        "request_counts",
        sa.Column(
            "key",
            sa.Text(),
            nullable=False,
            comment="HMAC of address and span, under the salt of the day, hex",
        ),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column(
            "until", sa.Float(53), nullable=False, comment="end of the span; seconds since 1970-01-01 UTC"
        ),
        sa.PrimaryKeyConstraint("key", name="pk_request_counts"),
    )
