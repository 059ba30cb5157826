"""The language of a page: it stands in the address alone, as `/ka/...` or `/ru/...`; English has no prefix.

A layer in front of the application moves the prefix into SCRIPT_NAME, so every address that `url_for`
makes keeps the language. Files and data, which are the same for every reader, keep one address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import flask_babel
from babel import Locale
from babel.numbers import format_decimal
from flask import Flask, has_request_context, request
from markupsafe import Markup

from geoapp.web import directions

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEY = "geoapp.language"
DEFAULT = "en"
# The blueprints that speak to readers; what the others serve has one address, at the root.
TRANSLATED = frozenset(
    {"readers", "map_page", "places", "checkpoints", "changes", "stories", "embed", "keep", "downloads"}
)
SAFE = "/:@!$&'()*+,;=~"


@dataclass(frozen=True)
class Language:
    """A language of the pages: its code in addresses, and its own name for itself, whole and short."""

    code: str
    name: str
    short: str

    @property
    def prefix(self) -> str:
        """What stands before the path of every page in this language."""
        return "" if self.code == DEFAULT else f"/{self.code}"


@dataclass(frozen=True)
class Choice:
    """One language as the reader may choose it: the same page in it."""

    language: Language
    path: str
    is_current: bool


LANGUAGES: Mapping[str, Language] = {
    each.code: each
    for each in (
        Language("en", "English", "Eng"),
        Language("ka", "ქართული", "ქარ"),
        Language("ru", "Русский", "Рус"),
    )
}
_LOCALES = {code: Locale.parse(code) for code in LANGUAGES}


class Prefixes:
    """WSGI layer that takes the language off the front of the path."""

    def __init__(self, inner: WSGIApplication) -> None:
        self.inner = inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on, its language noted in the environment."""
        path = environ.get("PATH_INFO", "")
        code, slash, rest = path.removeprefix("/").partition("/")
        if code != DEFAULT and code in LANGUAGES:
            root = environ.get("SCRIPT_NAME", "") + f"/{code}"
            environ = {**environ, "SCRIPT_NAME": root, "PATH_INFO": slash + rest, KEY: code}
        return self.inner(environ, start_response)


def noted(text: str) -> str:
    """The text itself: notes it for the catalogs where it stands, to be translated where it is shown."""
    return text


def counted(one: str, many: str) -> tuple[str, str]:
    """Both forms themselves: notes them for the catalogs, to be chosen from by `ngettext`."""
    return one, many


def gettext(text: str, **values: object) -> str:
    """The message in this request's language, its `%(name)s` filled in where values are given."""
    # The empty message is the header of a catalog.
    return str(flask_babel.gettext(text, **_closed(values))) if text else text


def pgettext(context: str, text: str, **values: object) -> str:
    """The message in this request's language, as it reads in that context."""
    return str(flask_babel.pgettext(context, text, **_closed(values)))


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """The message in the form that its number asks for; `%(count)s` is the number as it is written."""
    return str(flask_babel.ngettext(one, many, count, **{"count": number(count), **_closed(values)}))


def _closed(values: dict[str, object]) -> dict[str, object]:
    return {name: directions.closed_value(value) for name, value in values.items()}


# Numbers that ask for every form that a language has; those of the others ask for theirs by one and many.
SAMPLES = {"ru": (1, 2, 5)}


def forms(one: str, many: str) -> list[str]:
    """Every form of a message that counts, unfilled, in the order of CLDR: one, few, many."""
    known = flask_babel.get_translations()
    return [str(known.ungettext(one, many, sample)) for sample in SAMPLES.get(code(), (1, 2))]


def number(value: float, pattern: str | None = None) -> str:
    """A number as this language writes it: `1,234`, `1 234`."""
    return str(format_decimal(value, pattern, locale=locale()))


def code() -> str:
    """Code of the language of this request; English outside of any."""
    return str(request.environ.get(KEY, DEFAULT)) if has_request_context() else DEFAULT


def locale() -> Locale:
    """Names and numbers of this language, by CLDR."""
    return _LOCALES[code()]


def current() -> Language:
    """The language of this request."""
    return LANGUAGES[code()]


class Site(Flask):
    """The application: addresses of readers' pages keep the language, all others stand at the root."""

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Address of an endpoint, as `flask.url_for` gives it."""
        address = super().url_for(endpoint, **values)
        if not has_request_context() or is_translated(endpoint):
            return address
        return outer_root() + address.removeprefix(request.script_root)


def is_translated(endpoint: str | None) -> bool:
    """Whether what this endpoint answers depends on the language."""
    blueprint = (endpoint or "").rpartition(".")[0] or (request.blueprint if has_request_context() else None)
    return blueprint in TRANSLATED


def outer_root() -> str:
    """Where the site is mounted, without the language."""
    return request.script_root.removesuffix(current().prefix)


def own_path(language: Language | None = None) -> str:
    """The path asked for, in this or another language, quoted again: what is decoded may hold line ends."""
    root = outer_root() + (language or current()).prefix
    return root + quote(request.path, safe=SAFE)


def own_address(language: Language) -> str:
    """The path and the query asked for, in that language."""
    query = quote(request.query_string, safe=f"{SAFE}?%")
    return own_path(language) + (f"?{query}" if query else "")


def choices() -> list[Choice]:
    """This page in every language, with its query; nothing for a page that speaks English alone."""
    if request.endpoint and not is_translated(request.endpoint):
        return []
    now = code()
    return [Choice(each, own_address(each), each.code == now) for each in LANGUAGES.values()]


def in_language(address: str, language: Language) -> str:
    """An address that `url_for` made for a page of this request, as it is in that language."""
    return outer_root() + language.prefix + address.removeprefix(request.script_root)


def as_written() -> Markup:
    """The attribute `lang` of a text of the data, where the page speaks another language; else nothing."""
    return Markup("") if code() == DEFAULT else Markup(f' lang="{DEFAULT}"')
