"""What the catalogs must hold: every message that the program marks, and every label of a data set."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po

from geoapp import presets
from geoapp.config import PACKAGE, resource
from geoapp.export import FORMATS
from geoapp.incident import COLUMNS, JOINED_FIELDS
from geoapp.kinds import LOCATION_PRECISIONS, STATUSES
from geoapp.reference import Reference
from geoapp.web import catalogs, language
from geoapp.web.readers.methodology import FILE

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "noted": None,
    "ngettext": (1, 2),
    "counted": (1, 2),
    "pgettext": ((1, "c"), 2),
}
# Pages below /edit/ speak English alone.
NOT_READ = ("editors", "editing", "auth")
OF_A_LAYER = ("title", "source", "licence", "accuracy", "note")


def program() -> Catalog:
    """Every message of the program: marked in templates and modules, and the labels of its own codes."""
    catalog = _empty()
    _take(catalog, resource("templates"), "*.html", "jinja2.ext:babel_extract")
    _take(catalog, PACKAGE / "web", "*.py", "python")
    for context, text in _codes():
        catalog.add(text, context=context)
    return catalog


def _empty() -> Catalog:
    return Catalog(project="geoapp", version="1", charset="utf-8")


def _take(catalog: Catalog, folder: Path, files: str, method: str) -> None:
    options = {"trimmed": "true", "silent": "false"}
    for path in sorted(folder.rglob(files)):
        # Below the folder alone: a checkout may stand in one of these names.
        if any(part in NOT_READ for part in path.relative_to(folder).parts):
            continue
        with path.open("rb") as file:
            for _line, found, _comments, context in extract(method, file, KEYWORDS, (), options):
                catalog.add(found, context=context)


def _codes() -> Iterator[tuple[str, str]]:
    yield from (("meaning", text) for text in STATUSES.values())
    yield from (("meaning", text) for _radius, text in LOCATION_PRECISIONS.values())
    yield from (("format", form.purpose) for form in FORMATS.values())
    names = [*COLUMNS, *(field.name for field in JOINED_FIELDS)]
    yield from (("column", name.replace("_", " ")) for name in names)


def of_data(reference: Reference, data_dir: Path) -> Catalog:
    """Every label of a data set; the texts of its records stay as they were written."""
    catalog = _empty()
    for context, text in _labels(reference, data_dir):
        if text:
            catalog.add(text, context=context)
    return catalog


def _labels(reference: Reference, data_dir: Path) -> Iterator[tuple[str, str]]:
    for category in reference.categories.values():
        yield from (("category", category.label), ("group", category.group_label))
        yield "definition", category.definition
    yield from (("party", party.label) for party in reference.parties.values())
    yield from (("actor", actor.name) for actor in reference.actors.values())
    yield from _of_layers(reference)
    yield from _administrations(reference)
    for place in reference.gazetteer:
        yield from (("district", place.district or ""), ("place kind", _sentence(place.kind)))
    yield from (("preset", each.label) for each in presets.load(data_dir))
    if (data_dir / FILE).is_file():
        texts = tomllib.loads((data_dir / FILE).read_text(encoding="utf-8"))
        yield from (("methodology", text) for text in _texts(texts))


def _of_layers(reference: Reference) -> Iterator[tuple[str, str]]:
    for layer in reference.layers.values():
        yield from (("layer", str(getattr(layer, name) or "")) for name in OF_A_LAYER)
    for role, kind in (("areas", "area"), ("checkpoints", "checkpoint"), ("segments", "stretch")):
        for layer in reference.layers.of_role(role):
            yield from ((kind, str(each.properties.get("name") or "")) for each in layer.features)


def _sentence(kind: str) -> str:
    return kind.replace("_", " ").capitalize()


def _administrations(reference: Reference) -> Iterator[tuple[str, str]]:
    yield from (("administration", place.administered_by or "") for place in reference.gazetteer)
    for layer in reference.layers.of_role("checkpoints"):
        for each in layer.features:
            operators = str(each.properties.get("operated_by") or "").split(";")
            yield from (("administration", name.strip()) for name in operators)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def in_step(path: Path, wanted: Catalog) -> Catalog:
    """The catalog of a file with the wanted messages: known ones kept, new ones blank, others dropped."""
    known = catalogs.read(path) if path.is_file() else _new(path.stem)
    known.update(wanted, no_fuzzy_matching=True)
    known.obsolete.clear()
    return known


def _new(code: str) -> Catalog:
    catalog = Catalog(locale=code, project="geoapp", version="1", charset="utf-8", fuzzy=True)
    catalog.header_comment = HEADER.format(language=language.LANGUAGES[code].name)
    return catalog


HEADER = """# Messages of the boundary-incident map: {language}.
# The word "fuzzy" below says that no native editor has reviewed this catalog yet, and pages in this
# language say so; who has read all of it takes that word out. Terms: docs/glossary.md."""


def as_file(catalog: Catalog) -> bytes:
    """The text of a catalog, the same for the same messages; it carries no dates and no places."""
    file = BytesIO()
    write_po(file, catalog, width=110, no_location=True, sort_output=True, ignore_obsolete=True)
    lines = file.getvalue().decode().splitlines(keepends=True)
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Last-Translator', '"Generated-By', '"Language-Team')
    return "".join(line for line in lines if not line.startswith(dated)).encode()


def untranslated(catalog: Catalog) -> list[str]:
    """The messages of a catalog that lack a translation or one of its forms."""
    return [_said(each.id) for each in catalog if each.id and not _is_whole(each.string)]


def _said(identity: str | Iterable[str]) -> str:
    return identity if isinstance(identity, str) else next(iter(identity))


def _is_whole(string: str | Iterable[str] | None) -> bool:
    return bool(string) and (isinstance(string, str) or all(string or ()))
