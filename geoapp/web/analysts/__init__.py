"""For analysts: the data out, exactly what the same filters show on the map and in the list."""

from __future__ import annotations

from geoapp.web.analysts import exports, files, metadata
from geoapp.web.analysts.blueprint import blueprint

__all__ = ["blueprint", "exports", "files", "metadata"]
