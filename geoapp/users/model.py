"""What an account is, and what can be wrong with it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from geoapp.errors import GeoappError

# Each role may do what those before it may.
ROLES = ("editor", "reviewer", "administrator")
NAME = re.compile(r"[^\W_](?:[\w.-]{0,38}[^\W_])?")
MOST_TYPED = 200
NAME_EXPECTED = "1 to 40 letters and digits, with . - _ between them"


class UserRefused(GeoappError):
    """An account cannot be made or changed in this way; the message says why."""


class PasswordRefused(GeoappError):
    """A new password breaks the rule, or the current one was not given rightly; the message says which."""


class SignInRefused(GeoappError):
    """Name and password do not match, whichever of them is wrong.

    `tries_left` more tries are free; without any, the next one has to wait `pause_s` seconds.
    """

    def __init__(self, tries_left: int, pause_s: int) -> None:
        self.tries_left, self.pause_s = tries_left, pause_s
        super().__init__("Name and password do not match.")


class TooManyTries(GeoappError):
    """This try was not looked at: too many before it failed. The next one may come in `seconds`."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__("Too many tries failed.")


def utc_now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)


def folded(text: str) -> str:
    """What is typed as a name, in the form that all its spellings share; what is far too long is cut."""
    return unicodedata.normalize("NFKC", text[:MOST_TYPED]).strip().casefold()


def folded_name(text: str) -> str:
    """The name of an account as it is stored and compared; raises UserRefused."""
    name = folded(text)
    if not NAME.fullmatch(name):
        raise UserRefused(f"name: expected {NAME_EXPECTED}")
    return name


def checked_role(role: str) -> str:
    """The role itself; raises UserRefused for one that is not known."""
    if role not in ROLES:
        raise UserRefused(f"role: expected one of {', '.join(ROLES)}")
    return role


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One account; `disabled` is since when it may not sign in, `last_seen` when it last was (UTC)."""

    id: int
    name: str
    role: str
    must_change: bool
    created: datetime
    disabled: datetime | None = None
    last_seen: datetime | None = None

    def may(self, role: str) -> bool:
        """Whether this account may do what needs that role; raises ValueError for an unknown one."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One place where somebody is signed in: since when, when last seen (UTC), in which browser."""

    id: int
    user: User
    created: datetime
    seen: datetime
    device: str
