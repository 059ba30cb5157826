"""Whether the links to the sources still work: asked politely, kept with its date, shown to everybody."""

from geoapp.links.checking import Checker
from geoapp.links.model import STATES, Check, Result
from geoapp.links.policy import Policy
from geoapp.links.rounds import Told, check_due
from geoapp.links.stored import Listed, checks_of, count, due, forget, listed, save, stamp
from geoapp.links.suggestion import archived_copy

__all__ = [
    "STATES",
    "Check",
    "Checker",
    "Listed",
    "Policy",
    "Result",
    "Told",
    "archived_copy",
    "check_due",
    "checks_of",
    "count",
    "due",
    "forget",
    "listed",
    "save",
    "stamp",
]
