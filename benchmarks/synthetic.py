"""Incidents that never happened, in any number, with the widths and places of the shipped ones.

They go through the import as a file would: CSV, checks, join, commit. Whatever is random is seeded.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from geoapp import reference
from geoapp.config import resource
from geoapp.incident import INCIDENT_COLUMNS
from geoapp.ingest import prepare, read_table
from geoapp.reference import Reference
from geoapp.store import Store

Row = dict[str, str]
FIRST, LAST = date(2008, 8, 1), date(2026, 1, 31)
# One upload of this many incidents stays below the size that an import takes, and below 1 GB of memory.
PER_BATCH = 10_000
# About the radius of a village in degrees; half of the incidents state a point, as if it were known.
SPREAD_DEGREES = 0.02


def fill(url: str, count: int, seed: int = 1, report: bool = True) -> Store:
    """A store at this address (it must be new) that holds `count` synthetic incidents."""
    known = reference.read(resource("data"))
    store = Store.open(url, create=True)
    store.save_reference(known, note="Reference data for a benchmark")
    for first in range(0, count, PER_BATCH):
        size = min(PER_BATCH, count - first)
        table = read_table(as_csv(known, first, size, seed), "synthetic.csv")
        store.commit(prepare(store, table, public_note="Synthetic incidents for a benchmark"))
        if report:
            print(f"  {first + size:,} of {count:,} incidents imported", flush=True)
    return store


def as_csv(known: Reference, first: int, count: int, seed: int, repeated: bool = False) -> bytes:
    """The incidents numbered from `first` as a CSV of the contract, the same for the same seed.

    `repeated`: every row of an incident says all of it, as spreadsheets do; otherwise only the first one.
    """
    templates = _templates(resource("data") / "incidents.csv")
    chance = random.Random(f"{seed}/{first}")
    places = [
        (place.name_en, place.longitude, place.latitude)
        for place in known.gazetteer.by_id.values()
        if place.longitude is not None and place.latitude is not None
    ]
    lines = io.StringIO(newline="")
    writer = csv.DictWriter(lines, fieldnames=list(templates[0][0]), lineterminator="\r\n")
    writer.writeheader()
    for number in range(first, first + count):
        rows = list(_incident(number, chance.choice(templates), chance.choice(places), chance))
        said = {name: rows[0][name] for name in INCIDENT_COLUMNS} if repeated else {}
        writer.writerows(row | said for row in rows)
    return lines.getvalue().encode()


def _templates(file: Path) -> list[list[Row]]:
    with file.open(encoding="utf-8", newline="") as stream:
        grouped: dict[str, list[Row]] = {}
        for row in csv.DictReader(stream):
            grouped.setdefault(row["id"], []).append(row)
    return list(grouped.values())


def _incident(
    number: int, template: list[Row], place: tuple[str, float | None, float | None], chance: random.Random
) -> Iterator[Row]:
    identifier = f"synthetic-{number:07d}"
    day = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))
    name, longitude, latitude = place
    for position, row in enumerate(template):
        changed = dict(row) | {"id": identifier, "report_id": ""}
        changed["source_url"] = f"{row['source_url']}#{number}-{position}"
        # Two reports of one incident may name one page; the speaker and the number keep them apart.
        if position == 0:
            changed |= {"date": day.isoformat(), "end_date": "", "date_precision": "day", "place": name}
            changed |= {"latitude": "", "longitude": "", "title": f"{row['title']} ({number})"}
            if chance.random() < 0.5 and longitude is not None and latitude is not None:
                changed["longitude"] = f"{longitude + chance.gauss(0, SPREAD_DEGREES):.6f}"
                changed["latitude"] = f"{latitude + chance.gauss(0, SPREAD_DEGREES):.6f}"
        yield changed
