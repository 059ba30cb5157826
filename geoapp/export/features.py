"""GeoJSON (RFC 7946), as one collection and as one Feature a line: WGS 84, one Feature per incident.

Features come in as the JSON that the store keeps, and go out as they came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from geoapp.export.pieces import in_pieces


def geojson(features: Iterable[bytes], members: Mapping[str, Any] | None = None) -> Iterator[bytes]:
    """The Features as one FeatureCollection; `members` (RFC 7946, section 6.1) stand before them.

    An incident without a point has a null geometry. `numberReturned` comes last, so that a stream
    which broke off cannot pass for a whole one.
    """
    # GDAL, and so QGIS and geopandas, takes `name` as the name of the layer.
    head = {"type": "FeatureCollection", "name": "incidents"} | dict(members or {})
    opening = orjson.dumps(head)[:-1] + b',"features":['
    count = 0

    def parts() -> Iterator[bytes]:
        nonlocal count
        yield opening
        before = b"\n"
        for count, feature in enumerate(features, start=1):  # noqa: B007
            yield before + feature
            before = b",\n"
        yield b'\n],"numberReturned":%d}\n' % count

    return in_pieces(parts())


def geojsonl(features: Iterable[bytes]) -> Iterator[bytes]:
    """One Feature a line, each ended by a line feed: what `ogr2ogr`, `jq` and DuckDB read row by row."""
    return in_pieces(feature + b"\n" for feature in features)
