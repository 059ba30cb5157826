"""OGC API - Features 1.0: Core, GeoJSON, HTML, OpenAPI 3.0, and filtering with CQL2 (Part 3)."""

from geoapp.web.api.views import blueprint

__all__ = ["blueprint"]
