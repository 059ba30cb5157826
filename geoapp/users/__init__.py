"""Editors' accounts: who may sign in, with which password and role, where they are signed in now.

Nothing here knows the web: sign-in pages and `geoapp user` call the same functions.
"""

from __future__ import annotations

from geoapp.users.model import (
    ROLES,
    PasswordRefused,
    Session,
    SignInRefused,
    TooManyTries,
    User,
    UserRefused,
)
from geoapp.users.registry import Users

__all__ = [
    "ROLES",
    "PasswordRefused",
    "Session",
    "SignInRefused",
    "TooManyTries",
    "User",
    "UserRefused",
    "Users",
]
