"""An editor who uploads to a store that lives in memory, with the shipped reference data."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from geoapp import reference
from geoapp.batch import Batch
from geoapp.config import resource
from geoapp.errors import DataRefused, Problem
from geoapp.incident import Incident, Record
from geoapp.ingest import prepare, read_table

INCIDENT = {
    "date": "2019-08-24",
    "date_precision": "day",
    "title": "Post seen near Chorchana",
    "summary": "A post was seen; both sides speak of it.",
    "category": "post_established",
    "place": "Chorchana",
    "location_precision": "village",
    "actors": "GE_GOV;SO_GOV",
}
REPORT = {
    "source_url": "https://example.org/1",
    "source_publisher": "Example",
    "source_language": "en",
    "statement": "Says that a post was seen.",
}
ROW = {"id": "2019-08-24-post", **INCIDENT, **REPORT}


def to_csv(*rows: dict[str, str]) -> bytes:
    """CSV with the union of the rows' columns, in order of first appearance."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns, restval="", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


@dataclass
class MemoryStore:
    """The part of the store that an import looks at."""

    data: reference.Reference
    records: dict[str, Record] = field(default_factory=dict)
    past: dict[str, list[Record]] = field(default_factory=dict)
    number: int = 1

    def reference(self) -> reference.Reference:
        return self.data

    def current(self) -> Any:
        return SimpleNamespace(number=self.number)

    def get_many(self, ids: Iterable[str]) -> list[Record]:
        return [self.records[name] for name in ids if name in self.records]

    def used_reports(self, ids: Iterable[str]) -> dict[str, dict[str, str]]:
        return {
            name: {
                report.report_id: report.source_url
                for record in self.past[name]
                for report in record.incident.reports
            }
            for name in ids
            if name in self.past
        }

    def commit(self, batch: Batch) -> None:
        assert batch.base_version == self.number
        for change in batch.changes:
            assert self.records.get(change.id) == change.before
            self.records[change.id] = change.after
            self.past.setdefault(change.id, []).append(change.after)
        self.number += bool(batch.changes)

    def forget(self, name: str) -> None:
        """As an undo does: the record goes, its history stays."""
        del self.records[name]


@dataclass
class Editor:
    """Uploads rows; `upload` stores them, `refused` gives the problems of rows that must not pass."""

    store: MemoryStore

    def preview(self, *rows: dict[str, str]) -> Batch:
        return self.preview_file(to_csv(*rows))

    def preview_file(self, data: bytes) -> Batch:
        return prepare(self.store, read_table(data, "x.csv"))

    def upload(self, *rows: dict[str, str]) -> Batch:
        batch = self.preview(*rows)
        self.store.commit(batch)
        return batch

    def refused(self, *rows: dict[str, str]) -> list[Problem]:
        with pytest.raises(DataRefused) as caught:
            self.preview(*rows)
        return [problem for problem in caught.value.problems if problem.level == "error"]

    def stored(self, name: str = ROW["id"]) -> Incident:
        return self.store.records[name].incident


@pytest.fixture
def editor(shipped: reference.Reference) -> Editor:
    """An editor with an empty store."""
    return Editor(MemoryStore(shipped))


@pytest.fixture
def busy(editor: Editor) -> Editor:
    """An editor whose store holds the incident of ROW."""
    editor.upload(ROW)
    return editor


@pytest.fixture(scope="session")
def shipped_file() -> bytes:
    """The incidents of the data folder."""
    return (resource("data") / "incidents.csv").read_bytes()
