"""Bytes -> text: the encoding of a file without a mark is guessed, and said where the guess is not sure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from charset_normalizer import from_bytes

from geoapp.errors import DataRefused, Problem

ENCODINGS: Mapping[str, str] = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1251": "Windows-1251",
    "cp1252": "Windows-1252",
}
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_GUESSED_FROM = 200_000
# Letters of Windows-1251 that are Cyrillic; in Windows-1252 the same bytes are accented Latin letters.
_LETTERS = re.compile(rb"[\xa8\xb8\xc0-\xff]+")
# Cyrillic comes in whole words, an accent stands alone: shares of letters that have another beside them.
_MOSTLY, _HARDLY = 0.8, 0.3
_FEW_LETTERS = 12
# Fewer are a slip in a text of another encoding.
_FEW_NULS = 4


class Guess(NamedTuple):
    """An encoding (Python's name), and whether the bytes leave no doubt about it."""

    encoding: str
    sure: bool


def decode(data: bytes, source: str) -> tuple[str, str, tuple[Problem, ...]]:
    """The text, the name of its encoding, and a warning where that is not sure; raises DataRefused."""
    if data.startswith(_OLD_WORKBOOK):
        expected = "a workbook of the present form (XLSX); this is an older one (save it as .xlsx)"
        raise DataRefused([Problem("error", source, expected)])
    guess = guess_encoding(data)
    name = ENCODINGS[guess.encoding]
    try:
        text = data.decode(guess.encoding)
    except UnicodeDecodeError as error:
        expected = f"text in {name}; byte {error.start + 1} is not (save it as “CSV UTF-8”)"
        line = data.count(b"\n", 0, error.start) + 1
        raise DataRefused([Problem("error", source, expected, line=line)]) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        expected = "a text file or a workbook; this has NUL bytes"
        raise DataRefused([Problem("error", source, expected, line=line)])
    if guess.sure:
        return text, name, ()
    expected = f"UTF-8; the file does not say its encoding and was read as {name}: look at its letters"
    example = next((line for line in text.splitlines() if not line.isascii()), None)
    return text, name, (Problem("warning", source, expected, line=1, value=example),)


def guess_encoding(data: bytes) -> Guess:
    """By its mark; else UTF-8 if it can be, UTF-16 by its NUL bytes, else what its letters look like."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return Guess(encoding, True)
    even, odd = (data[first:_GUESSED_FROM:2].count(0) for first in (0, 1))
    if len(data) % 2 == 0 and max(even, odd) >= _FEW_NULS and not min(even, odd):
        # Commas and line ends have their NUL behind them in little-endian text.
        return Guess("utf-16-le" if odd else "utf-16-be", False)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _by_letters(data[:_GUESSED_FROM])
    return Guess("utf-8-sig", True)


def _by_letters(sample: bytes) -> Guess:
    runs = _LETTERS.findall(sample)
    count = sum(map(len, runs))
    share = sum(len(run) for run in runs if len(run) > 1) / count if count else 0.0
    if share >= _MOSTLY:
        return Guess("cp1251", count >= _FEW_LETTERS)
    if count and share <= _HARDLY:
        return Guess("cp1252", count >= _FEW_LETTERS)
    found = from_bytes(sample, cp_isolation=["cp1251", "cp1252"]).best()
    return Guess("cp1251" if found is not None and found.encoding == "cp1251" else "cp1252", False)
