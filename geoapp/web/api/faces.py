"""The same documents as pages for people: what JSON shows, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import render_template, request

from geoapp.kinds import DateRange
from geoapp.query import Filters, Parameter
from geoapp.web import context
from geoapp.web.api import picture
from geoapp.web.api.collections import INCIDENTS, Collection, Page, all_collections
from geoapp.web.api.parameters import Asked
from geoapp.web.api.picture import Picture
from geoapp.web.paging import MOST_ON_PAGE

Body = dict[str, Any]
# Columns of the table of a layer's items, beside the id.
MOST_COLUMNS = 4
EXAMPLES: Mapping[str, str] = {
    "datetime": "2019-08-24/2019-10-31",
    "bbox": "43.6,42.09,43.76,42.19",
    "status": "disputed",
    "differs": "true",
    "q": "drone",
    "filter": "T_INTERSECTS(datetime,INTERVAL('2019-08-24','2019-10-31')) AND location_radius_m<=1500",
}


@dataclass(frozen=True)
class Chip:
    """One parameter in force and the address without it."""

    label: str
    without: str


@dataclass(frozen=True)
class Row:
    """One property or parameter: its name, whose it is where not everybody's, meaning, type and values."""

    name: str
    owner: str
    meaning: str
    kind: str
    values: str


@dataclass(frozen=True)
class ItemsPage:
    """What the page of items shows."""

    known: Collection
    features: Sequence[Body]
    matched: int
    total: int
    begins: bool
    chips: Sequence[Chip]
    links: Mapping[str, str]
    names: Sequence[str]
    query: str
    picture: Picture | None

    @property
    def is_incidents(self) -> bool:
        """Whether the items are incidents, which have a table of their own."""
        return self.known.name == INCIDENTS

    @property
    def next(self) -> str | None:
        """Where the next page is."""
        return self.links.get("next")

    @property
    def address(self) -> str:
        """The same address for tools."""
        return request.path + self.query


def landing(body: Body) -> str:
    """The page of `/api`."""
    return render_template("analysts/api_landing.html", body=body, collections=all_collections().values())


def conformance(body: Body) -> str:
    """The page of `/api/conformance`."""
    return render_template("analysts/api_conformance.html", body=body)


def openapi(body: Body) -> str:
    """The description of the API for people."""
    operations = [(path, each["get"]) for path, each in body["paths"].items()]
    rows = [
        _row(each["name"], each["schema"] | {"description": each["description"]}, key.partition(".")[0])
        for key, each in body["components"]["parameters"].items()
    ]
    return render_template("analysts/api_description.html", operations=operations, rows=rows)


def collections(body: Body) -> str:
    """The page of `/api/collections`."""
    return render_template("analysts/api_collections.html", collections=all_collections().values())


def collection(known: Collection, body: Body) -> str:
    """The page of one collection."""
    drawn = _picture(orjson.loads(each) for each in _all(known))
    shared = [each for each in known.parameters if each.name in EXAMPLES or each.name in ("category", "area")]
    return render_template(
        "analysts/api_collection.html",
        known=known,
        dataset=context.dataset(),
        picture=drawn,
        asks=[(each, *_example(known, each)) for each in shared],
        others=[each for each in all_collections().values() if each.name != known.name],
    )


def schema(known: Collection, body: Body) -> str:
    """The page of a JSON Schema: a row for each property."""
    of = "queryables" if request.path.endswith("/queryables") else "schema"
    rows = [_row(name, each) for name, each in body["properties"].items()]
    return render_template("analysts/api_schema.html", known=known, rows=rows, of=of)


def item(known: Collection, content: bytes) -> str:
    """The page of one feature."""
    feature = orjson.loads(content)
    values = _all_shown(feature["properties"])
    names = (values.get(name) for name in ("title", "name", "name_en"))
    drawn = _picture([feature])
    return render_template(
        "analysts/api_item.html",
        known=known,
        feature=feature,
        title=next(filter(None, names), feature["id"]),
        values=values,
        picture=drawn,
    )


def items(known: Collection, asked: Asked, page: Page, links: Sequence[Mapping[str, str]]) -> str:
    """The page of some features."""
    features = [orjson.loads(each) for each in page.features]
    if known.name == INCIDENTS:
        features = [each | {"when": _when(each["properties"])} for each in features]
    else:
        features = [each | {"properties": _all_shown(each["properties"])} for each in features]
    shown = [pair for pair in asked.pairs if pair[0] != "f"]
    told = ItemsPage(
        known=known,
        features=features,
        matched=page.matched,
        total=known.count(),
        begins=asked.place is None,
        chips=list(_chips(asked)),
        links={each["rel"]: each["href"] for each in links},
        names=[name for name in known.properties if name != "id"][:MOST_COLUMNS],
        query=context.query_text(shown),
        picture=_picture(features),
    )
    return render_template(
        "analysts/api_items.html", page=told, reference=context.reference(), filters=_elsewhere(asked)
    )


def bounded(asked: Asked) -> Asked:
    """What was asked for, no more of it at once than a page can show; the link to the next page goes on."""
    size = min(asked.filters.limit or MOST_ON_PAGE, MOST_ON_PAGE)
    return replace(asked, filters=asked.filters.with_values(limit=size))


def _row(name: str, schema: Mapping[str, Any], owner: str = "") -> Row:
    inner = next((each for each in schema.get("anyOf", ()) if each != {"type": "null"}), schema)
    kinds = inner.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else [kind for kind in kinds if kind != "null"]
    values = ", ".join(map(str, inner.get("enum", ())))
    if "maximum" in inner:
        values = f"from {inner.get('minimum', 0)} to {inner['maximum']}"
        values += f"; {inner['default']} without it" if "default" in inner else ""
    meaning = schema.get("description") or inner.get("description", "")
    owner = "" if owner == name else owner
    return Row(name, owner, meaning, inner.get("format") or ", ".join(kinds), values)


def _elsewhere(asked: Asked) -> Filters | None:
    """The same filters for the exports and the map; None where CQL2 narrows too, which they do not know."""
    return None if asked.expression is not None else asked.filters.without("limit", "offset", "sortby")


def _chips(asked: Asked) -> Iterable[Chip]:
    shown = [pair for pair in asked.carried if pair[0] not in ("limit",)]
    for pair in shown:
        if pair[0] != "f":
            rest = [other for other in asked.carried if other != pair]
            yield Chip("=".join(pair), request.path + context.query_text(rest))


def _all(known: Collection) -> Sequence[bytes]:
    """As many features as a picture shows: those of a first page without any filter."""
    return known.page(known.read([("limit", "1000")])).features


def _picture(features: Iterable[Body]) -> Picture | None:
    return picture.draw([each["geometry"] for each in features], context.reference())


def _when(properties: Mapping[str, Any]) -> DateRange | str:
    """The days of an incident, or its month or year where no day is known."""
    if properties["date_precision"] != "day":
        return str(properties["date"][: 7 if properties["date_precision"] == "month" else 4])
    ends = (properties["date"], properties["end_date"] or properties["date"])
    return DateRange(*map(date.fromisoformat, ends))


def _shown(value: Any) -> str | None:
    """A value as a page shows it: text as it is, anything else as JSON."""
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()


def _all_shown(properties: Mapping[str, Any]) -> dict[str, str | None]:
    return {name: _shown(value) for name, value in properties.items()}


def _example(known: Collection, parameter: Parameter) -> tuple[str, str]:
    """A query that shows the parameter, with values that are in use: as it reads, and as an address."""
    value = EXAMPLES.get(parameter.name)
    if parameter.name in ("category", "area"):
        value = next(iter(context.vocabulary().codes.get(parameter.name, {})), None)
    if parameter.name == "filter" and known.name != INCIDENTS:
        value = "S_INTERSECTS(geometry,BBOX(43.6,42.09,43.76,42.19))"
    if value is None:
        return "", ""
    return f"{parameter.name}={value}", "?" + urlencode([(parameter.name, value)], safe=",/:()")
