"""What the map's scripts say: sent with the page, so that they and the server speak with one voice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from geoapp.layers import Feature
from geoapp.reference import Reference
from geoapp.web import dates, language, sketch, wording
from geoapp.web.catalogs import label
from geoapp.web.language import counted, forms
from geoapp.web.language import gettext as _
from geoapp.web.readers import checkpoints


def words(reference: Reference) -> dict[str, Any]:
    """Everything that the scripts put into words, in this request's language."""
    symbols = language.locale().number_symbols["latn"]
    months = {
        "long": dates.month_names(),
        "short": dates.month_names(short=True),
        "alone": dates.month_names(alone=True),
    }
    return {
        "language": language.code(),
        "written": language.DEFAULT,
        "group": symbols["group"],
        "decimal": symbols["decimal"],
        "months": months,
        "dates": dates.patterns(),
        "counts": {name: forms(*both) for name, both in COUNTS.items()},
        "texts": _filters() | _tools() | _map() | _time() | _sites() | _failures(),
        "labels": labels(reference),
    }


COUNTS = {
    "incidents": wording.COUNTED["incident"],
    "show": counted("Show %(count)s incident", "Show %(count)s incidents"),
    "found": counted("%(found)s of %(all)s incident", "%(found)s of %(all)s incidents"),
    "unplaced": counted(
        "%(count)s of them has no point on this map:", "%(count)s of them have no point on this map:"
    ),
    "mark": counted(
        "%(count)s incident, %(most)s %(group)s, near %(place)s",
        "%(count)s incidents, %(most)s %(group)s, near %(place)s",
    ),
}


def _filters() -> dict[str, str]:
    return {
        "bbox": _("the part of the map that was chosen"),
        "differs_true": _("accounts differ"),
        "differs_false": _("accounts do not differ"),
        "located_true": _("on the map"),
        "located_false": _("not on the map"),
        "in_areas": _("in the %(areas)s"),
        "either": _("%(one)s or %(other)s"),
        "everything": _("All incidents"),
        "and_more": _("%(words)s and %(count)s more"),
        "clear": _("Clear all"),
        "remove": _("Remove: %(filter)s"),
    }


def _tools() -> dict[str, str]:
    return {
        "copied": _("Link copied"),
        "not_copied": _("Copy the link from the address bar"),
        "map_on": _("Show the map on %(day)s"),
        "outside": _("outside the filters"),
        "place_in_list": _("%(number)s of %(all)s, by date"),
    }


def _map() -> dict[str, str]:
    east, west = sketch.east_west()
    north, south = sketch.north_south()
    return {
        "east": east,
        "west": west,
        "north": north,
        "south": south,
        "metres": _("%(number)s m"),
        "kilometres": _("%(number)s km"),
        "known_to": _("%(count)s known to %(distance)s"),
        "area_filter": _("%(name)s (filter)"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "marks": _("Incidents and crossing points on the map"),
        "one_mark": _("1 incident, %(category)s, near %(place)s"),
        "line_name": _("administrative boundary line (schematic)"),
        "line_short": _("boundary line (schematic)"),
        "line_first": _("administrative boundary"),
        "line_second": _("line (schematic)"),
    }


def _time() -> dict[str, str]:
    ways = dates.patterns()
    return {
        "from": _("From"),
        "to": _("To"),
        "from_day": ways["from"],
        "until_day": ways["until"],
        "peak_day": _("%(count)s on %(day)s %(month)s"),
        "peak_week": _("%(count)s in the week of %(date)s"),
        "peak_month": _("%(count)s in %(month)s %(year)s"),
        "still": _("Off, because your system asks for less motion"),
        "stop": _("Stop"),
        "play": _("Play"),
    }


def _sites() -> dict[str, str]:
    kinds = {f"kind_{kind}": _(one) for kind, (one, _many) in checkpoints.KINDS.items()}
    positions = {f"position_{way}": _(text) for way, text in checkpoints.POSITIONS.items()}
    states = {f"state_{state}": wording.state(state) for state in wording.STATES}
    states["state_not_known"] = _("state not known")
    return kinds | positions | states | {
        "state_on": _("%(state)s on %(day)s"),
        "described": _("placed by description"),
        "position_within": _("%(position)s; within %(distance)s"),
        "operated_by": _("Operated by"),
        "as_reported": _("%(text)s (as reported)"),
        "position": _("Position"),
        "opened": _("Since, as reported"),
        "closed": _("Later, as reported"),
        "note": _("Remark"),
        "sources": _("Sources"),
        "licence": _("Licence"),
        "credit": _("Credit"),
        "close": _("Close"),
        "about": _("About %(name)s"),
    }  # fmt: skip


def _failures() -> dict[str, str]:
    return {
        "failed": _("%(what)s: could not be loaded. Check the connection and try again."),
        "not_loaded": _("%(what)s: could not be loaded."),
        "not_opened": _("The record could not be opened. Try again in a moment."),
        "not_searched": _("The search did not answer. Try again in a moment."),
        "no_data": _("The map's data could not be loaded. Filters and list still work."),
        "record": _("The record"),
        "list": _("The list"),
        "rest": _("The rest of the list"),
        "place_list": _("The list of this place"),
        "the_incidents": _("The incidents"),
    }


def labels(reference: Reference) -> dict[str, str]:
    """The labels of the data that the scripts meet, as far as they read otherwise in this language."""
    known = {text: label(kind, text) for kind, text in _met(reference)}
    return {text: shown for text, shown in known.items() if shown != text}


def _met(reference: Reference) -> Iterator[tuple[str, str]]:
    yield from (("category", each.label) for each in reference.categories.values())
    yield from (("group", each.label) for each in reference.groups.values())
    yield from (("layer", each.title) for each in reference.layers.values())
    for role, kind in (("areas", "area"), ("checkpoints", "checkpoint")):
        for layer in reference.layers.of_role(role):
            yield from ((kind, _name(each)) for each in layer.features)
    for layer in reference.layers.of_role("checkpoints"):
        for each in layer.features:
            operators = str(each.properties.get("operated_by") or "").split(";")
            yield from (("administration", name.strip()) for name in operators)


def _name(feature: Feature) -> str:
    return str(feature.properties.get("name") or "")
