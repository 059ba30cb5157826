from __future__ import annotations

from dataclasses import replace

import pytest

from geoapp import by_hand

INCIDENT = {
    "date": "2019-08-24",
    "date_precision": "day",
    "title": "Post seen",
    "summary": "A post was seen.",
    "category": "post_established",
    "place": "Chorchana",
    "location_precision": "village",
    "actors": "GE_GOV",
}
REPORT = {
    "source_url": "https://example.org/1",
    "source_publisher": "Example",
    "source_language": "en",
    "attributed_to": "GE_GOV",
    "statement": "Says that a post was seen.",
}


def a_sheet(*reports, **incident):
    """A sheet that every rule allows; `reports` replace its one report, values those of the incident."""
    blank = by_hand.blank_sheet()
    listed = reports or ({},)
    return by_hand.Sheet(
        {**blank.incident, **INCIDENT, **incident},
        tuple({**blank.reports[0], **REPORT, **each} for each in listed),
    )


def with_cells(sheet, **incident):
    """The sheet with other cells of the incident."""
    return replace(sheet, incident={**sheet.incident, **incident})


def with_report(sheet, number, **cells):
    """The sheet with other cells in one of its reports; one more report when there is none of that number."""
    reports = list(sheet.reports)
    if number == len(reports):
        reports.append({**by_hand.blank_sheet().reports[0], **REPORT})
    reports[number] = {**reports[number], **cells}
    return replace(sheet, reports=tuple(reports))


@pytest.fixture
def saved(store):
    """The id of an incident with one report, saved by hand as version 1."""
    done = by_hand.save(store, by_hand.Form(sheet=a_sheet(), public_note="First."), "ana")
    assert isinstance(done, by_hand.Saved)
    return done.identifier


@pytest.fixture
def opened(store, saved):
    """What the form of that incident holds when it is opened."""
    return by_hand.sheet_of(store.get(saved).incident)
