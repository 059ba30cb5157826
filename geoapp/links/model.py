"""What a check of one link comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

State = Literal["ok", "moved", "gone", "failed", "not_checked"]
STATES: tuple[State, ...] = ("not_checked", "ok", "moved", "gone", "failed")


@dataclass(frozen=True, slots=True)
class Result:
    """What one link answered: `moved_to` is where it leads for good, `reason` why it failed, in our words.

    `heard` says that a server was reached at all, which shows that this machine has a network.
    """

    state: State
    moved_to: str | None = None
    reason: str | None = None
    heard: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Check:
    """The last result for one address and when (UTC) it was asked."""

    url: str
    result: Result
    checked: datetime
