"""Licences and credits of everything that an export carries, in plain text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from geoapp.layers import Layer
from geoapp.reference import Reference


class Licence(NamedTuple):
    """A licence by name and address, and whom to credit."""

    name: str
    url: str
    credit: str


class Part(NamedTuple):
    """One part of the data with its licence, address of the licence, credit and source."""

    title: str
    licence: str
    url: str
    credit: str
    source: str


INCIDENTS = Licence(
    "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/", "the editors of this map, with its address"
)
# More features than this under one licence are counted, not named.
MOST_NAMED = 12


def parts(reference: Reference) -> tuple[Part, ...]:
    """The incidents, then every layer, each with its licence."""
    own = Part("Incidents and reports", *INCIDENTS, "the reports that each incident names")
    layers = (
        Part(each.title, each.licence, each.licence_url or "", each.credit, each.source)
        for each in reference.layers.values()
    )
    return (own, *layers)


def licences_text(reference: Reference) -> str:
    """What `LICENSES.txt` says: the incidents, then every layer and its features under another licence."""
    return "\n".join(_lines(reference))


def _lines(reference: Reference) -> Iterator[str]:
    yield "LICENCES AND CREDITS"
    yield ""
    yield "Incidents and reports (titles, summaries, statements in our words, coding)"
    yield f"  Licence: {INCIDENTS.name} <{INCIDENTS.url}>"
    yield f"  Credit:  {INCIDENTS.credit}"
    yield "  Titles of sources are quoted from their pages and remain their publishers'."
    yield "  Points that were found by the name of a place come from the layer `places`; its licences, below,"
    yield "  hold for them. Distances were computed with the line; they carry none of its geometry."
    for layer in reference.layers.values():
        yield ""
        yield from _layer_lines(layer)
    yield ""


def _layer_lines(layer: Layer) -> Iterator[str]:
    yield f"{layer.title} ({layer.name}, {layer.file})"
    yield f"  Licence: {layer.licence}" + (f" <{layer.licence_url}>" if layer.licence_url else "")
    yield f"  Credit:  {layer.credit}"
    yield f"  Source:  {layer.source}"
    for (licence, credit), names in _by_licence(layer).items():
        which = ", ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} features"
        yield f"  - {which}: {licence}; {credit}"


def _by_licence(layer: Layer) -> Mapping[tuple[str, str], list[str]]:
    """The features by licence and credit of their own, where these are not simply the layer's."""
    found = defaultdict(list)
    for feature in layer.features:
        own = (str(feature.properties.get("licence") or ""), str(feature.properties.get("credit") or ""))
        if all(own) and own != (layer.licence, layer.credit):
            found[own].append(str(feature.properties.get("name_en") or feature.id))
    return found
