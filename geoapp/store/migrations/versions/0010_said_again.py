"""Which version of a record an undo says again, where until now every version of an undo did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_FILL = """
UPDATE record_versions SET again = COALESCE((
    SELECT undone.previous FROM record_versions AS undone
    JOIN batches ON batches.undoes = undone.batch
    WHERE batches.id = record_versions.batch AND undone."key" = record_versions."key"
), 0)
WHERE batch IN (SELECT id FROM batches WHERE undoes IS NOT NULL)
"""


def upgrade() -> None:
    """Add the column, and fill it as the rule was."""
    comment = "version that an undo says again, 0: the record was not there; null: it says something new"
    op.add_column("record_versions", sa.Column("again", sa.Integer(), comment=comment))
    op.execute(_FILL)
