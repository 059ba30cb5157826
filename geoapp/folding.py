"""One searchable form for text in Georgian, Russian, Ossetian and Latin letters.

`fold` drops case, accents and punctuation but keeps the script; `latin` writes the result in plain Latin
letters, which is good enough to search with and never good enough to show.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Georgian has three alphabets of one order; upper() gives Mtavruli, old prints have Asomtavruli and Nuskhuri.
_MKHEDRULI = 0x10D0
_GEORGIAN = {
    first + offset: chr(_MKHEDRULI + offset)
    for first, letters in ((0x1C90, 43), (0x10A0, 38), (0x2D00, 38))
    for offset in range(letters)
}
# The Ossetian letter is typed both as U+04D5 and as the Latin ligature, which look alike.
_LETTERS = _GEORGIAN | str.maketrans({"ӕ": "ae", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})

_APOSTROPHES = "'\u2019\u2018\u02bc\u02b9\u02bb\u00b4`"
_APOSTROPHE_SET = frozenset(_APOSTROPHES)
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}](?=s\b)")
_APOSTROPHE = re.compile(rf"(?<=\w)[{_APOSTROPHES}](?=\w)")
# The same for one sign: a pattern that begins with a letter is looked for five times as fast.
_ASCII_POSSESSIVE, _ASCII_APOSTROPHE = re.compile(r"'(?=s\b)"), re.compile(r"'(?<=\w')(?=\w)")
# Of every ASCII byte: its small letter, and a space for what is neither letter nor digit.
_ASCII_PLAIN = bytes(ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(128)) + bytes(
    128
)
_BREAK = re.compile(r"[\W_]+")
_NAME_LENGTH = 100
_SHORT_I = "\u0438\u0306"  # й is a letter of its own, not an accented и

_TO_LATIN = str.maketrans(
    dict(zip("აბგდევზთიკლმნოპრსტუფქყჯჰ", "abgdevztiklmnoprstupkqjh", strict=True))
    | {"ჟ": "zh", "ღ": "gh", "შ": "sh", "ჩ": "ch", "ც": "ts", "ძ": "dz", "წ": "ts", "ჭ": "ch", "ხ": "kh"}
    | dict(zip("абвгдезийклмнопрстуфыэіѣ", "abvgdeziyklmnoprstufyeie", strict=True))
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"}
    | {"ъ": "", "ь": ""}
)


def _strip_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).replace(_SHORT_I, "й")
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def without_accents(text: str) -> str:
    """The text without accents, its case and punctuation kept."""
    return unicodedata.normalize("NFC", _strip_accents(text))


def without_case(text: str) -> str:
    """The text in lower case, its accents and punctuation kept; Georgian capitals become usual letters."""
    return text.lower().translate(_GEORGIAN)


def _letters(text: str) -> str:
    return _strip_accents(text.translate(_LETTERS).casefold()).translate(_LETTERS)


def _plain(text: str) -> str:
    # A compatibility form can decompose into letters that fold again (U+1D2D, a raised AE): twice settles it.
    return _letters(_letters(text))


def fold(text: str) -> str:
    """The form in which two spellings of one word are equal: words without case, accents or punctuation.

    Words are separated by one space; text without letters or digits gives "". Never raises.
    """
    return _fold_name(text) if len(text) <= _NAME_LENGTH else _fold(text)


@lru_cache(maxsize=4096)
def _fold_name(text: str) -> str:
    # Names come again and again; long texts are folded once and would only fill the cache.
    return _fold(text)


def _fold(text: str) -> str:
    if text.isascii():  # most text by far; the way below gives the same for it and takes five times as long
        return _fold_ascii(text)
    text = _plain(text)
    if not _APOSTROPHE_SET.isdisjoint(text):
        text = _APOSTROPHE.sub("", _POSSESSIVE.sub(" ", text))
    return _BREAK.sub(" ", text).strip()


def _fold_ascii(text: str) -> str:
    if "`" in text:
        text = text.replace("`", "'")
    if "'" in text:
        text = _ASCII_APOSTROPHE.sub("", _ASCII_POSSESSIVE.sub(" ", text.lower()))
    return " ".join(text.encode().translate(_ASCII_PLAIN).decode().split())


def tokens(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return fold(text).split()


def latin(text: str) -> str:
    """The folded text transliterated to plain Latin letters: for searching, never for display."""
    return latin_of(fold(text))


def latin_of(folded: str) -> str:
    """The same of a text that is folded already."""
    return folded.translate(_TO_LATIN)
