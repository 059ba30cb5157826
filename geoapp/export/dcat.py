"""The catalogue by the vocabulary of data portals (W3C DCAT 3) as JSON-LD: data sets, their files, the API.

The context stands in the document, so that whoever reads it needs to fetch nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from geoapp.export.citation import TITLE
from geoapp.export.credits import INCIDENTS
from geoapp.export.package import DESCRIPTION, Described, Download
from geoapp.layers import Layer

PREFIXES: Mapping[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
GEOJSON = "application/geo+json"
WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"
FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0"
Node = dict[str, Any]


class Places(NamedTuple):
    """Absolute addresses: of the catalogue, the API and its description."""

    catalogue: str
    api: str
    openapi: str


def catalogue(
    described: Described,
    downloads: Iterable[Download],
    layers: Iterable[tuple[Layer, str]],
    places: Places,
) -> Node:
    """Everything that there is; `layers` come with the addresses of their files."""
    sets = [_incidents(described, downloads), *(_layer(*each) for each in layers)]
    return {
        "@context": dict(PREFIXES),
        "@id": places.catalogue,
        "@type": "dcat:Catalog",
        "dct:title": TITLE,
        "dct:description": DESCRIPTION,
        "dct:publisher": _publisher(),
        "dct:modified": _typed("dateTime", described.made.isoformat(timespec="seconds")),
        "foaf:homepage": _at(described.page),
        "dcat:dataset": sets,
        "dcat:service": [_service(places, sets)],
    }


def _incidents(described: Described, downloads: Iterable[Download]) -> Node:
    found: Node = {
        "@id": described.page,
        "@type": "dcat:Dataset",
        "dct:title": f"{TITLE}: incidents and reports",
        "dct:description": DESCRIPTION,
        "dct:identifier": described.content_hash,
        "dcat:version": str(described.version),
        "dct:modified": _typed("dateTime", described.made.isoformat(timespec="seconds")),
        "dct:publisher": _publisher(),
        "dct:license": _at(INCIDENTS.url),
        "dcat:landingPage": _at(described.page),
        "dcat:distribution": [_file(each) for each in downloads],
    }
    if described.days:
        first, last = (_typed("date", day.isoformat()) for day in described.days)
        found["dct:temporal"] = {"@type": "dct:PeriodOfTime", "dcat:startDate": first, "dcat:endDate": last}
    if described.bbox:
        west, south, east, north = described.bbox
        corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
        ring = ", ".join(f"{x} {y}" for x, y in corners)
        box = {"@type": WKT, "@value": f"POLYGON(({ring}))"}
        found["dct:spatial"] = {"@type": "dct:Location", "dcat:bbox": box}
    return found


def _file(each: Download) -> Node:
    found = _distribution(each.address, each.form.title, each.form.media_type.partition(";")[0])
    if each.built is not None:
        value = _typed("hexBinary", each.built.sha256)
        found |= {
            "dcat:byteSize": _typed("nonNegativeInteger", str(each.built.size)),
            "spdx:checksum": {
                "@type": "spdx:Checksum",
                "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                "spdx:checksumValue": value,
            },
        }
    return found | {"dct:license": _at(INCIDENTS.url)}


def _layer(layer: Layer, address: str) -> Node:
    file = _distribution(address, "GeoJSON", GEOJSON)
    found: Node = {
        "@id": f"{address}#data",
        "@type": "dcat:Dataset",
        "dct:title": layer.title,
        "dct:description": " ".join(filter(None, (layer.note, layer.accuracy))) or layer.title,
        "dct:identifier": layer.sha256,
        "dct:source": layer.source,
        "dct:rights": f"{layer.licence}; {layer.credit}",
        "dcat:distribution": [file],
    }
    if layer.licence_url:
        found["dct:license"] = file["dct:license"] = _at(layer.licence_url)
    return found


def _distribution(address: str, title: str, media_type: str) -> Node:
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": title,
        "dcat:mediaType": _at(MEDIA_TYPES + media_type),
        "dcat:accessURL": _at(address),
        "dcat:downloadURL": _at(address),
    }


def _service(places: Places, sets: Sequence[Node]) -> Node:
    return {
        "@id": places.api,
        "@type": "dcat:DataService",
        "dct:title": f"{TITLE}: OGC API - Features",
        "dcat:endpointURL": _at(places.api),
        "dcat:endpointDescription": _at(places.openapi),
        "dct:conformsTo": _at(FEATURES),
        "dcat:servesDataset": [_at(each["@id"]) for each in sets],
    }


def _publisher() -> Node:
    return {"@type": "foaf:Agent", "foaf:name": f"{TITLE}, editors"}


def _at(address: str) -> Node:
    return {"@id": address}


def _typed(kind: str, value: str) -> Node:
    return {"@type": f"xsd:{kind}", "@value": value}
