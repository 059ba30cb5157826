"""The index by date covers what boxes and intervals compare, so that a page is found without the table."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Put the wider index in place of the one by day, id and status."""
    op.drop_index("ix_incidents_day_from_id_status", "incidents", if_exists=True)
    columns = ["day_from", "id", "status", "day_to", "joined_longitude", "joined_latitude", "version"]
    op.create_index("ix_incidents_dated", "incidents", columns, if_not_exists=True)
