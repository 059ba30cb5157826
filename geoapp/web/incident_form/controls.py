"""The fields of the form: how each is labelled, asked for, and how wide it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from geoapp.incident import FIELD_BY_COLUMN
from geoapp.kinds import STATUSES, TEXT
from geoapp.reference import Reference
from geoapp.web.wording import PRECISION_CHOICES
from geoapp.web.wording import STATUSES as STATUS_LABELS

# These always hold one of their choices.
_HELD = frozenset({"status", "date_precision", "location_precision"})

Shape = Literal["line", "text", "choice"]
Options = tuple[tuple[str, str], ...]
# What stands in a list of choices under a heading; "" for those without.
Groups = tuple[tuple[str, Options], ...]


@dataclass(frozen=True, slots=True)
class Control:
    """One field: `width` in sixths of the row."""

    name: str
    label: str
    width: int = 6
    hint: str = ""
    shape: Shape = "line"

    @property
    def is_required(self) -> bool:
        """Whether every incident or report needs it, and the form does not hold a value from the start."""
        return FIELD_BY_COLUMN[self.name].required and self.name not in _HELD


def _text(name: str, label: str, hint: str = "") -> Control:
    return Control(name, label, 6, hint, "text")


def _choice(name: str, label: str, width: int) -> Control:
    return Control(name, label, width, "", "choice")


WHAT = (
    Control("title", "Title", 6, "Neutral, on one line."),
    Control("date", "Date", 2, "YYYY-MM-DD"),
    Control("end_date", "End date", 2, "Where it lasted longer."),
    _choice("date_precision", "Date known to the", 2),
    Control("time", "Time", 3, "HH:MM, as the source states it."),
    Control("time_zone", "Time zone", 3, "+04:00, +03:00; blank: not stated."),
    _choice("category", "Category", 3),
    _choice("status", "Status", 3),
    _text("summary", "Summary", "Neutral; names the positions where they differ."),
    Control("actors", "Who was involved", 6, "Codes of the codebook, separated by ;"),
)
WHERE = (
    Control("place", "Place", 3, "As the gazetteer names it, in any script."),
    _choice("location_precision", "Known to the", 3),
)
POINT = (
    Control("latitude", "Latitude", 3, "Decimal degrees."),
    Control("longitude", "Longitude", 3, "Blank: the point of the place."),
)
SOURCE = (
    Control("source_url", "Address", 6),
    Control("source_title", "Title of the page", 6, "As the page shows it."),
    Control("source_publisher", "Publisher", 2),
    Control("source_date", "Date", 2, "YYYY-MM-DD"),
    Control("source_language", "Language", 2, "A code: en, ka, ru."),
    _choice("attributed_to", "Whose account", 4),
    _choice("report_status", "This report", 2),
    _text("statement", "What it says, in our words"),
)
CLAIMS = (
    Control("claimed_date", "Date, as claimed", 3, "A day, or 2019-08-20/2019-08-24."),
    Control("claimed_people", "People, as claimed", 3, "A number, or 7/9."),
    Control("claimed_place", "Place, as claimed", 6),
    Control("claimed_latitude", "Latitude, as claimed", 3),
    Control("claimed_longitude", "Longitude, as claimed", 3),
    Control("claimed_distance_m", "Distance in metres, as claimed", 3, "A number, or 200/300."),
    Control("claimed_distance_from", "Measured from", 3, "line, or the name of a place."),
    Control("source_archive_url", "Archived copy", 6),
    _text("notes", "Notes on the report", "Shown to readers."),
)
ALL: Mapping[str, Control] = {each.name: each for each in (*WHAT, *WHERE, *POINT, *SOURCE, *CLAIMS)}
# Where both versions of a text can be put into one.
COMBINABLE = frozenset({"title", "place", "claimed_place"}) | {
    name for name in ALL if FIELD_BY_COLUMN[name].kind is TEXT
}


def groups(name: str, reference: Reference, derived: str | None) -> Groups:
    """The choices of a field; `derived` is the status that follows from the reports, where it is known."""
    if name == "category":
        return tuple(
            (f"{group.letter} {group.label}", _of_group(group.code, reference))
            for group in reference.groups.values()
        )
    return (("", _options(name, reference, derived)),)


def _of_group(code: str, reference: Reference) -> Options:
    found = (each for each in reference.categories.values() if each.group == code)
    return tuple((each.code, each.label) for each in found)


def _options(name: str, reference: Reference, derived: str | None) -> Options:
    if name == "attributed_to":
        actors = ((each.code, f"{each.code}  {each.name}") for each in reference.actors.values())
        return (("", "the publisher’s own"), *actors)
    if name == "status":
        followed = f"from the sources: {STATUS_LABELS[derived].lower()}" if derived else "from the sources"
        return (("", followed), *((code, STATUS_LABELS[code]) for code in STATUSES))
    if name == "report_status":
        return (("", "counts"), ("retracted", "is withdrawn"))
    if name == "location_precision":
        return tuple(PRECISION_CHOICES.items())
    return (("day", "day"), ("month", "month"), ("year", "year"))
