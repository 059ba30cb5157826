"""`/edit/people`: the accounts, for administrators."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from geoapp.users import ROLES, User, UserRefused
from geoapp.web.auth import guard

blueprint = Blueprint("people", __name__, url_prefix="/edit/people")
ROLE = "administrator"
DONE = {
    "role": "The role is changed, from now on.",
    "disabled": "The account is disabled and signed out everywhere. What it did stays in the history.",
    "enabled": "The account may sign in again, with the password it had.",
}


@blueprint.get("")
@guard.requires(ROLE)
def people() -> str:
    """Everyone with an account, and a form for one more."""
    return _page(done=DONE.get(request.args.get("done", "")))


@blueprint.post("")
@guard.requires(ROLE)
def add() -> BaseResponse | str:
    """Make an account; its password is shown once, in this answer and nowhere else."""
    name, role = request.form.get("name", ""), request.form.get("role", "")
    try:
        user, password = guard.users().add(name, role)
    except UserRefused as refused:
        return make_response(_page(error=str(refused), name=name, role=role), 422)
    return _handed_over(user, password, is_new=True)


@blueprint.post("/<name>/reset")
@guard.requires(ROLE)
def reset(name: str) -> BaseResponse:
    """Make a new password for somebody and end their sessions; raises NotFound."""
    user, password = guard.users().reset(name)
    return _handed_over(user, password, is_new=False)


@blueprint.post("/<name>/role")
@guard.requires(ROLE)
def set_role(name: str) -> BaseResponse:
    """Give somebody another role; raises NotFound."""
    return _changed(lambda: guard.users().set_role(name, request.form.get("role", "")), "role")


@blueprint.post("/<name>/disable")
@guard.requires(ROLE)
def disable(name: str) -> BaseResponse:
    """Let somebody in no more; raises NotFound."""
    return _changed(lambda: guard.users().disable(name), "disabled")


@blueprint.post("/<name>/enable")
@guard.requires(ROLE)
def enable(name: str) -> BaseResponse:
    """Let somebody in again; raises NotFound."""
    return _changed(lambda: guard.users().enable(name), "enabled")


def _changed(change: Callable[[], User], done: str) -> BaseResponse:
    try:
        change()
    except UserRefused as refused:
        return make_response(_page(refused=str(refused)), 409)
    return redirect(url_for("people.people", done=done), 303)


def _handed_over(user: User, password: str, *, is_new: bool) -> Response:
    return make_response(
        render_template("editors/person_password.html", user=user, password=password, is_new=is_new)
    )


def _page(
    *, done: str | None = None, refused: str = "", error: str = "", name: str = "", role: str = ROLES[0]
) -> str:
    return render_template(
        "editors/people.html",
        people=guard.users().everyone(),
        roles=ROLES,
        done=done,
        refused=refused,
        error=error,
        name=name[:80],
        role=role,
    )
