"""The gettext catalogs: `.po` files of the program and of the data folder, compiled in memory on first use.

Only `.po` files are kept: nothing has to be built, and what is served is what was reviewed. A catalog whose
header is marked `fuzzy` was not read by a native editor yet, and pages in its language say so.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from threading import Lock

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app
from flask_babel import Babel, Domain

from geoapp.config import PACKAGE
from geoapp.web import directions, language

OURS = PACKAGE / "translations"
_reading = Lock()


def of_data(data_dir: Path) -> Path:
    """The folder of the catalogs that belong to a data folder: the labels of its data."""
    return data_dir / "translations"


def paths(data_dir: Path) -> list[Path]:
    """Every catalog there is, the program's before those of the data."""
    names = [f"{code}.po" for code in language.LANGUAGES]
    return [
        folder / name for folder in (OURS, of_data(data_dir)) for name in names if (folder / name).is_file()
    ]


def read(path: Path) -> Catalog:
    """One catalog; raises babel.messages.pofile.PoFileError when it cannot be read."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem, abort_invalid=True)


def compiled(catalog: Catalog) -> Translations:
    """The messages of a catalog, ready to be looked up."""
    file = BytesIO()
    write_mo(file, catalog)
    file.seek(0)
    return Translations(file)


class Compiled(Domain):  # type: ignore[misc]
    """The catalogs of the running application, each language read when it is first asked for."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__()
        self.data_dir = data_dir
        self.unreviewed: dict[str, bool] = {}

    def get_translations(self) -> NullTranslations:
        """The messages of this request's language; English says what stands in the source."""
        code = language.code()
        # A page asks a thousand times: without the lock, once it is there.
        if code not in self.cache:
            with _reading:
                if code not in self.cache:
                    self.cache[code] = self._compile(code)
        found: NullTranslations = self.cache[code]
        return found

    def _compile(self, code: str) -> NullTranslations:
        found = [read(path) for path in paths(self.data_dir) if path.stem == code]
        self.unreviewed[code] = any(catalog.fuzzy for catalog in found)
        if not found:
            return NullTranslations()
        first, *others = map(compiled, found)
        for other in others:
            first.merge(other)
        return first

    def is_unreviewed(self) -> bool:
        """Whether no native editor has read the words of this request's language yet."""
        self.get_translations()
        return self.unreviewed[language.code()]


def label(kind: str, text: str) -> str:
    """A label of the data (category, actor, layer, ...) in this request's language, as far as it is known."""
    return language.pgettext(kind, text) if text else text


def is_unreviewed() -> bool:
    """Whether the page must say that no native editor has read its words."""
    domain: Compiled = current_app.extensions["geoapp.catalogs"]
    return domain.is_unreviewed()


def register(app: Flask, data_dir: Path) -> None:
    """Give the application its catalogs, and its templates `_()` and `{% trans %}`."""
    babel = Babel(app, locale_selector=language.code)
    app.extensions["geoapp.catalogs"] = Compiled(data_dir)
    # A cached property: Flask-Babel asks it for every message.
    babel.__dict__["domain_instance"] = app.extensions["geoapp.catalogs"]
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    directions.register(app.jinja_env)
