"""A change says field by field what differs, for the incident and for each report."""

from __future__ import annotations

import datetime
from dataclasses import replace

from geoapp.batch import Batch, Change
from geoapp.incident import Incident, Joined, Record, Report

REPORT = Report(
    source_url="https://example.org/1",
    source_publisher="Publisher",
    source_language="en",
    statement="Old.",
    report_id="some-id/1",
)
INCIDENT = Incident(
    id="some-id",
    date=datetime.date(2019, 8, 24),
    date_precision="day",
    title="Old title",
    summary="Summary",
    category="detention",
    place="Tsnelisi",
    location_precision="village",
    actors=("GE_GOV",),
    status="single_source",
    reports=(REPORT,),
)
BEFORE = Record(incident=INCIDENT, joined=Joined())


def changed(**values: object) -> Change:
    return Change(BEFORE, replace(BEFORE, incident=replace(INCIDENT, **values)))


def test_a_new_record_has_no_differences() -> None:
    assert Change(None, BEFORE).fields() == []


def test_each_differing_value_is_told_with_old_and_new() -> None:
    second = replace(REPORT, report_id="some-id/2", source_title="T")
    change = changed(title="New title", reports=(replace(REPORT, statement="New."), second))
    assert ("title", "Old title", "New title") in change.fields()
    assert ("some-id/1 statement", "Old.", "New.") in change.fields()
    assert ("some-id/2 source_title", None, "T") in change.fields()
    assert len(change.fields()) == 2 + 6


def test_a_batch_tells_new_records_from_updates() -> None:
    new, update = Change(None, BEFORE), changed(title="New title")
    batch = Batch(changes=(new, update), base_version=1)
    assert batch.created == (new,) and batch.updated == (update,)
    assert update.id == "some-id"
