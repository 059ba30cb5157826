"""CQL2 (OGC 21-065): a filter expression in text or JSON, read with bounds, then made a SQL condition."""

from geoapp.cql.conditions import condition
from geoapp.cql.queryables import Engine, Queryable, Shaped
from geoapp.cql.reading import LANGUAGES, MAX_LENGTH, Expression, Misfit, read, within

__all__ = [
    "LANGUAGES",
    "MAX_LENGTH",
    "Engine",
    "Expression",
    "Misfit",
    "Queryable",
    "Shaped",
    "condition",
    "read",
    "within",
]
