"""Text that a spreadsheet would run as a formula: how it is made safe, and taken back without loss."""

from __future__ import annotations

import re

# What a spreadsheet would run, and what would be mistaken for our own protection of it.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_PROTECTED = re.compile(r"'+[=+\-@\t\r]")


def protect(text: str) -> str:
    """The text with an apostrophe more in front where a spreadsheet could run it; see `unprotect`."""
    return f"'{text}" if _FORMULA.match(text) else text


def unprotect(text: str) -> str:
    """Without the apostrophe that `protect` put before what a spreadsheet would run as a formula."""
    return text[1:] if text[:1] == "'" and _PROTECTED.match(text) else text
