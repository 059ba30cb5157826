"""The shipped data: what the notes promise of them, and every fact of the seed article with its speaker."""

from __future__ import annotations

import csv
from collections import defaultdict

import pytest

from geoapp.config import resource

Row = dict[str, str]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Every row of the shipped incidents, one per report."""
    with (resource("data") / "incidents.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_all_incidents_and_reports_are_carried_in(rows: list[Row]) -> None:
    assert len(rows) == 675
    assert len({row["id"] for row in rows}) == 252
    assert len({row["source_url"] for row in rows}) == 484
    assert len({row["source_publisher"] for row in rows}) == 130


@pytest.mark.parametrize(
    ("incident", "speaker", "words"),
    [
        ("2019-08-29-iprm-ultimatum", "SO_GOV", "24 hours"),
        ("2019-08-30-bibilov-orders-post", "SO_PRES", "checkpoint"),
        ("2019-08-30-humanitarian-operation", "SO_KGB", "deployment"),
        ("2019-09-01-georgian-officers-claim", "SO_GOV", "two dozen"),
        ("2019-09-01-drone-downed", "SO_GOV", "drone"),
        ("2019-08-30-russia-mfa-statement", "RU_MFA", "Asked both sides"),
        ("2019-08-30-us-state-department", "US_STATE", "Russia"),
        ("2019-08-30-eu-ambassador", "EU_AMB", "hold back"),
        ("2019-08-29-iprm-95-disrupted", "OSCE", "security"),
        ("2019-08-30-eumm-head-quiet", "EUMM", "calm"),
        ("2019-08-30-georgia-mfa-statement", "GE_MFA", "grave clash"),
        ("2019-09-02-second-technical-meeting", "", "Monday"),
    ],
)
def test_every_fact_of_the_seed_article_is_there_with_its_speaker(
    rows: list[Row], incident: str, speaker: str, words: str
) -> None:
    said = defaultdict(list)
    for row in rows:
        if row["source_publisher"] == "The Moscow Times":
            assert row["source_url"].startswith("https://www.themoscowtimes.com/2019/09/02/")
            said[row["id"], row["attributed_to"]].append(row["statement"])
    assert any(words in statement for statement in said[incident, speaker])
