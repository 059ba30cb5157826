"""Measurements, run by hand (`make bench`); no test depends on a time."""
