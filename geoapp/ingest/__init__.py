"""CSV -> Batch: reading a file, checking every cell against the schema and the store."""

from geoapp.ingest.checking.prepare import prepare
from geoapp.ingest.table import Table, read_table

__all__ = ["Table", "prepare", "read_table"]
