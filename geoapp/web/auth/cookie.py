"""The one cookie: for `/edit` alone, signed, holding the token of a session and that of its forms."""

from __future__ import annotations

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from geoapp.config import signing_key
from geoapp.web import context

NAME = "geoapp_edit"
PATH = "/edit"


def is_editing(path: str) -> bool:
    """Whether a path belongs to the editors' pages."""
    return path == PATH or path.startswith(f"{PATH}/")


class EditorsCookie(SecureCookieSessionInterface):
    """Flask's signed session, which exists below `/edit` and nowhere else: there is none to write to."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of an editors' page; None (which Flask refuses to write to) elsewhere."""
        if not is_editing(request.path):
            return None
        if not app.secret_key:
            app.secret_key = signing_key(app.extensions["geoapp.settings"])
        return super().open_session(app, request)

    def get_cookie_secure(self, app: Flask) -> bool:
        """Over https, and wherever the setting says that the site is reached by https."""
        return request.is_secure or context.settings().base_url.startswith("https://")


def configure(app: Flask) -> None:
    """Give the application the cookie; the key is read or made when an editors' page is first asked for."""
    app.session_interface = EditorsCookie()
    app.config.update(
        SESSION_COOKIE_NAME=NAME,
        SESSION_COOKIE_PATH=PATH,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # As long as the session: an editor who fills in a long form must not lose it to a clock.
        WTF_CSRF_TIME_LIMIT=None,
        # Our pages send no referrer; the origin is looked at instead.
        WTF_CSRF_SSL_STRICT=False,
        # The guard asks, for every address below /edit, and after it knows who is there.
        WTF_CSRF_CHECK_DEFAULT=False,
    )
