"""The map page: everything around the map, rendered whole, so that it works without JavaScript too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from flask import Blueprint, render_template

from geoapp import presets
from geoapp.gazetteer import Place
from geoapp.incident import Record
from geoapp.kinds import DateRange
from geoapp.layers import Layer
from geoapp.query import Filters
from geoapp.store import total_of
from geoapp.web import context, names, wording
from geoapp.web.catalogs import label
from geoapp.web.language import gettext as _
from geoapp.web.language import noted, number
from geoapp.web.readers import background, choices, coverage, map_rows, mapdata, script_words

blueprint = Blueprint("map_page", __name__)

# Which groups of choices stand open, and which behind a heading that the reader opens.
OPEN = ("status", "party", "area", "place")
FURTHER = (
    (noted("Actors"), ("actor",)),
    (noted("Precision and differences"), ("precision", "differs")),
    (noted("Publisher and language"), ("publisher", "language")),
)
EDITION = re.compile(r" v?[\d.]+$")
LABELS = {"status": noted("Status of the accounts"), "party": noted("Who speaks")}


@dataclass(frozen=True)
class MapPage:
    """What the page says about one query."""

    filters: Filters
    counts: dict[str, dict[str, int]]
    count: int
    total: int
    covered: DateRange
    publishers: Mapping[str, int]

    @property
    def unplaced(self) -> int:
        """How many of the incidents found have no point."""
        return 0 if self.filters.located else self.counts["located"].get("false", 0)

    @property
    def unplaced_link(self) -> str:
        """The list of those."""
        return context.page_address("readers.incidents", self.filters.with_values(located=False))

    @cached_property
    def tree(self) -> tuple[choices.Choice, ...]:
        """Groups of categories with their categories."""
        return choices.category_tree(self.counts, self.filters, context.reference())

    @property
    def kinds(self) -> int:
        """How many categories the tree has."""
        return sum(len(group.inner) for group in self.tree)

    @cached_property
    def _facets(self) -> dict[str, choices.Facet]:
        found = choices.facets(self.counts, self.filters, context.vocabulary())
        return {
            each.name: replace(each, label=_(LABELS[each.name]) if each.name in LABELS else each.label)
            for each in found
        }

    @property
    def facets(self) -> list[choices.Facet]:
        """The groups of choices that stand open."""
        return [self._facets[name] for name in OPEN]

    @property
    def further(self) -> list[tuple[str, list[choices.Facet], bool]]:
        """The groups behind a heading; one of which something is chosen stands open."""
        chosen = set(self.filters.narrowing())
        return [
            (_(title), [self._facets[name] for name in names], bool(chosen.intersection(names)))
            for title, names in FURTHER
        ]

    @property
    def chips(self) -> tuple[choices.Chip, ...]:
        """Every choice in force, each with the filters without it."""
        return choices.chips(self.filters, context.vocabulary())

    @cached_property
    def sentence(self) -> list[str]:
        """The query in words after the count: where and what first, the days last."""
        known = context.vocabulary()
        said = choices.sentence(self.filters.without("area", "datetime"), known)
        areas = [choices.label_of("area", code, known) for code in self.filters.area]
        days = wording.open_days(self.filters.datetime) if self.filters.datetime else ""
        parts = [_("in the %(areas)s", areas=wording.either(areas)) if areas else "", said, days]
        parts = [part for part in parts if part]
        return [part + "," for part in parts[:-1]] + parts[-1:]

    @property
    def title(self) -> str:
        """The query as the window's title."""
        return f"{' '.join(self.sentence) or _('All incidents')} ({number(self.count)})"

    @property
    def ends(self) -> tuple[date, date]:
        """First and last day chosen; open ends are those of the whole time."""
        first, last = self.filters.datetime or (None, None)
        return first or self.covered.first, last or self.covered.last

    @property
    def ranges(self) -> tuple[choices.NamedRange, ...]:
        """The presets of the timeline."""
        return choices.named_ranges(self.filters, presets.load(context.settings().data_dir), self.covered)

    @cached_property
    def coverage(self) -> coverage.Coverage:
        """How many publishers were found for each month, whatever is filtered."""
        return coverage.describe(self.publishers, self.covered)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Filters that no field of the form holds."""
        return [pair for pair in self.filters.to_pairs() if pair[0] in ("bbox", "located", "sortby", "limit")]

    @property
    def layers(self) -> list[Layer]:
        """The reference layers, those that the reader can switch first."""
        return sorted(context.reference().layers.values(), key=lambda layer: layer.role.startswith("basemap"))

    @property
    def credits(self) -> list[str]:
        """Who is credited on the map, each name once."""
        parts = (each for layer in self.layers for each in layer.credit.split("; "))
        # Which edition it is stands with the layer; on the map it would cost a line.
        names = [EDITION.sub("", part.split(" via ")[0].split(" (")[0]) for part in parts]
        # What begins in lower case names nobody ("this project"); it stands where there is nothing else.
        owners = [name for name in names if name and not name[0].islower()] or names
        # First of all who made the background, which is seen most.
        below = [credit] if (credit := background.credited()["credit"]) else []
        return list({name.casefold(): name for name in below + owners}.values())


def describe(filters: Filters) -> MapPage:
    """Everything that the page says about these filters."""
    store = context.view()
    counts = store.facets(filters)
    return MapPage(
        filters=filters,
        counts=counts,
        count=total_of(counts, filters),
        total=store.count(Filters()),
        covered=presets.covered(store.days(Filters())),
        publishers=store.items.coverage(),
    )


@blueprint.get("/")
def map_page() -> str:
    """The map, the filters with their counts, the timeline, and the list of what was found."""
    filters = context.page_filters()
    page = describe(filters)
    return render_template(
        "readers/map.html",
        page=page,
        shell=mapdata.shell(),
        script_url=mapdata.script_url(),
        config=mapdata.config(),
        tiles=background.credited(),
        script_words=script_words.words(context.reference()),
        modules=mapdata.modules(),
        first_data=mapdata.first_data(),
        **map_rows.rows(filters, page.count),
    )


@blueprint.get("/map/rows")
def rows() -> str:
    """The list of what was found, from `offset` on, as a fragment."""
    filters = context.exact_filters()
    shown = map_rows.rows(filters, context.view().count(filters))
    return render_template("readers/map_rows.html", **shown)


@blueprint.get("/map/place")
def place() -> str:
    """The list of one place, as a fragment: the incidents with a point in the `bbox` of a mark."""
    filters = context.exact_filters()
    shown = map_rows.rows(filters, context.view().count(filters))
    total = context.view().count(Filters(bbox=filters.bbox))
    return render_template("readers/map_place.html", place=_about(shown["records"], total, filters), **shown)


@blueprint.get("/map/facets")
def facets() -> dict[str, dict[str, int]]:
    """Counts beside the choices that the map's columns do not carry, as JSON."""
    filters = context.exact_filters()
    counts = context.view().facets(filters)
    return {name: counts[name] for name in ("actor", "publisher", "language")}


def _about(records: Sequence[Record], total: int, filters: Filters) -> dict[str, object]:
    """What is said of the place that most of these records name."""
    named = Counter(record.joined.place_id for record in records if record.joined.place_id)
    identifier = named.most_common(1)[0][0] if named else None
    return about_place(identifier, count=context.view().count(filters), total=total)


def about_place(identifier: str | None, *, count: int, total: int) -> dict[str, object]:
    """Name, other forms and administration of a place; `count` of its `total` incidents are listed."""
    gazetteer = context.reference().gazetteer
    known = gazetteer.by_id.get(identifier) if identifier else None
    if known is None:
        return {"name": None, "forms": [], "administered": None, "count": count, "total": total, "link": None}
    shown = names.of(known, gazetteer)
    link = context.page_address("readers.incidents", Filters(place=(gazetteer.name(known),)))
    forms = [(tag, name) for tag, name in known.names.items() if name != shown]
    return {
        "name": shown,
        "forms": forms,
        "aliases": known.aliases[:2],
        "administered": _administered(known),
        "count": count,
        "total": total,
        "link": link,
    }


def _administered(known: Place) -> str | None:
    if known.administered_by == "divided":
        return _("Its administration is divided")
    if not known.administered_by:
        return None
    return _("Administered by %(party)s", party=label("administration", known.administered_by))
