"""What every exported file says about itself: version, filters, licence, where all licences stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from geoapp.export.credits import INCIDENTS, Part
from geoapp.export.styles import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which data these are. `made` is when the version was made (UTC), `query` the canonical filters.

    `licences` is the address of LICENSES.txt; `parts` names licence and credit of the incidents and of
    every layer that they were joined with; `bom` begins a CSV with a byte order mark, without which
    Excel takes UTF-8 for something else; `groups` is how a desktop map draws the kinds.
    """

    version: int
    made: datetime
    licences: str = "LICENSES.txt"
    query: str = ""
    parts: tuple[Part, ...] = ()
    bom: bool = False
    groups: tuple[Group, ...] = ()

    def members(self) -> dict[str, str | int]:
        """The same as names and values, for whatever place a format has for them."""
        told: dict[str, str | int] = {
            "license": INCIDENTS.name,
            "license_url": INCIDENTS.url,
            "credit": INCIDENTS.credit,
            "licences_and_credits": self.licences,
            "dataset_version": self.version,
            "dataset_made": self.made.isoformat(timespec="seconds"),
        }
        return told | ({"filters": self.query} if self.query else {})
