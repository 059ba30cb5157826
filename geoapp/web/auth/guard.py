"""What stands before every editors' page: who asks, in which role, and whether the form is ours.

It holds for every address below `/edit` unless its view says otherwise, so that a page cannot be left open
by forgetting something.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar
from urllib.parse import quote, urlsplit

from flask import Flask, Response, current_app, g, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as BaseResponse

from geoapp.errors import shorten
from geoapp.users import Session, User, Users
from geoapp.users.sessions import IDLE, LONGEST
from geoapp.web import context
from geoapp.web.auth import cookie, menu, words

View = TypeVar("View", bound=Callable[..., object])
LEAST_ROLE = "editor"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Where a request comes from, as browsers say it: our own pages, or the person (address bar, bookmark).
OUR_SITES = frozenset({"same-origin", "none"})
HOME = "/edit/"
_LOCAL = re.compile(r"/edit/[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*")
_PASSWORD_VIEWS = frozenset({"account.password", "account.change_password", "sign_in.sign_out"})

_csrf = CSRFProtect()


class FormRefused(Forbidden):
    """A form that is not ours, or not of this session: nothing was changed."""

    title = "This form was not accepted"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            "Nothing was changed. The form was opened before you signed in or out, or was sent from another "
            "site. Go back, load the page again, and send it once more."
        )


def requires(role: str) -> Callable[[View], View]:
    """Mark a view below `/edit` as for that role and those above it; without it `editor` is enough."""

    def mark(view: View) -> View:
        view.geoapp_role = role  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Mark a view below `/edit` as open to everyone."""
    view.geoapp_role = None  # type: ignore[attr-defined]
    return view


def users() -> Users:
    """The accounts of the running application."""
    extensions = current_app.extensions
    if "geoapp.users" not in extensions:
        extensions["geoapp.users"] = Users(context.store())
    found: Users = extensions["geoapp.users"]
    return found


def session_token() -> str:
    """The token of this request's session; empty when there is none."""
    found = session.get("token", "") if cookie.is_editing(request.path) else ""
    return found if isinstance(found, str) else ""


def current_session() -> Session | None:
    """The session of this request, asked for once; None on readers' pages."""
    if "editing_session" not in g:
        token = session_token()
        g.editing_session = users().session(token) if token else None
    found: Session | None = g.editing_session
    return found


def current_user() -> User | None:
    """Who is signed in; None on readers' pages, whoever asks."""
    found = current_session()
    return found.user if found else None


def editor() -> User:
    """Who is signed in, in a view that the guard lets nobody else into."""
    found = current_user()
    if found is None:
        raise Forbidden("Sign in first.")
    return found


def client_address() -> str:
    """The address that a request comes from, behind as many proxies as the setting says; never to be kept."""
    return request.remote_addr or "unknown"


def local_path(text: str) -> str:
    """The path if it leads to an editors' page of this site, else the first of them.

    No scheme, host, backslash, control character or step upwards can come out of it.
    """
    path = urlsplit(text).path if _LOCAL.fullmatch(text) else ""
    steps = path.lower().replace("%2e", ".").replace("%2f", "/").replace("%5c", "/").split("/")
    return text if path and not {".", ".."} & set(steps) else HOME


def _guard() -> BaseResponse | str | tuple[str, int] | None:
    """Let a request below `/edit` pass, or answer it here."""
    # By the rule, not the path: however the address was written, the same views are guarded.
    if request.url_rule is None or not cookie.is_editing(request.url_rule.rule):
        return None
    view = current_app.view_functions[request.url_rule.endpoint]
    role = getattr(view, "geoapp_role", LEAST_ROLE)
    _refuse_other_sites()
    user = current_user()
    # Before the body is read: whoever is not signed in cannot make us take a file.
    if role is not None and user is None:
        return redirect(url_for("sign_in.form", next=_wanted()), 303)
    _check_form()
    if role is not None and user is not None:
        return _refused(user, role)
    return None


def _refused(user: User, role: str) -> BaseResponse | tuple[str, int] | None:
    """The answer to somebody signed in who may not go on; None: they may."""
    if user.must_change and request.endpoint not in _PASSWORD_VIEWS:
        return redirect(url_for("account.password"), 303)
    if not user.may(role):
        _note(f"needs the role {role}")
        return render_template("editors/forbidden.html", role=role), 403
    return None


def _wanted() -> str:
    """Where to go on after signing in: this address, or of a form the page that it stands on."""
    path = quote(request.path, safe="/:@!$&'()*+,;=~")
    if request.method in SAFE:
        query = request.query_string.decode("ascii", "replace")
        return local_path(f"{path}?{query}" if query else path)
    is_page = current_app.url_map.bind("").test(request.path, "GET")
    return local_path(path) if is_page else HOME


def _refuse_other_sites() -> None:
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site", "none")
    # Forms of our pages say "null", since they pass no referrer on; the token of the form decides then.
    if site not in OUR_SITES or not _is_ours(request.headers.get("Origin", "null")):
        _note("sent from another site")
        raise FormRefused("sent from another site")


def _is_ours(origin: str) -> bool:
    """Whether an Origin header names this host; ports differ behind some proxies and are left out."""
    hosts = {urlsplit(address).hostname for address in (request.host_url, context.settings().base_url)}
    try:
        return origin == "null" or urlsplit(origin).hostname in hosts - {None}
    except ValueError:
        return False


def _check_form() -> None:
    try:
        _csrf.protect()
    except CSRFError as error:
        _note(str(error.description))
        raise FormRefused(str(error.description)) from error


def _note(reason: str) -> None:
    """Tell the operator, without saying who asked or from where."""
    current_app.logger.warning("refused: %s %r: %s", request.method, shorten(request.path), reason)


def _keep_to_themselves(response: Response) -> Response:
    if cookie.is_editing(request.path):
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        # Whatever goes wrong before the guard, a form's token must not be shared through a cache.
        response.vary.add("Cookie")
    return response


def register(app: Flask) -> None:
    """Put the guard before and the headers behind every editors' page."""
    cookie.configure(app)
    _csrf.init_app(app)
    limits = {"idle_hours": IDLE // timedelta(hours=1), "most_days": LONGEST.days}
    app.jinja_env.globals.update(current_user=current_user, editing_menu=menu.entries, session_limits=limits)
    app.jinja_env.filters.update(moment=words.moment)
    app.before_request(_guard)
    app.after_request(_keep_to_themselves)
