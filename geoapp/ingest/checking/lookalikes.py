"""Letters of another script that look like those of a word: they hide a name from every search."""

from __future__ import annotations

import re
from functools import lru_cache

# Letter by letter: Latin beside the Cyrillic one that looks the same.
_LATIN = "ABCEHIJKMOPSTXYaceijopsxy"
_CYRILLIC = "АВСЕНІЈКМОРЅТХУасеіјорѕху"
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_WORD = re.compile(r"[^\W\d_]+")
_IS_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_IS_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_IS_GEORGIAN = re.compile(r"[\u10d0-\u10ff\u1c90-\u1cbf]")
# Ossetian is often typed with the Latin ligature in place of U+04D5; searches take both as one.
_TYPED_FOR_EACH_OTHER = str.maketrans("", "", "æÆӕӔ")


@lru_cache(maxsize=65_536)
def mixed_word(text: str) -> tuple[str, str | None] | None:
    """The first word that mixes scripts by letters that look alike, and how it should be; None for none.

    The second is None where no single script can hold the word.
    """
    if text.isascii():
        return None
    for found in _WORD.finditer(text):
        word = found[0].translate(_TYPED_FOR_EACH_OTHER)
        mended = _mended(word)
        if mended is not None:
            return found[0], text.replace(found[0], mended) if mended and word == found[0] else None
    return None


def _mended(word: str) -> str | None:
    """The word in one script, blank where there is none; None when nothing is wrong with it."""
    latin, cyrillic, georgian = (
        len(script.findall(word)) for script in (_IS_LATIN, _IS_CYRILLIC, _IS_GEORGIAN)
    )
    if georgian:
        # An ending may follow a name in capitals (EUMM), but one small letter inside a word is a slip.
        return "" if latin + cyrillic == 1 and georgian > 1 else None
    if not (latin and cyrillic):
        return None
    as_latin, as_cyrillic = word.translate(_TO_LATIN), word.translate(_TO_CYRILLIC)
    in_latin, in_cyrillic = not _IS_CYRILLIC.search(as_latin), not _IS_LATIN.search(as_cyrillic)
    if in_latin and (latin >= cyrillic or not in_cyrillic):
        return as_latin
    return as_cyrillic if in_cyrillic else None
