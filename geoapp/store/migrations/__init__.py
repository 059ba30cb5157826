"""Steps from one layout of the tables to the next, run by Alembic when a database is opened."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

from geoapp.errors import StoreFailed
from geoapp.store.dialect import Dialect

# Known here so that an up-to-date database opens without loading Alembic (a tenth of a second).
HEAD = "0011"


def revision(connection: Connection) -> str | None:
    """The layout that the database has; None when it is empty."""
    known = inspect(connection)
    # By its schema: a store in another one of the same database may be in sight too.
    if not known.has_table("alembic_version", schema=known.default_schema_name):
        return None
    return connection.execute(select(table("alembic_version", column("version_num")))).scalar_one_or_none()


def upgrade(connection: Connection, dialect: Dialect) -> None:
    """Bring the tables to the newest layout inside the caller's transaction.

    Raises StoreFailed when the database was made by a newer program.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes.update(connection=connection, dialect=dialect)
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreFailed(f"the database was made by a newer version of this program: {error}") from error
    dialect.settle(connection)
