"""GeoJSON (RFC 7946), as one collection and as one Feature a line: WGS 84, one Feature per incident.

Features come in as the JSON that the store keeps, and go out as they came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import orjson

# Some 300 kB, joined and sent in one step: with 20 of them the steps for each piece, in Python and in the
# system, were a twelfth of what a row costs.
JOINED_AT_ONCE = 100


def geojson(features: Iterable[bytes], members: Mapping[str, Any] | None = None) -> Iterator[bytes]:
    """The Features as one FeatureCollection; `members` (RFC 7946, section 6.1) stand before them.

    An incident without a point has a null geometry. `numberReturned` comes last, so that a stream
    which broke off cannot pass for a whole one.
    """
    # GDAL, and so QGIS and geopandas, takes `name` as the name of the layer.
    head = {"type": "FeatureCollection", "name": "incidents"} | dict(members or {})
    before, count = orjson.dumps(head)[:-1] + b',"features":[\n', 0
    for some in _together(features):
        count += len(some)
        yield before + b",\n".join(some)
        before = b",\n"
    yield (b"" if count else before) + b'\n],"numberReturned":%d}\n' % count


def geojsonl(features: Iterable[bytes]) -> Iterator[bytes]:
    """One Feature a line, each ended by a line feed: what `ogr2ogr`, `jq` and DuckDB read row by row."""
    for some in _together(features):
        yield b"\n".join(some) + b"\n"
    # What sends a stream waits for its first piece.
    yield b""


def _together(features: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(features)
    while some := list(islice(rest, JOINED_AT_ONCE)):
        yield some
