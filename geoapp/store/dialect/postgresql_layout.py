"""What PostgreSQL's tables have besides the declared layout, and what they have otherwise."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geoapp.errors import StoreFailed

# The point of a record, computed by the server from its two columns: other programs find it there too.
POINT = "point"
# An entry of a B-tree has 2,704 bytes at most, and these texts can have 80,000: declared index,
# and what stands in its place. Readers ask for a whole name, never for the texts before or after it.
INSTEAD = {
    "ix_incidents_place_folded": "ON incidents USING hash (place_folded)",
    "ix_incidents_counted": "ON incidents (status, category, category_group, location_precision, "
    "joined_differs, joined_longitude, joined_latitude, day_from, day_to)",
}
SUFFIX = "_pg"
OWN = {
    "ix_incidents_point": f"ON incidents USING gist ({POINT})",
    "ix_incident_words_words": "ON incident_words USING gin (words)",
    "ix_incident_links_value": "ON incident_links USING hash (value)",
}
_NEED = "PostGIS is missing in this database: let its owner say CREATE EXTENSION postgis there once"
_TABLES = text(
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname <> 'spatial_ref_sys' ORDER BY 1"
)
# By their bytes: as SQLite compares, and the same on every server whatever its language.
_OTHERWISE = text(
    "SELECT c.relname, array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a "
    "JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
    "JOIN pg_collation l ON l.oid = a.attcollation "
    "WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname <> 'spatial_ref_sys' "
    "AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'text'::regtype AND l.collname <> 'C' "
    "GROUP BY c.relname"
)
_SEQUENCES = text(
    "SELECT c.relname, a.attname, pg_get_serial_sequence(quote_ident(c.relname), a.attname) "
    "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = current_schema() AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped "
    "AND a.attname = 'id' AND pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL"
)


def need(connection: Connection) -> None:
    """PostGIS, and a database that keeps every letter; raises StoreFailed."""
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise StoreFailed(f"the database keeps texts as {encoding}: make one with ENCODING 'UTF8'")
    there = text("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")
    if connection.execute(there).first() is not None:
        return
    can = text(
        "SELECT rolsuper FROM pg_roles, pg_available_extensions WHERE rolname = current_user "
        "AND name = 'postgis'"
    )
    if not connection.execute(can).scalar_one_or_none():
        raise StoreFailed(_NEED)
    connection.execute(text("CREATE EXTENSION postgis"))


def create(connection: Connection) -> None:
    """The table of words and the column of points."""
    connection.execute(text("CREATE TABLE incident_words (key bigint PRIMARY KEY, words tsvector NOT NULL)"))
    connection.execute(
        text(
            f"ALTER TABLE incidents ADD COLUMN {POINT} geometry(Point, 4326) GENERATED ALWAYS AS "
            "(ST_SetSRID(ST_MakePoint(joined_longitude, joined_latitude), 4326)) STORED"
        )
    )


def settle(connection: Connection) -> None:
    """Compare texts by their bytes, and put indexes that take any text in place of those that do not."""
    for name, columns in connection.execute(_OTHERWISE).all():
        changed = ", ".join(f'ALTER COLUMN "{each}" TYPE text COLLATE "C"' for each in columns)
        connection.execute(text(f'ALTER TABLE "{name}" {changed}'))
    for name, definition in INSTEAD.items():
        connection.execute(text(f"DROP INDEX IF EXISTS {name}"))
        connection.execute(text(f"CREATE INDEX IF NOT EXISTS {name}{SUFFIX} {definition}"))
    connection.execute(text("ALTER TABLE incident_links DROP CONSTRAINT IF EXISTS pk_incident_links"))
    for name, definition in OWN.items():
        connection.execute(text(f"CREATE INDEX IF NOT EXISTS {name} {definition}"))


def tables(connection: Connection) -> list[str]:
    """The names of this store's tables."""
    return list(connection.execute(_TABLES).scalars())


def count_on(connection: Connection) -> None:
    """Let every sequence go on behind the highest number of its column."""
    for table, column, sequence in connection.execute(_SEQUENCES).all():
        highest = f'SELECT setval(:sequence, coalesce(max("{column}"), 1), max("{column}") IS NOT NULL)'
        connection.execute(text(f'{highest} FROM "{table}"'), {"sequence": sequence})
