"""Records and batches for the tests of the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from geoapp.batch import Batch, Change
from geoapp.incident import Incident, Joined, Record, Report
from geoapp.store import DatasetVersion, Store

PARTY_OF = {"GE_GOV": "georgian_authorities", "SO_GOV": "south_ossetian_authorities"}


def a_report(**values: Any) -> Report:
    given: dict[str, Any] = {
        "source_url": "https://example.org/1",
        "source_publisher": "Example",
        "source_language": "en",
        "attributed_to": "GE_GOV",
        "statement": "Says that a post was seen.",
    }
    return Report(**given | values)


def a_record(identifier: str, *, joined: dict[str, Any] | None = None, **values: Any) -> Record:
    """A record at Tsnelisi on 24 August 2019; `joined` and the other values replace what it has."""
    given: dict[str, Any] = {
        "id": identifier,
        "date": date(2019, 8, 24),
        "date_precision": "day",
        "title": "Post seen",
        "summary": "A post was seen.",
        "category": "post_established",
        "place": "Tsnelisi",
        "location_precision": "village",
        "actors": ("GE_GOV",),
        "status": "single_source",
        "reports": (a_report(report_id=f"{identifier}/1"),),
    }
    incident = Incident(**given | values)
    found: dict[str, Any] = {
        "longitude": 43.6,
        "latitude": 42.2,
        "location_origin": "gazetteer",
        "location_radius_m": 1500,
        "place_id": "place-tsnelisi",
        "parties": tuple(
            sorted({PARTY_OF[each.attributed_to] for each in incident.reports if each.attributed_to})
        ),
        "publishers": len({each.source_publisher for each in incident.reports}),
    }
    return Record(incident=incident, joined=Joined(**found | (joined or {})))


def put(store: Store, *records: Record, **about: Any) -> DatasetVersion:
    """Commit records, new or changed, against the current version."""
    before = {each.incident.id: each for each in store.get_many([each.incident.id for each in records])}
    changes = tuple(Change(before.get(each.incident.id), each) for each in records)
    return store.commit(Batch(changes=changes, base_version=store.current().number, **about))


def changed(record: Record, **values: Any) -> Record:
    """The record with other values of its incident."""
    return replace(record, incident=replace(record.incident, **values))
