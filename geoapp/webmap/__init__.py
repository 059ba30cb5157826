"""The map's shell by folium, which is imported only when a shell has to be rendered anew."""

from __future__ import annotations

from geoapp.webmap.keeping import build, kept
from geoapp.webmap.model import Addresses, Bounds, Shell, bounds_of

__all__ = ["Addresses", "Bounds", "Shell", "bounds_of", "build", "kept"]
