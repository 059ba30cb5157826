"""Joins incidents to the reference layers; every number it gives out says how uncertain it is."""

from geoapp.spatial_join.join import Joiner
from geoapp.spatial_join.locate import Location

__all__ = ["Joiner", "Location"]
