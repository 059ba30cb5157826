"""`/edit/sign-in` and `/edit/sign-out`."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from geoapp.users import SignInRefused, TooManyTries
from geoapp.web import context
from geoapp.web.auth import guard, menu, words

blueprint = Blueprint("sign_in", __name__, url_prefix="/edit")

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")),
    *(("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


@blueprint.get("/")
def home() -> BaseResponse:
    """The first page of the editors' masthead."""
    return redirect(url_for(menu.first(guard.editor().role)))


@blueprint.get("/sign-in")
@guard.public
def form() -> BaseResponse | str:
    """The form, or on to the page asked for when somebody is signed in already."""
    wanted = guard.local_path(request.args.get("next", ""))
    if guard.current_user():
        return redirect(wanted, 303)
    return _page(wanted)


@blueprint.post("/sign-in")
@guard.public
def enter() -> BaseResponse:
    """Sign in; a new session and a new token of forms, whatever cookie came with the request."""
    given = request.form
    try:
        _, token = guard.users().sign_in(
            given.get("name", ""), given.get("password", ""), guard.client_address(), _device()
        )
    except SignInRefused as refused:
        return _again(_tries(refused), 403)
    except TooManyTries as early:
        return _again(_wait(early), 429, early.seconds)
    _end_session()
    session["token"] = token
    return redirect(guard.local_path(given.get("next", "")), 303)


@blueprint.post("/sign-out")
@guard.public
def sign_out() -> BaseResponse:
    """End this session; of use to somebody whose session is over, too."""
    _end_session()
    return redirect(url_for("sign_in.form"), 303)


def _end_session() -> None:
    """End the session that came with the request and forget its cookie."""
    token = guard.session_token()
    session.clear()
    if token:
        guard.users().sign_out(token)


def _page(wanted: str, name: str = "", message: tuple[str, str] | None = None) -> str:
    kept = context.settings().draft_days
    return render_template("editors/sign_in.html", wanted=wanted, name=name, message=message, draft_days=kept)


def _again(message: tuple[str, str], status: int, seconds: int | None = None) -> Response:
    name, wanted = request.form.get("name", ""), guard.local_path(request.form.get("next", ""))
    response = make_response(_page(wanted, name[:80], message), status)
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    return response


def _tries(refused: SignInRefused) -> tuple[str, str]:
    pause, left = words.pause(refused.pause_s), refused.tries_left
    tries = f"{left} more {'try' if left == 1 else 'tries'}, then a pause of {pause}."
    return str(refused), f"{tries if left else f'The next try can be made in {pause}.'} Nothing was changed."


def _wait(early: TooManyTries) -> tuple[str, str]:
    pause = words.pause(early.seconds)
    return str(early), (
        f"This try was not looked at. The next one can be made in {pause}; nobody elsewhere has to wait."
    )


def _device() -> str:
    """Browser and system in a few words, for the list of one's own sessions."""
    agent = request.headers.get("User-Agent", "")

    def first(known: tuple[tuple[str, str], ...], otherwise: str) -> str:
        return next((name for word, name in known if word in agent), otherwise)

    return f"{first(BROWSERS, 'Another program')} on {first(SYSTEMS, 'another system')}"
