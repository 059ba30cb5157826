"""How many requests of one address are answered: `GEOAPP_RATE_LIMIT`, for what programs ask."""

from __future__ import annotations

from flask import Flask, Response, g, request
from werkzeug.exceptions import TooManyRequests

from geoapp.config import Settings
from geoapp.users.limits import Limits
from geoapp.web import context
from geoapp.web.auth.guard import client_address

LIMITED = ("/api", "/exports/")


def register(app: Flask, settings: Settings) -> None:
    """Count requests and refuse those above the limit, when there is one."""
    rate = settings.rate_limit
    if rate is None:
        return
    limits = Limits(context.store, rate)

    def count() -> None:
        """Answer 429 above the limit."""
        if not request.path.startswith(LIMITED) or request.method == "OPTIONS":
            return
        g.taken = limits.take(client_address())
        if not g.taken.allowed:
            said = f"{rate.requests} requests in {rate.seconds} seconds are answered; go on later"
            raise TooManyRequests(said, retry_after=g.taken.reset_s)

    def tell(response: Response) -> Response:
        """Say what is left, as draft-ietf-httpapi-ratelimit-headers has it."""
        if taken := g.get("taken"):
            response.headers["RateLimit-Policy"] = f'"address";q={rate.requests};w={rate.seconds}'
            response.headers["RateLimit"] = f'"address";r={taken.left};t={taken.reset_s}'
        return response

    app.before_request(count)
    app.after_request(tell)
