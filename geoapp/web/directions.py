"""Texts that turn the direction of writing: what they turn ends with them, so that our words stay upright.

Unicode has characters that show all that follows from right to left. One that is never ended would turn
around what we say behind a person's text: another number of a source, another attribution.
"""

from __future__ import annotations

import re
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context

_END_OF_EMBEDDING, _END_OF_ISOLATE = "\u202c", "\u2069"
_ENDS = dict.fromkeys("\u202a\u202b\u202d\u202e", _END_OF_EMBEDDING) | dict.fromkeys(
    "\u2066\u2067\u2068", _END_OF_ISOLATE
)
_BEGINS = re.compile("[\u202a\u202b\u202d\u202e\u2066-\u2068]")
_ANY = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Forms must hold a text as it is, since what they hold is what is stored.
_EXACT = "editors/"
_MESSAGES = ("gettext", "ngettext", "pgettext", "npgettext")


def closed(text: str) -> str:
    """The text; one that turns the direction gets the ends that it lacks."""
    if text.isascii() or not _BEGINS.search(text):
        return text
    return text + "".join(reversed(_open(text)))


def closed_value(value: object) -> object:
    """The same for any value. Markup is left alone: its texts were ended one by one."""
    return closed(value) if type(value) is str else value


def _open(text: str) -> list[str]:
    """The ends of what the text begins and does not end, as Unicode's rules pair them."""
    waiting: list[str] = []
    isolates = 0
    for found in _ANY.findall(text):
        if found in _ENDS:
            waiting.append(_ENDS[found])
            isolates += _ENDS[found] == _END_OF_ISOLATE
        elif found == _END_OF_ISOLATE and isolates:
            # It also ends what began inside of the isolate.
            while waiting.pop() != found:
                pass
            isolates -= 1
        elif waiting[-1:] == [found]:
            waiting.pop()
    return waiting


@pass_context
def as_shown(context: Context, value: object) -> object:
    """What a template prints of a value; Jinja calls it for each."""
    return value if (context.name or "").startswith(_EXACT) else closed_value(value)


def register(environment: Environment) -> None:
    """Do the same for texts inside of messages; call when the templates have their `_()`."""
    for name in _MESSAGES:
        environment.globals[name] = _closing(environment.globals[name])


def _closing(message: Any) -> Any:
    @pass_context
    def filled(context: Context, *texts: object, **values: object) -> Any:
        return message(context, *texts, **{name: closed_value(value) for name, value in values.items()})

    return filled
