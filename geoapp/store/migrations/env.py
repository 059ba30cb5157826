"""Alembic's entry: runs the steps on the connection that the store hands over."""

from __future__ import annotations

from alembic import context
from sqlalchemy import inspect

from geoapp.store.migrations.hidden import is_ours
from geoapp.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    # SQLite takes part in transactions with its table definitions once the driver leaves BEGIN to us.
    transactional_ddl=True,
    include_name=is_ours,
    version_table_schema=inspect(context.config.attributes["connection"]).default_schema_name,
)
context.run_migrations()
