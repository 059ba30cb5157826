"""Where the record is thin: the strip under the timeline and its table in the methodology."""

import csv
import html
import re
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from geoapp.kinds import DateRange
from geoapp.web.readers import coverage

INCIDENTS = Path(__file__).parents[2] / "data" / "incidents.csv"
STRETCH = r'<rect x="(\d+)" width="(\d+)" height="16"><title>([^<]+)</title>'


@pytest.fixture(scope="module")
def found():
    """The publishers of each month that the file of incidents names."""
    by_month, begun = defaultdict(set), {}
    for row in csv.DictReader(INCIDENTS.read_text(encoding="utf-8").splitlines()):
        if row["date"]:
            begun[row["id"]] = row["date"][:7], row["date_precision"]
        month, precision = begun[row["id"]]
        if precision != "year":
            by_month[month].add(row["source_publisher"])
    return {month: len(names) for month, names in by_month.items()}


def stretches(client, address="/"):
    return [
        (int(start), int(length), html.unescape(said))
        for start, length, said in re.findall(STRETCH, client.get(address).text)
    ]


def test_every_month_has_its_publishers_under_the_timeline(client, found):
    told = stretches(client)
    assert "August 2019: 33 publishers found" in [said for _, _, said in told]
    assert sum("publisher" in said for _, _, said in told) == len(found)
    assert found["2019-08"] == 33


def test_the_stretches_follow_each_other_without_a_gap(client):
    told = stretches(client)
    assert all(one[0] + one[1] == other[0] for one, other in zip(told, told[1:], strict=False))
    assert told[0][0] == (date(2008, 8, 1) - date(1970, 1, 1)).days
    assert sum(length for _, length, _ in told) == (date(2026, 2, 1) - date(2008, 8, 1)).days


def test_months_without_a_publisher_are_said_together_and_not_called_quiet(client):
    said = [said for _, _, said in stretches(client)]
    assert "June 2011 – September 2011: no source found, which does not mean that nothing happened" in said


def test_filters_change_nothing_about_what_was_found(client):
    assert stretches(client, "/?category=drone") == stretches(client)


@pytest.mark.parametrize(
    ("path", "words"), [("/ka/", "მოიძებნა 33 გამომცემელი"), ("/ru/", "найдено 33 издателя")]
)
def test_it_is_said_in_the_readers_language(client, path, words):
    assert any(words in said for _, _, said in stretches(client, path))


def test_the_table_tells_every_month_and_year(client, found):
    page = client.get("/methodology").text
    table = page[page.index('class="plain-table coverage"') :]
    rows = re.findall(r'<tr><th scope="row">(\d+)</th>(.*?)</tr>', table[: table.index("</table>")])
    cells = {year: re.findall(r"<td[^>]*>(\d*)</td>", row) for year, row in rows}
    assert list(cells) == [str(year) for year in range(2008, 2027)]
    assert cells["2008"][:7] == [""] * 7
    months = [(f"{year}-{month:02}", n) for year in cells for month, n in enumerate(cells[year][:12], 1)]
    told = {month: int(n) for month, n in months if n}
    assert {month: n for month, n in told.items() if n} == found
    assert len(told) == 210
    assert cells["2012"] == ["0"] * 8 + ["1"] + ["0"] * 3 + ["1"]


def test_the_strip_grows_thicker_by_steps_and_is_gone_where_nothing_was_found():
    counts = {"2019": 9, "2019-01": 1, "2019-02": 2, "2019-03": 4, "2019-05": 5}
    drawn = coverage.describe(counts, DateRange(date(2019, 1, 1), date(2019, 5, 31)))
    first = (date(2019, 1, 1) - date(1970, 1, 1)).days
    assert drawn.path == f"M{first} 1h31v1h-31zM{first + 31} 1h59v2.5h-59zM{first + 120} 1h31v4h-31z"
    assert (drawn.without, drawn.alone) == (1, 1)
