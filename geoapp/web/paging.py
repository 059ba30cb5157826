"""Where a page of a long list stands, and how much of it a page shows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geoapp.errors import Fault
from geoapp.query import MAX_OFFSET
from geoapp.web.language import gettext as _

# A page of 6,000 took ten seconds of computing; who wants them all takes an export or the API's GeoJSON.
MOST_ON_PAGE = 500


@dataclass(frozen=True)
class Paging:
    """Where a page stands: its first and last row from 1, all rows, and the offsets before and after it."""

    first: int
    last: int
    total: int
    previous: int | None
    next: int | None

    @classmethod
    def of(cls, offset: int, most: int, total: int) -> Paging:
        """The paging of rows from `offset`, `most` at once."""
        following = offset + most
        return cls(
            first=offset + 1,
            last=min(following, total),
            total=total,
            previous=max(offset - most, 0) if offset else None,
            next=following if following < total and following <= MAX_OFFSET else None,
        )


def offset_faults(text: str) -> list[Fault]:
    """What is wrong with an offset in an address; empty: nothing."""
    if re.fullmatch(r"[0-9]{1,6}", text) and int(text) <= MAX_OFFSET:
        return []
    return [Fault("offset", text, _("a whole number from 0 to %(most)s", most=MAX_OFFSET))]
