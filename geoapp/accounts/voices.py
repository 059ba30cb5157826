"""The reports of an incident, sorted under the parties that speak in them. Withdrawn reports are left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from geoapp.incident import Incident, Report
from geoapp.reference import Reference


@dataclass(frozen=True, slots=True)
class Voice:
    """One report with its speaker's name; `number` is its place among all reports of the incident, from 1."""

    number: int
    party: str
    speaker: str
    report: Report


@dataclass(frozen=True, slots=True)
class Account:
    """What one party is reported to say: oldest report first, undated last; empty when none was found."""

    party: str
    label: str
    voices: tuple[Voice, ...]


def voices(incident: Incident, reference: Reference) -> Iterator[Voice]:
    """Every report that is not withdrawn, in the incident's order."""
    for number, report in enumerate(incident.reports, start=1):
        if report.report_status is None:
            actor = reference.actors.get(report.attributed_to or "")
            speaker = actor.name if actor else report.attributed_to or report.source_publisher
            yield Voice(number, reference.party_of(report.attributed_to), speaker, report)


def by_party(incident: Incident, reference: Reference) -> list[Account]:
    """One account for every party in the fixed order, also for those of which no statement was found."""
    spoken = sorted(voices(incident, reference), key=lambda voice: voice.report.source_date or date.max)
    return [
        Account(party, known.label, tuple(voice for voice in spoken if voice.party == party))
        for party, known in reference.parties.items()
    ]


def parties(incident: Incident, reference: Reference) -> tuple[str, ...]:
    """Codes of the parties that speak, in the fixed order."""
    speaking = {reference.party_of(report.attributed_to) for report in incident.current_reports}
    return tuple(party for party in reference.parties if party in speaking)


def publishers(incident: Incident) -> tuple[str, ...]:
    """Names of the publishers, each once, in the order of the reports."""
    return tuple(dict.fromkeys(report.source_publisher for report in incident.current_reports))


def badge(incident: Incident, reference: Reference) -> tuple[int, int]:
    """Number of parties that speak and number of publishers."""
    return len(parties(incident, reference)), len(publishers(incident))


def derived_status(incident: Incident) -> str:
    """The status that follows from the reports: `single_source`, or `uncontested` with several publishers."""
    return status_of(incident.reports)


def status_of(reports: Iterable[Report]) -> str:
    """The same from the reports alone."""
    found = {report.source_publisher for report in reports if report.report_status is None}
    return "uncontested" if len(found) > 1 else "single_source"
