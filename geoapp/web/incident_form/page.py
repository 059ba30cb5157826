"""What the form shows: its cells with their faults, and what is worked out from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from geoapp.accounts import derived_status
from geoapp.by_hand import Checked, Fault, Form, Sheet
from geoapp.by_hand.sheet import blank_report, sheet_of
from geoapp.incident import Record
from geoapp.query import Filters
from geoapp.reference import Reference
from geoapp.store import Neighbours
from geoapp.web import wording
from geoapp.web.incident_form import controls
from geoapp.web.incident_form.controls import Control, Groups
from geoapp.web.readers.incident_page import Fact, IncidentPage
from geoapp.webmap import Bounds, bounds_of

NOTE = "public_note"
# With more sources than this the form shows each by its heading at first.
FEW = 2


@dataclass(frozen=True)
class Likeness:
    """A stored incident that a new one looks like, and why."""

    identifier: str
    title: str
    reason: str


@dataclass(frozen=True)
class Point:
    """What the map shows at first: a point in degrees (WGS 84) and its radius in metres."""

    longitude: float
    latitude: float
    radius_m: int


@dataclass(frozen=True)
class FormPage:
    """A form with what was found about it; `record` is what is stored, `said` what was just done."""

    form: Form
    reference: Reference
    record: Record | None = None
    checked: Checked | None = None
    said: str = ""
    focus: str = ""
    likeness: Likeness | None = None

    @property
    def incident(self) -> Mapping[str, str]:
        """The cells of the incident."""
        return self.form.sheet.incident

    @property
    def reports(self) -> tuple[Mapping[str, str], ...]:
        """The cells of its reports."""
        return self.form.sheet.reports

    @property
    def claims_open(self) -> list[bool]:
        """For each report, whether what it claims on its own is shown at once."""
        names = [each.name for each in controls.CLAIMS]
        return [
            any(report[name] for name in names) or any(self.faults(at, name) for name in names)
            for at, report in enumerate(self.reports)
        ]

    @property
    def is_open(self) -> list[bool]:
        """For each report, whether its cells show at once: of few, of new ones, and where one is wrong."""
        found = {fault.report for fault in (self.checked.faults if self.checked else ())}
        few = len(self.reports) <= FEW
        return [few or not each["report_id"] or at in found for at, each in enumerate(self.reports)]

    def faults(self, report: int | None, column: str) -> list[Fault]:
        """What is said of one cell."""
        found = self.checked.faults if self.checked else ()
        return [fault for fault in found if (fault.report, fault.column) == (report, column)]

    def groups(self, control: Control) -> Groups:
        """The choices of a field, with the one that stands there though it is none of them."""
        return controls.groups(control.name, self.reference, self._derived)

    @property
    def _shown(self) -> Record | None:
        """The record as it would be saved, else as it is stored while nothing speaks against it."""
        if self.checked and self.checked.change:
            return self.checked.change.after
        return self.record if not (self.checked and self.checked.errors) else None

    @property
    def _unmoved(self) -> Record | None:
        """The stored record while its place and point are those of the form, whatever else is wrong."""
        if self.record is None:
            return None
        stored = sheet_of(self.record.incident).incident
        same = all(stored[name] == self.incident[name] for name in ("place", "latitude", "longitude"))
        return self.record if same else None

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north in degrees around the line, for a map without a point."""
        features = [feature for layer in self.reference.layers.of_role("line") for feature in layer.features]
        return bounds_of(each.geometry for each in features if each.geometry is not None)

    @property
    def _derived(self) -> str | None:
        return derived_status(self._shown.incident) if self._shown and not self.incident["status"] else None

    @property
    def worked_out(self) -> list[tuple[str, Fact]]:
        """What follows from the cells: label, value and reason; empty while they have errors."""
        record = self._shown
        if record is None:
            return []
        told = IncidentPage(record, self.reference, (), Filters(), Neighbours(None, 0, None, None))
        place = told.place
        known = self.reference.gazetteer.name(place) if place else "not in the gazetteer"
        parties = [self.reference.parties[code].label for code in record.joined.parties]
        return [
            ("Place", Fact(known, told.where.notes)),
            ("Distance to the line", told.distance),
            ("Administered by", told.administration),
            ("Nearest crossing point", told.crossing),
            ("Parties that speak", Fact(wording.listed(parties) if parties else "none")),
            ("Status", Fact(f"{wording.STATUSES[record.incident.status]}: {told.badge}")),
        ]

    @property
    def looked_for_likeness(self) -> bool:
        """Whether a new incident was held against the stored ones."""
        return bool(self.checked and self.checked.change and self.checked.change.before is None)

    @property
    def point(self) -> Point | None:
        """The point that the map begins with."""
        shown = self._shown or self._unmoved
        joined = shown.joined if shown else None
        if joined is None or joined.longitude is None or joined.latitude is None:
            return None
        return Point(joined.longitude, joined.latitude, joined.location_radius_m or 0)

    @property
    def actor_names(self) -> str:
        """Who the codes of the actors stand for."""
        codes = (code.strip() for code in self.incident["actors"].split(";"))
        actors = self.reference.actors
        return "; ".join(actors[code].name for code in codes if code in actors)

    @property
    def errors(self) -> int:
        """How many errors must be mended before saving."""
        return len(self.checked.errors) if self.checked else 0

    @property
    def changes_nothing(self) -> bool:
        """Whether saving would change nothing."""
        return bool(self.checked and self.checked.batch and not self.checked.change)

    @property
    def ledger(self) -> tuple[str, str, str]:
        """What has happened, what has not, what can be taken back."""
        undo = "afterwards it is a batch of one, with undo."
        if self.said:
            return self.said, "Nothing is waiting to be saved.", f"Saved is saved; {undo}"
        if self.checked is None:
            return (
                "Nothing yet. What you type stands in this page alone, so keep it open.",
                "Not checked and not saved. Readers do not see it.",
                f"Everything until you save; {undo}",
            )
        count = self.errors
        left = f"{count} error{'' if count == 1 else 's'} left. " if count else ""
        nothing = "Nothing differs from what is stored. " if self.changes_nothing else ""
        return (
            "Checked by the rules of an upload.",
            f"{left}{nothing}Not saved. Readers do not see it.",
            f"Everything until you save; {undo}",
        )


def with_report(form: Form) -> Form:
    """The form with room for one more report."""
    return replace(form, sheet=Sheet(form.sheet.incident, (*form.sheet.reports, blank_report())))


def without_report(form: Form, place: int) -> Form:
    """The form without a report that was never stored; a stored one stays and can be withdrawn."""
    kept = tuple(report for at, report in enumerate(form.sheet.reports) if at != place or report["report_id"])
    return replace(form, sheet=Sheet(form.sheet.incident, kept))


def lacks_note(checked: Checked) -> Checked:
    """The same with an error at the public note."""
    note = Fault("error", None, NOTE, "a note that says what changed and why; everyone can read it")
    return replace(checked, faults=(*checked.faults, note))
