"""GeoJSON (RFC 7946): a FeatureCollection, WGS 84, one Feature per incident."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from geoapp.export.pieces import in_pieces
from geoapp.incident import Record, to_feature


def geojson(records: Iterable[Record], members: Mapping[str, Any] | None = None) -> Iterator[bytes]:
    """The records as one FeatureCollection; `members` stand before the features.

    An incident without a point has a null geometry. `numberReturned` comes last, so that a stream
    which broke off cannot pass for a whole one.
    """
    return in_pieces(_parts(records, members or {}))


def _parts(records: Iterable[Record], members: Mapping[str, Any]) -> Iterator[bytes]:
    # GDAL, and so QGIS and geopandas, takes `name` as the name of the layer.
    head = {"type": "FeatureCollection", "name": "incidents"} | dict(members)
    yield orjson.dumps(head)[:-1] + b',"features":['
    count = 0
    for count, record in enumerate(records, start=1):
        yield (b"\n" if count == 1 else b",\n") + orjson.dumps(to_feature(record))
    yield b'\n],"numberReturned":%d}\n' % count
