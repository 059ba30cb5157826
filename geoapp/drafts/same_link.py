"""When two addresses are taken for the same link."""

from __future__ import annotations

from urllib.parse import urlsplit

_USUAL_PORTS = {"http": ":80", "https": ":443"}
_CAMPAIGN = "utm_"


def link_key(url: str) -> str:
    """What is equal for two http(s) addresses of one page.

    Scheme, `www.`, the usual port, letter case of the host, a slash at the end, `utm_` parameters and the
    fragment say nothing about the page; a fragment that begins with `!` names one.
    """
    parts = urlsplit(url)
    host = parts.netloc.lower().removesuffix(_USUAL_PORTS.get(parts.scheme, "")).removeprefix("www.")
    asked = [each for each in parts.query.split("&") if each and not each.lower().startswith(_CAMPAIGN)]
    key = host + parts.path.rstrip("/")
    if asked:
        key += "?" + "&".join(asked)
    return f"{key}#{parts.fragment}" if parts.fragment.startswith("!") else key


def host_of(key: str) -> str:
    """The host that stands in a key; every address with that key holds it, in whatever letter case."""
    return key.partition("/")[0].partition("?")[0].partition("#")[0]
