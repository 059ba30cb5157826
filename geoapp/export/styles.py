"""How QGIS draws the incidents of a GeoPackage when it opens the file: one rule for each group of kinds.

The colours and names are those of the reference data, so the same as on the map.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import NamedTuple

from geoapp.reference import Reference

SIZE_MM, OUTLINE_MM = "2.6", "0.3"
LIGHT, DARK = "255,255,255,255", "60,60,60,255"


class Group(NamedTuple):
    """One group of kinds: its name, colour (#RRGGBB), and the codes of its kinds."""

    label: str
    color: str
    categories: tuple[str, ...]


def groups_of(reference: Reference) -> tuple[Group, ...]:
    """The groups in their order."""
    kinds = reference.categories.values()
    return tuple(
        Group(each.label, each.color, tuple(kind.code for kind in kinds if kind.group == code))
        for code, each in reference.groups.items()
    )


def qml(groups: tuple[Group, ...]) -> str:
    """The style in QGIS's own form; kinds of no group are drawn in white."""
    root = ET.Element("qgis", version="3.22.0", styleCategories="Symbology")
    renderer = ET.SubElement(root, "renderer-v2", type="RuleRenderer", symbollevels="0", forceraster="0")
    rules, symbols = ET.SubElement(renderer, "rules", key="incidents"), ET.SubElement(renderer, "symbols")
    for number, each in enumerate(groups):
        named = ", ".join(_quoted(code) for code in each.categories)
        rule = {"key": f"group-{number}", "symbol": str(number), "label": each.label}
        ET.SubElement(rules, "rule", {**rule, "filter": f'"category" IN ({named})'})
        _add_symbol(symbols, str(number), _rgb(each.color))
    every = ", ".join(_quoted(code) for each in groups for code in each.categories)
    rest = {"key": "others", "symbol": str(len(groups)), "label": "Of no group"}
    ET.SubElement(rules, "rule", {**rest, "filter": f'"category" NOT IN ({every})'})
    _add_symbol(symbols, str(len(groups)), LIGHT)
    document: str = ET.tostring(root, encoding="unicode")
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + document


def _add_symbol(symbols: ET.Element, name: str, color: str) -> None:
    symbol = ET.SubElement(symbols, "symbol", type="marker", name=name, alpha="1", clip_to_extent="1")
    layer = ET.SubElement(symbol, "layer", {"class": "SimpleMarker", "enabled": "1", "pass": "0"})
    told = {
        "name": "circle",
        "color": color,
        "outline_color": DARK,
        "outline_width": OUTLINE_MM,
        "size": SIZE_MM,
        "size_unit": "MM",
    }
    for key, value in told.items():
        ET.SubElement(layer, "prop", k=key, v=value)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _rgb(color: str) -> str:
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return f"{red},{green},{blue},255"
