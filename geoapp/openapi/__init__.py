"""The API in OpenAPI 3.0, made from the vocabulary of filters, the schema and the collections."""

from geoapp.openapi.document import Described, document

__all__ = ["Described", "document"]
