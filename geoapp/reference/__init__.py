"""Parties, actors, categories, states of the crossings, layers and places: read and checked as one."""

from geoapp.reference.changes import changes
from geoapp.reference.model import (
    STATES,
    Actor,
    Category,
    CheckpointState,
    Group,
    Party,
    Reference,
    State,
    from_dict,
)
from geoapp.reference.reading import read
from geoapp.reference.runs import Run, runs

__all__ = [
    "STATES",
    "Actor",
    "Category",
    "CheckpointState",
    "Group",
    "Party",
    "Reference",
    "Run",
    "State",
    "changes",
    "from_dict",
    "read",
    "runs",
]
