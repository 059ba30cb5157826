"""One line for each request, when the setting asks for it: never an address, a query or a browser."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from time import perf_counter

import orjson
from flask import Flask, Response, g, request

from geoapp.config import Settings


def register(app: Flask, settings: Settings) -> None:
    """Write to standard error how long each answer took to begin."""
    if settings.access_log == "off":
        return
    is_json = settings.access_log == "json"

    def begin() -> None:
        g.began = perf_counter()

    def write(response: Response) -> Response:
        spent = round((perf_counter() - g.began) * 1000, 1) if "began" in g else None
        line = _line(response.status_code, spent, is_json=is_json)
        sys.stderr.write(line + "\n")
        sys.stderr.flush()
        return response

    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    # The first one registered runs last: the answer is finished then.
    app.after_request_funcs.setdefault(None, []).insert(0, write)


def _line(status: int, spent_ms: float | None, *, is_json: bool) -> str:
    """The path is quoted as JSON in both forms: a line break in it must not begin a line."""
    told = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "method": request.method,
        "path": request.path,
        "status": status,
        "ms": spent_ms,
    }
    if is_json:
        return orjson.dumps(told).decode()
    return " ".join(str(told[name]) if name != "path" else orjson.dumps(told[name]).decode() for name in told)
