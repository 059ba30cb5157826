"""`/edit/account`: one's own password and the places where one is signed in."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from geoapp.errors import NotFound
from geoapp.users import PasswordRefused, TooManyTries
from geoapp.users.passwords import RULE
from geoapp.web.auth import guard, words

blueprint = Blueprint("account", __name__, url_prefix="/edit/account")
# What a page says after a redirect; the address names it, so that no text comes from outside.
SAID = {
    "password": ("Your password is changed.", "You are signed out everywhere else."),
    "everywhere": ("You are signed out everywhere else.", "Whoever sat there has to sign in again."),
    "ended": ("That session is ended.", "Whoever sits there has to sign in again."),
}


@blueprint.get("")
def account() -> str:
    """Who I am, where I am signed in, and the way to a new password."""
    return render_template(
        "editors/account.html",
        here=guard.current_session(),
        sessions=guard.users().sessions(guard.editor()),
        said=SAID.get(request.args.get("done", "")),
    )


@blueprint.get("/password")
def password() -> str:
    """The form for a new password."""
    return render_template("editors/password.html", rule=RULE, error=None)


@blueprint.post("/password")
def change_password() -> BaseResponse:
    """Change one's own password; every other session of one's own ends."""
    given, here = request.form, guard.current_session()
    assert here is not None  # the guard lets nobody else in
    if given.get("new", "") != given.get("again", ""):
        return _refused("The two new passwords differ.", 422)
    try:
        guard.users().change_password(
            here, guard.session_token(), given.get("old", ""), given.get("new", ""), guard.client_address()
        )
    except PasswordRefused as refused:
        return _refused(str(refused), 422)
    except TooManyTries as early:
        answer = _refused(
            f"Too many tries failed. The next one can be made in {words.pause(early.seconds)}.", 429
        )
        answer.headers["Retry-After"] = str(early.seconds)
        return answer
    return redirect(url_for("account.account", done="password"), 303)


@blueprint.post("/sessions/others")
def end_others() -> BaseResponse:
    """Sign out everywhere else, and here too when the form says so."""
    here_too = "here" in request.form
    guard.users().sign_out_everywhere(guard.editor(), but=None if here_too else guard.session_token())
    if here_too:
        session.clear()
        return redirect(url_for("sign_in.form"), 303)
    return redirect(url_for("account.account", done="everywhere"), 303)


@blueprint.post("/sessions/<int:number>/end")
def end(number: int) -> BaseResponse:
    """End one of one's own sessions; raises NotFound for any other."""
    try:
        guard.users().revoke(guard.editor(), number)
    except OverflowError as error:  # a number that no database holds
        raise NotFound("session", str(number)) from error
    return redirect(url_for("account.account", done="ended"), 303)


def _refused(error: str, status: int) -> Response:
    return make_response(render_template("editors/password.html", rule=RULE, error=error), status)
