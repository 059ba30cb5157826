"""Named places: their names in every language, what is known of each, and how many incidents name it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from flask import Blueprint, render_template

from geoapp.errors import BadParameters, Fault
from geoapp.folding import fold, latin
from geoapp.gazetteer import Gazetteer, Place
from geoapp.query import Filters
from geoapp.store import Store
from geoapp.web import context, language, names, wording
from geoapp.web.catalogs import label
from geoapp.web.language import gettext as _
from geoapp.web.language import noted

blueprint = Blueprint("places", __name__)

LONGEST_QUESTION = 200
MAP_ZOOM = 12
# Names that are not the heading, in the order in which they stand under it.
OTHER_LANGUAGES = ("en", "ka", "ru", "os")
ADMINISTRATIONS: Mapping[str, str] = {"divided": noted("Divided: reported under both")}
KINDS: Mapping[str, str] = {"derived": noted("Placed by a description")}
ADDRESS = re.compile(r"(https?://[^\s,;]+)")


@dataclass(frozen=True)
class Entry:
    """One place as the page shows it: `name` for the reader, `code` for the filters.

    `count` is the number of incidents that name it.
    """

    place: Place
    code: str
    name: str
    count: int

    @property
    def names(self) -> list[tuple[str, str, str]]:
        """Names in other languages: code, language, name; equal ones stand once each."""
        known = self.place.names
        told = language.code() if language.code() in known else language.DEFAULT
        others = [code for code in OTHER_LANGUAGES if code in known and code != told]
        return [(code, wording.language(code), known[code]) for code in others]

    @property
    def aliases(self) -> list[tuple[str, str]]:
        """Other forms of the name, with the language of their script."""
        known = set(self.place.names.values())
        return [(script_of(alias), alias) for alias in self.place.aliases if alias not in known]

    @property
    def kind(self) -> str:
        """What it is."""
        kind = self.place.kind
        return _(KINDS[kind]) if kind in KINDS else label("place kind", kind.replace("_", " ").capitalize())

    @property
    def administration(self) -> str:
        """Who administers it, in our reading of the reports; empty when they do not say."""
        code = self.place.administered_by or ""
        return _(ADMINISTRATIONS[code]) if code in ADMINISTRATIONS else label("administration", code)

    @property
    def precision(self) -> str:
        """How exactly its point is known."""
        place = self.place
        if place.longitude is None:
            return _("No point is known")
        if place.precision_m is None:
            return _("Precision not stated")
        return _("Within %(distance)s", distance=wording.metres(place.precision_m))

    @property
    def sources(self) -> list[list[tuple[str, bool]]]:
        """Where its position comes from: texts in parts, each part with whether it is an address."""
        texts = (self.place.source, self.place.second_source)
        return [parts(text) for text in texts if text]

    @property
    def credit(self) -> str:
        """Licence and credit of the position; a fact needs none but its source."""
        place = self.place
        return "" if place.licence in ("", "facts") else f"{place.credit}, {place.licence}"

    @property
    def view(self) -> str:
        """The map around it, as words of the fragment; empty where no point is known."""
        place = self.place
        if place.longitude is None or place.latitude is None:
            return ""
        return f"#map={MAP_ZOOM}/{place.latitude:.5f}/{place.longitude:.5f}"


@dataclass(frozen=True)
class Section:
    """The places under one letter; without a letter they stand in the order of the search."""

    letter: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Places:
    """The page: everything, or what a search found."""

    total: int
    asked: str
    sections: tuple[Section, ...]
    suggestion: str | None

    @cached_property
    def count(self) -> int:
        """How many places are shown."""
        return sum(len(section.entries) for section in self.sections)


@blueprint.get("/places")
def places() -> str:
    """The gazetteer, whole or as far as a search in any script finds it; raises BadParameters."""
    asked = context.page_words("q").get("q", "")
    if len(asked) > LONGEST_QUESTION:
        raise BadParameters(
            [Fault("q", asked, _("at most %(count)s characters of a name", count=LONGEST_QUESTION))]
        )
    page = describe(context.view(), context.reference().gazetteer, asked)
    return render_template("readers/places.html", page=page)


def describe(store: Store, gazetteer: Gazetteer, asked: str) -> Places:
    """The places that a search found, best first, or all of them by the alphabet."""
    counts = store.facets(Filters())["place"]
    found = gazetteer.search(asked, limit=len(gazetteer)) if asked else list(gazetteer)
    entries = [
        Entry(place, code, names.of(place, gazetteer), counts.get(code, 0))
        for place in found
        for code in [gazetteer.name(place)]
    ]
    sections = tuple(by_letter(entries))
    if asked and entries:
        sections = (Section("", tuple(entries)),)
    suggestion = None if entries or not asked else gazetteer.suggest(asked)
    return Places(total=len(gazetteer), asked=asked, sections=sections, suggestion=suggestion)


def by_letter(entries: Iterable[Entry]) -> Iterable[Section]:
    """The entries by the first letter of their name; what begins with no letter stands under #."""
    ordered = sorted(entries, key=lambda entry: (_order(entry.name), entry.place.id))
    for letter, group in groupby(ordered, key=lambda entry: _letter(entry.name)):
        yield Section(letter, tuple(group))


def _letter(name: str) -> str:
    first = _order(name)[1][:1]
    # Georgian has no capitals: `upper` would change its letters to another alphabet.
    capital = first if "\u10a0" <= first <= "\u10ff" else first.upper()
    return capital if first.isalpha() else "#"


def _order(name: str) -> tuple[bool, str]:
    """Names in the page's own script first, in its order; then the others, by their Latin letters."""
    plain, own = latin(name), fold(name)
    if script_of(name) != language.DEFAULT and script_of(name) == language.code():
        return False, own
    return language.code() != language.DEFAULT, plain


def script_of(name: str) -> str:
    """The language that a form of a name is read in, by its first letter: Georgian, Russian, else English."""
    first = next((letter for letter in name if letter.isalpha()), "")
    if "\u10a0" <= first <= "\u10ff" or "\u1c90" <= first <= "\u1cbf":
        return "ka"
    return "ru" if "\u0400" <= first <= "\u04ff" else "en"


def parts(text: str) -> list[tuple[str, bool]]:
    """A text cut at the addresses in it; a bracket that closes around an address is not part of it."""
    found: list[tuple[str, bool]] = []
    for part in ADDRESS.split(text):
        if not ADDRESS.fullmatch(part):
            found.append((part, False))
            continue
        address = part.rstrip(".")
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1]
        found += [(address, True), (part[len(address) :], False)]
    return [(part, is_address) for part, is_address in found if part]
