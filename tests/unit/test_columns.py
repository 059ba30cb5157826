"""The map's columns: what goes in comes out, aligned, and every code fits the manifest's lists."""

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geoapp import columns

PARTIES = ("north", "south", "international", "media_other")
BOOK = columns.Codebook(
    categories=("detention", "release"),
    areas=("a", "b"),
    parties=PARTIES,
    places=("Tsnelisi", "Chorchana"),
)


degrees = st.integers(-90_000_000, 90_000_000).map(lambda micro: micro / 1e6)
marks = st.builds(
    columns.Mark,
    key=st.integers(0, 2**32 - 1),
    longitude=st.none() | degrees,
    latitude=degrees,
    day_from=st.integers(-100_000, 100_000),
    day_to=st.just(0),
    place=st.sampled_from(BOOK.places),
    radius_m=st.none() | st.integers(0, 600_000),
    areas=st.sampled_from([(), ("a",), ("a", "b"), ("unknown",)]),
    category=st.sampled_from(BOOK.categories),
    parties=st.lists(st.sampled_from(PARTIES), unique=True),
    status=st.sampled_from(columns.STATUS_CODES),
    location_precision=st.sampled_from(columns.LOCATION_CODES),
    date_precision=st.sampled_from(columns.DATE_CODES),
    differs=st.booleans(),
    placed_by_description=st.booleans(),
).map(lambda mark: mark._replace(day_to=mark.day_from + 3, latitude=mark.longitude and mark.latitude))


@given(st.lists(marks, max_size=20))
def test_what_is_encoded_is_read_back(rows):
    found = columns.decode(columns.encode(rows, BOOK))
    assert list(found["key"]) == [row.key for row in rows]
    assert list(found["day"]) == [row.day_from for row in rows]
    for row, lon, radius, flags, parties, areas in zip(
        rows, found["lon"], found["radius"], found["flags"], found["parties"], found["areas"], strict=True
    ):
        assert lon == (columns.NO_POINT if row.longitude is None else round(row.longitude * 1e6))
        assert (row.radius_m or 0) <= int(radius) * columns.RADIUS_STEP_M < (row.radius_m or 0) + 10
        assert columns.STATUS_CODES[flags & 3] == row.status
        assert columns.LOCATION_CODES[flags >> 2 & 3] == row.location_precision
        assert columns.DATE_CODES[flags >> 4 & 3] == row.date_precision
        assert bool(flags >> 6 & 1) == row.differs and bool(flags >> 7) == row.placed_by_description
        assert [code for bit, code in enumerate(PARTIES) if parties >> bit & 1] == [
            code for code in PARTIES if code in row.parties
        ]
        assert [code for bit, code in enumerate(BOOK.areas) if areas >> bit & 1] == [
            code for code in BOOK.areas if code in row.areas
        ]


def test_every_array_starts_where_a_typed_array_may_start():
    at = 4
    for _, kind in columns.LAYOUT:
        size = np.dtype(kind).itemsize
        for rows in (0, 1, 3, 7):
            assert (at * rows + 4) % size == 0 or size <= 4
        at += size
    widths = [np.dtype(kind).itemsize for _, kind in columns.LAYOUT]
    assert widths == sorted(widths, reverse=True)


def test_a_span_beyond_what_fits_is_cut_not_wrapped():
    mark = columns.Mark(
        1, None, None, 0, 70_000, "Tsnelisi", None, (), "release", (), "disputed", "exact", "day", True, False
    )
    assert columns.decode(columns.encode([mark], BOOK))["span"][0] == 0xFFFF


def test_the_manifest_names_chunks_newest_first_and_every_list(shipped):
    book = columns.Codebook.of(shipped, ["Tsnelisi", "Tsnelisi", "Chorchana"])
    told = json.loads(
        columns.manifest(
            version=(3, "c"),
            chunks=[columns.ChunkEntry("old", 5, -10, 100), columns.ChunkEntry("new", 7, 101, 900)],
            book=book,
            reference=shipped,
            totals={"incidents": 12, "located": 11},
            days={20: 2, 10: 1},
        )
    )
    assert [chunk[0] for chunk in told["chunks"]] == ["new", "old"]
    assert told["places"] == ["Tsnelisi", "Chorchana"]
    assert told["days"] == [[10, 1], [20, 2]]
    assert [area["code"] for area in told["areas"]] == list(book.areas)
    assert {category["group"] for category in told["categories"]} == {
        group["code"] for group in told["groups"]
    }
    assert [each["code"] for each in told["parties"]] == list(shipped.parties)
