"""What is kept of an upload until it is saved: the file as it came, and the editor's answers to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

State = Literal["open", "waiting", "saved", "discarded"]
Step = Literal["columns", "check", "preview"]
# What may be done with a record of the file that looks like a stored one.
SEPARATE, AS_REPORTS, LEAVE_OUT = "separate", "reports", "leave-out"
DECISIONS = (SEPARATE, AS_REPORTS, LEAVE_OUT)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the file after mapping: the line on which its row starts, and the column."""

    line: int
    column: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"

    @classmethod
    def of(cls, text: str) -> Cell:
        """The inverse of `str`; raises ValueError."""
        line, _, column = text.partition(":")
        return cls(int(line), column)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the editor decided; the file itself is never altered.

    `mapping` is the JSON-able form of how foreign columns are read (None: not asked), `corrections` the
    texts that stand for cells of the file, `decisions` one of DECISIONS for an id of the file, with the id
    of the stored record that it looks like. `notes` are the two notes as last typed.
    """

    mapping: Mapping[str, Any] | None = None
    corrections: Mapping[Cell, str] = field(default_factory=dict)
    decisions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    notes: tuple[str, str] = ("", "")

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form, lossless."""
        return {
            "mapping": self.mapping,
            "corrections": [[str(cell), text] for cell, text in self.corrections.items()],
            "decisions": {each: list(decided) for each, decided in self.decisions.items()},
            "notes": list(self.notes),
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Answers:
        """The inverse of `to_dict`."""
        return cls(
            mapping=told["mapping"],
            corrections={Cell.of(cell): text for cell, text in told["corrections"]},
            decisions={each: (decided[0], decided[1]) for each, decided in told["decisions"].items()},
            notes=(told["notes"][0], told["notes"][1]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One upload and where it stands; times are UTC, `content` is empty once it is saved or discarded.

    `remark` is what a reviewer said who sent it back.
    `revision` goes up with every change, so that a second window never overwrites the first silently.
    """

    id: str
    editor: str
    created: datetime
    updated: datetime
    expires: datetime
    revision: int
    state: State
    file_name: str
    file_hash: str
    pasted: bool
    content: bytes
    answers: Answers
    step: Step
    errors: int
    version: int | None = None
    batch: int | None = None
    remark: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the editor can go on with it."""
        return self.state == "open"
