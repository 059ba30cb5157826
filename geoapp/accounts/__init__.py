"""Who says what about an incident, by party, and where the accounts contradict each other."""

from geoapp.accounts.claims import Claim, PlaceClaim
from geoapp.accounts.differences import Difference, Pair, differences, differs
from geoapp.accounts.voices import (
    Account,
    Voice,
    badge,
    by_party,
    derived_status,
    parties,
    publishers,
    status_of,
)

__all__ = [
    "Account",
    "Claim",
    "Difference",
    "Pair",
    "PlaceClaim",
    "Voice",
    "badge",
    "by_party",
    "derived_status",
    "differences",
    "differs",
    "parties",
    "publishers",
    "status_of",
]
