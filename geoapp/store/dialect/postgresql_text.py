"""Words and letters as PostgreSQL is told of them; the rules are those of `geoapp.folding`."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator, Sequence

from geoapp.folding import without_case

# PostgreSQL refuses a lexeme of 2,047 bytes and more; a letter has four at most.
LEXEME_LETTERS = 500
# And a tsvector beyond 1 MB: words that come after that are not found.
VECTOR_BYTES = 1_000_000
SHORT_I = "\u0438\u0306"


def lexemes(words: str) -> str:
    """Folded words as the text form of a tsvector without positions: each of them once."""
    quoted = words.replace("\\", "\\\\").replace("'", "''")
    found = dict.fromkeys(word[:LEXEME_LETTERS] for word in quoted.split())
    if len(words) * 4 > VECTOR_BYTES:
        return _fitting(found)
    return "'" + "' '".join(found) + "'" if found else ""


def _fitting(found: dict[str, None]) -> str:
    kept, size = list[str](), 0
    for word in found:
        size += len(word.encode())
        if size > VECTOR_BYTES:
            break
        kept.append(f"'{word}'")
    return " ".join(kept)


def query_of(tokens: Sequence[str]) -> str:
    """All of these tokens, the last one as a prefix, as the text form of a tsquery."""
    quoted = [token[:LEXEME_LETTERS].replace("\\", "\\\\").replace("'", "''") for token in tokens]
    return " & ".join(f"'{token}'" for token in quoted) + ":*"


def _accents() -> Iterator[str]:
    """The combining marks as ranges of a pattern."""
    marks = [code for code in range(sys.maxunicode + 1) if unicodedata.combining(chr(code))]
    first = last = marks[0]
    for code in [*marks[1:], sys.maxunicode + 1]:
        if code != last + 1:
            yield f"{chr(first)}-{chr(last)}"
            first = code
        last = code


ACCENTS = f"[{''.join(_accents())}]"
# Georgian capitals, which have no lower case of their own everywhere, and the usual letters for them.
_GEORGIAN = [
    chr(code)
    for code in (*range(0x10A0, 0x10D0), *range(0x1C90, 0x1CC0), *range(0x2D00, 0x2D30))
    if without_case(chr(code)) != chr(code)
]
CAPITALS, SMALL = "".join(_GEORGIAN), "".join(map(without_case, _GEORGIAN))
