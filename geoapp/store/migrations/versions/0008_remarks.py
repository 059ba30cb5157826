"""What a reviewer says who sends a draft back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column; nothing was sent back yet."""
    comment = "what a reviewer said who sent it back; never public"
    op.add_column("drafts", sa.Column("remark", sa.Text(), comment=comment))
