"""How to cite the data set at a version, or the part of it that filters leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from geoapp.citation import Citation
from geoapp.export.credits import INCIDENTS

TITLE = "Boundary incidents"
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What is cited: a version (`made` is UTC), its size, the days that it covers, address and filters."""

    version: int
    made: datetime
    incidents: int
    days: tuple[date, date] | None
    address: str
    query: str = ""

    def text(self) -> str:
        """One paragraph."""
        day = f"{self.made.day} {MONTHS[self.made.month - 1]} {self.made.year}"
        return f"{TITLE}, version {self.version} ({day}). {self._counted}. {self.address}. {INCIDENTS.name}."

    def citation(self) -> Citation:
        """The same for reference managers."""
        return Citation(
            key=f"boundary-incidents-v{self.version}",
            kind="dataset",
            title=f"{TITLE}: {self._counted}",
            site=TITLE,
            issued=self.made.date(),
            version=self.version,
            url=self.address,
            licence=INCIDENTS.name,
        )

    @property
    def _counted(self) -> str:
        counted = f"{self.incidents:,} incident{'' if self.incidents == 1 else 's'}{self._span}"
        return f"{counted}, filtered by {self.query}" if self.query else counted

    @property
    def _span(self) -> str:
        if self.days is None:
            return ""
        first, last = (f"{MONTHS[day.month - 1]} {day.year}" for day in self.days)
        return f", {first}" if first == last else f", {first} to {last}"
