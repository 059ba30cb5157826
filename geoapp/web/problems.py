"""One table from what went wrong to what the reader or the tool is told, and with which status."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import BadHost, HTTPException, InternalServerError, SecurityError

from geoapp.errors import (
    MOST_TOLD,
    BadParameters,
    Busy,
    Conflict,
    DataRefused,
    GeoappError,
    Gone,
    NoRoom,
    NotFound,
    StoreFailed,
    TooExpensive,
    shorten,
)
from geoapp.web import problem_page
from geoapp.web.language import gettext as _
from geoapp.web.language import noted
from geoapp.web.security import open_to_other_sites

# Below these paths tools ask; they get problem details (RFC 9457), everyone else a page.
FOR_TOOLS = ("/api", "/exports/", "/map/")
# Of those, where a person with a browser gets a page all the same.
FOR_PEOPLE_TOO = ("/api", "/exports/")
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Told:
    """What is said about one failure: status, title, one sentence, and members for tools."""

    status: int
    title: str
    detail: str
    members: dict[str, Any] = field(default_factory=dict)


# First match wins, so a subclass stands before its parent.
TABLE: tuple[tuple[type[Exception], int, str], ...] = (
    (BadParameters, 400, noted("The address asks for something that is not known here")),
    (DataRefused, 422, noted("The data were refused")),
    (Gone, 410, noted("This record was removed")),
    (NotFound, 404, noted("Nothing is known under this address")),
    (Conflict, 409, noted("The data set changed in the meantime")),
    (Busy, 503, noted("Too many files are being made at once")),
    (NoRoom, 503, noted("There is no room left on this server to make the file")),
    (TooExpensive, 503, noted("This asks for too much at once")),
    (StoreFailed, 503, noted("The database does not answer")),
    (GeoappError, 500, noted("Something failed on our side")),
)
HTTP_TITLES = {
    400: noted("The request cannot be read"),
    404: noted("There is no page at this address"),
    405: noted("This address cannot be used in that way"),
    406: noted("None of the forms offered here is taken"),
    413: noted("The request is too large"),
    414: noted("The address is too long"),
    429: noted("Too many requests from one address"),
}
OURS = noted("The fault is ours, not yours. It was noted for the operators of this site.")
AGAIN = noted("Try again in a moment.")
LESS = noted("It took too long. Ask for fewer days, a smaller box or a simpler filter.")
REMOVED = noted("It was taken out of every version by the editors; the reason is not public.")


def _members(error: Exception) -> dict[str, Any]:
    if isinstance(error, BadParameters):
        named = [
            {"parameter": shorten(fault.name), "value": shorten(fault.value), "detail": str(fault)}
            | ({"did_you_mean": fault.suggestion} if fault.suggestion else {})
            for fault in error.faults[:MOST_TOLD]
        ]
        return {"errors": [*named, *({"detail": more} for more in error.more)]}
    if isinstance(error, DataRefused):
        return {"errors": [{"detail": str(problem)} for problem in error.problems]}
    return {}


def _detail(error: Exception, status: int) -> str:
    if isinstance(error, Gone):
        return error.reason or REMOVED
    if isinstance(error, TooExpensive):
        return LESS
    if status >= 500:
        return AGAIN if status == 503 else OURS
    return str(error)


def told(error: Exception) -> Told:
    """What is said about this failure; anything not in the table is a fault of ours."""
    for kind, status, title in TABLE:
        if isinstance(error, kind):
            return Told(status, title, _detail(error, status), _members(error))
    if isinstance(error, HTTPException) and error.code:
        title = getattr(error, "title", "") or HTTP_TITLES.get(error.code, error.name)
        return Told(error.code, title, error.description or "")
    return Told(500, TABLE[-1][2], OURS)


def problem_details(known: Told) -> dict[str, Any]:
    """The failure in the form of RFC 9457; `about:blank` says that the status is the type."""
    body = {"type": "about:blank", "title": known.title, "status": known.status, "detail": known.detail}
    return body | known.members


def as_json(known: Told) -> Response:
    """The failure as problem details (RFC 9457)."""
    return Response(orjson.dumps(problem_details(known)), known.status, content_type=MEDIA_TYPE)


def _as_page_of_tools(known: Told, error: Exception) -> Response:
    page = problem_page.describe(known.status, known.title, problem_details(known), error)
    markup = render_template("analysts/problem.html", page=page, told=known)
    return Response(markup, known.status, mimetype="text/html")


# What a page says of a failure that Werkzeug describes for programmers.
ADVICE = {
    404: noted("Check the address, or go on from one of these pages."),
    405: noted("It can be read, not sent to."),
}


def _in_words(known: Told, error: Exception) -> Told:
    """What is said on a page, in the reader's language."""
    detail = known.detail
    if isinstance(error, HTTPException):
        detail = ADVICE.get(known.status, detail)
    elif isinstance(error, NotFound) and not isinstance(error, Gone):
        detail = noted("No record, version or place goes by this name.")
    return replace(known, title=_(known.title), detail=_(detail))


def _as_page(known: Told, error: Exception) -> Response:
    template = f"errors/{known.status}.html"
    choices = [template, "errors/problem.html"]
    chosen = current_app.jinja_env.select_template(choices)
    return Response(
        render_template(chosen, told=_in_words(known, error), error=error), known.status, mimetype="text/html"
    )


def handle(error: Exception) -> Response:
    """Answer any failure, as a page or as problem details."""
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, Exception):
        # Raised when the view had answered already; it is told as if the view had raised it.
        error = error.original_exception
    if isinstance(error, HTTPException) and error.response is not None:
        return error.get_response()  # type: ignore[return-value]
    known = told(error)
    # Nothing failed where there is no room; told once for each that asks, it would fill the log.
    if known.status >= 500 and not isinstance(error, Busy):
        # A line break in the path must not begin a line of its own.
        current_app.logger.error("%s %r", request.method, shorten(request.path), exc_info=error)
    answer = _answer(known, error)
    if request.path.startswith(FOR_PEOPLE_TOO):
        # Of an address or a method that no view answers, too: a script of another site reads why.
        open_to_other_sites(answer)
    if isinstance(error, HTTPException):
        for name, value in error.get_headers(request.environ):
            if name not in ("Content-Type", "Content-Length"):
                answer.headers.setdefault(name, value)
    if known.status == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def _answer(known: Told, error: Exception) -> Response:
    # For a host that is not trusted or cannot be one no address can be built, so there is no page to show.
    if isinstance(error, SecurityError | BadHost):
        return as_json(known)
    if not request.path.startswith(FOR_TOOLS):
        return _as_page(known, error)
    if request.path.startswith(FOR_PEOPLE_TOO) and problem_page.is_for_person():
        return _with_vary(_as_page_of_tools(known, error))
    return _with_vary(as_json(known))


def _with_vary(response: Response) -> Response:
    response.vary.add("Accept")
    return response


def register(app: Flask) -> None:
    """Every failure of every view goes through `handle`."""
    app.register_error_handler(Exception, handle)
