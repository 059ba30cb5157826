"""Where a page begins, as a word for the address: the place of the last feature before it.

A cursor is bound to its order, not to the version of the data: after a commit it goes on behind the
same place, so what was already sent neither comes again nor moves what follows. The version that it
came from is in it and the answer tells its own, so that a tool can see that the data changed.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

import orjson

from geoapp.kinds import Invalid

MAX_LENGTH = 4_000
EXPECTED = "a cursor as a `next` link of the same address gives it"


def write(version: int, sortby: Sequence[str], place: Sequence[Any]) -> str:
    """The word for this place in this order; `version` is that of the data set."""
    return urlsafe_b64encode(orjson.dumps([version, list(sortby), *place])).decode().rstrip("=")


def read(text: str, sortby: Sequence[str], types: Sequence[type]) -> list[Any]:
    """The place that `write` was given; raises Invalid for anything that it did not give."""
    if len(text) > MAX_LENGTH:
        raise Invalid(EXPECTED)
    try:
        known = orjson.loads(urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
    except (binascii.Error, ValueError) as error:
        raise Invalid(EXPECTED) from error
    if not isinstance(known, list) or len(known) != 2 + len(types) or known[1] != list(sortby):
        raise Invalid(EXPECTED)
    for value, kind in zip(known[2:], types, strict=True):
        # Engines keep at most 64 bits, and JSON's true is an int to Python.
        if type(value) is not kind or (isinstance(value, int) and abs(value) >= 2**63):
            raise Invalid(EXPECTED)
    place: list[Any] = known[2:]
    return place
