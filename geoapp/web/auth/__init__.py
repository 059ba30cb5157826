"""Everything below `/edit/` that has to do with who asks: the guard, the cookie, sign-in, accounts."""

from __future__ import annotations

from geoapp.web.auth.guard import (
    client_address,
    current_user,
    editor,
    local_path,
    public,
    register,
    requires,
    session_token,
    users,
)
from geoapp.web.auth.second_person import refuse_alone, waits

__all__ = [
    "client_address",
    "current_user",
    "editor",
    "local_path",
    "public",
    "refuse_alone",
    "register",
    "requires",
    "session_token",
    "users",
    "waits",
]
