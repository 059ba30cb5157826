"""Uploads between the file and the data set: kept, answered, checked, previewed, and saved once."""

from geoapp.drafts.forgetting import forget
from geoapp.drafts.model import AS_REPORTS, DECISIONS, LEAVE_OUT, SEPARATE, Answers, Cell, Draft
from geoapp.drafts.review import Reviews
from geoapp.drafts.rows import Drafts
from geoapp.drafts.saved import Mappings, SavedMapping

__all__ = [
    "AS_REPORTS",
    "DECISIONS",
    "LEAVE_OUT",
    "SEPARATE",
    "Answers",
    "Cell",
    "Draft",
    "Drafts",
    "Mappings",
    "Reviews",
    "SavedMapping",
    "forget",
]
