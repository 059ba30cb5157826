"""Rows, headings of places and words in one language, rendered by the templates of the pages.

The script takes rows out of these blocks and puts them in place; it makes no markup of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import orjson
from flask import render_template

from geoapp import presets
from geoapp.incident import Record
from geoapp.publish.hashed import FOLDER, Hashed
from geoapp.publish.site import EVERY_STATUS, Site
from geoapp.query import Filters
from geoapp.web import context
from geoapp.web.language import KEY, Language, forms
from geoapp.web.language import gettext as _
from geoapp.web.readers import listing, map_page, map_rows, script_words

# Incidents in one block of rows.
BLOCK = 100
# A file in the folder of blocks: what the addresses in a block are relative to.
PLACE = f"{FOLDER}/block.html"


class LanguageFiles:
    """The files of one language and what the index says of them."""

    def __init__(self, site: Site, spoken: Language, hashed: Hashed) -> None:
        self._site = site
        self._language = spoken
        self._hashed = hashed

    def describe(self) -> dict[str, Any]:
        """Makes the files; returns their addresses by what they are for."""
        code = self._language.code
        environ = {"SCRIPT_NAME": self._language.prefix, KEY: code}
        with self._site.app.test_request_context("/", environ_overrides=environ):
            rows, table = self._blocks()
            return {
                "rows": rows,
                "table": table,
                "places": self._add(f"places-{code}", "json", orjson.dumps(self._places()).decode()),
                "words": self._add(f"words-{code}", "json", orjson.dumps(words()).decode()),
            }

    def _add(self, stem: str, extension: str, text: str) -> str:
        return self._hashed.add(stem, extension, text.encode())

    def _blocks(self) -> tuple[list[str], list[str]]:
        rows, table, code = [], [], self._language.code
        page = list_page()
        for records in blocks(self._site):
            rows.append(self._add(f"rows-{code}", "html", self._relative(rows_of(records))))
            table.append(self._add(f"table-{code}", "html", self._relative(table_of(page, records))))
        return rows, table

    def _relative(self, text: str) -> str:
        return self._site.rewriter.fragment(PLACE, text)

    def _places(self) -> dict[str, str]:
        """The list of a place without its rows, by the id of the place; blank for a place without a name."""
        ids = {record.joined.place_id for records in blocks(self._site) for record in records}
        known = context.reference().gazetteer.by_id
        found = {each: self._place(each) for each in sorted(filter(None, ids)) if each in known}
        return {"": self._place(None)} | found

    def _place(self, identifier: str | None) -> str:
        shown = map_page.about_place(identifier, count=0, total=0)
        return self._relative(render_template("readers/map_place.html", place=shown, rows=[], more=None))


def blocks(site: Site) -> Iterator[list[Record]]:
    """All incidents in the order of the index, a block at a time."""
    with site.store.view() as store:
        records = store.stream(EVERY_STATUS)
        while block := list(islice(records, BLOCK)):
            yield block


def rows_of(records: list[Record]) -> str:
    """The rows of the list beside the map."""
    reference = context.reference()
    rows = [map_rows.row_of(record, reference) for record in records]
    return render_template("readers/map_rows.html", rows=rows, more=None)


def list_page() -> listing.ListPage:
    """The list of everything; its rows are put in by `table_of`."""
    named = presets.load(context.settings().data_dir)
    return listing.page(context.view(), context.reference(), context.vocabulary(), Filters(), named)


def table_of(page: listing.ListPage, records: list[Record]) -> str:
    """The table of the list, each record under a heading and a date of its own."""
    months = tuple(month for record in records for month in listing.months([record], {}, by_date=True))
    table = render_template("readers/incidents_table.html", page=replace(page, months=months))
    return table[table.index("<table") : table.index("</table>") + len("</table>")]


def words() -> dict[str, Any]:
    """What the scripts say on a published site: the words of the map, and those of what servers say else."""
    said = script_words.words(context.reference())
    said["counts"] |= {
        "here": forms("%(found)s of %(all)s incident here", "%(found)s of %(all)s incidents here"),
    }
    said["texts"] |= {
        "more": _("Show more: %(count)s left"),
        "range": _("%(first)s–%(last)s of %(all)s"),
        "none": _("No incident in this data set matches all of these filters."),
        "not_nothing": _(
            "That does not mean that nothing happened: coverage follows what was found and read."
        ),
        "nothing_here": _(
            "No incident matches all of these filters. That does not mean that nothing happened."
        ),
        "remove_filter": _("Remove the filter:"),
        "oldest": _("Sorted by date, oldest first."),
        "newest": _("Sorted by date, newest first."),
        "to_oldest": _("Oldest first"),
        "to_newest": _("Newest first"),
    }
    return said
