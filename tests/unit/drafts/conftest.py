"""A store with the shipped reference data, and an editor's drafts in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from geoapp.drafts import Draft, Drafts
from geoapp.store import Store
from tests.uploading import to_csv

ROW = {
    "id": "2019-08-24-post",
    "date": "2019-08-24",
    "date_precision": "day",
    "title": "Post seen near Chorchana",
    "summary": "A post was seen; both sides speak of it.",
    "category": "post_established",
    "place": "Chorchana",
    "location_precision": "village",
    "actors": "GE_GOV;SO_GOV",
    "source_url": "https://example.org/1",
    "source_publisher": "Example",
    "source_language": "en",
    "statement": "Says that a post was seen.",
}


class Clock:
    """A clock that goes on only when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def drafts(store: Store, clock: Clock) -> Drafts:
    return Drafts(store, 7, clock)


@pytest.fixture
def draft(drafts: Drafts) -> Draft:
    return drafts.add("ana", "posts.csv", to_csv(ROW))
