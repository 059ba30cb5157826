"""What can go wrong, by meaning; the edges (web, command line) choose status and exit code.

GeoappError
├── DataRefused        the data were checked and refused; carries every problem found
├── BadParameters      a request used unknown names or bad values; carries every fault
├── NotFound           nothing is known under this id
│   └── Gone           something was, and was removed; carries the public reason
├── Conflict           the data set changed since this change was prepared
├── StoreFailed        the database could not do it (locked, full, damaged); nothing was changed
│   └── TooExpensive   the question took longer than a reader's may; ask for less
├── NoRoom             a disk is full, so that a file cannot be made; nothing was changed
└── SettingRefused     a setting has a value that cannot be used
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]
# A request with thirty thousand unknown names must not be answered with as many sentences.
MOST_TOLD = 20


class GeoappError(Exception):
    """Root of everything this program raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault, told so that it can be mended without asking.

    `line` counts physical lines from 1 (the header of a CSV is line 1); `value` is what stood
    there, `expected` what should; `suggestion` is a near value that would be accepted.
    """

    level: Level
    source: str
    expected: str
    line: int | None = None
    column: str | None = None
    value: str | None = None
    suggestion: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.source, self.line, self.column) if part is not None)
        found = "" if self.value is None else f", found {shorten(self.value)!r}"
        hint = "" if self.suggestion is None else f"; did you mean {self.suggestion!r}?"
        return f"{place}: {self.level}: {self.expected}{found}{hint}"


def shorten(text: str, limit: int = 80) -> str:
    """Cut a quoted value to at most `limit` characters, saying so with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


class DataRefused(GeoappError):
    """The data were refused as a whole; `problems` holds every fault and warning found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Fault:
    """One request parameter that cannot be used: its name, its value and what was expected."""

    name: str
    value: str
    expected: str
    unknown: bool = False
    suggestion: str | None = None

    def __str__(self) -> str:
        hint = "" if self.suggestion is None else f"; did you mean {self.suggestion!r}?"
        if self.unknown:
            return f"unknown parameter {shorten(self.name)!r}{hint}"
        return f"{self.name}: expected {self.expected}, found {shorten(self.value)!r}{hint}"


class BadParameters(GeoappError):
    """A request used unknown names or bad values; `faults` holds all of them, the message the first ones."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join([*map(str, self.faults[:MOST_TOLD]), *self.more]))

    @property
    def more(self) -> list[str]:
        """What is said instead of the faults beyond `MOST_TOLD`; nothing when there are none."""
        return [f"and {len(self.faults) - MOST_TOLD} more"] if len(self.faults) > MOST_TOLD else []


class NotFound(GeoappError):
    """Nothing is known under this id; `what` is what kind of thing was asked for, `known` what there is."""

    def __init__(self, what: str, identifier: str, known: Iterable[str] = ()) -> None:
        self.what, self.identifier = what, identifier
        there = ", ".join(known)
        super().__init__(f"no {what} {shorten(identifier)!r}" + (f"; there are {there}" if there else ""))


class Gone(NotFound):
    """The thing existed and was removed; `reason` is what the public may know."""

    def __init__(self, what: str, identifier: str, reason: str = "") -> None:
        super().__init__(what, identifier)
        self.reason = reason


class Conflict(GeoappError):
    """The data set moved on since the change was prepared; prepare it again."""


class StoreFailed(GeoappError):
    """The database could not do what was asked; nothing was changed."""


class TooExpensive(StoreFailed):
    """The question took the database longer than a reader's question may."""

    def __init__(self) -> None:
        super().__init__(
            "the question took too long; ask for less: fewer days, a smaller box, a simpler filter"
        )


class Busy(GeoappError):
    """As many costly answers are being made as may be at once; later there is room again."""

    def __init__(self) -> None:
        super().__init__("as many files are being made as may be at once; try again in a moment")


class NoRoom(GeoappError):
    """The disk that a file is made on is full; nothing was changed."""

    def __init__(self, folder: object) -> None:
        super().__init__(
            f"the disk that holds {folder} is full; no file was made there (nothing was changed)"
        )


class SettingRefused(GeoappError):
    """A setting has a value that cannot be used; the message names it and what was expected."""
