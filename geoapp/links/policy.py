"""Which addresses a check may ask: the web's own ports, and machines that the whole Internet can reach."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

from geoapp.kinds import Invalid, parse_url

WEB_PORTS = frozenset({80, 443})
# These carry an IPv4 address inside, which a gateway would unpack: a private machine behind a public face.
_CARRIERS = ("::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
_SITE_LOCAL = "fec0::/10"  # given up as a kind of its own, and still routed inside of old networks
# Where clouds answer their own machines under addresses that pass for public ones, with keys to all else.
_OF_CLOUDS = ("192.0.0.0/24", "168.63.129.16/32")
_NOT_ASKED = tuple(map(ipaddress.ip_network, (*_CARRIERS, _SITE_LOCAL, *_OF_CLOUDS)))
_PATH = "/:@!$&'()*+,;=~%?[]"

Resolver = Callable[[str, int], list[str]]


class Refused(Exception):
    """The link must not be asked, or not any further; the text says why, for people."""


class NoNetwork(Exception):
    """Nothing can be said about the link, because this machine reaches no network."""


@dataclass(frozen=True, slots=True)
class Target:
    """One request's address in parts: `host` in ASCII, `path` quoted, with its query."""

    url: str
    is_secure: bool
    host: str
    port: int
    path: str


def is_public(address: str) -> bool:
    """Whether an IP address is of the public Internet: not private, loopback, link-local, reserved ..."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    if any(known in network for network in _NOT_ASKED if network.version == known.version):
        return False
    return known.is_global and not (known.is_multicast or known.is_reserved or known.is_unspecified)


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host, in the order in which to try them; raises NoNetwork and Refused."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise NoNetwork("no name server answered") from error
        raise Refused("its host name is not known") from error
    except (OSError, UnicodeError) as error:
        raise Refused("its host name cannot be looked up") from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True)
class Policy:
    """What may be asked; `resolve` and `permits` are replaced only by tests, which ask this very machine."""

    ports: frozenset[int] = field(default=WEB_PORTS)
    permits: Callable[[str], bool] = is_public
    resolve: Resolver = resolve

    def target(self, url: str) -> Target:
        """The parts of an address that may be asked; raises Refused."""
        try:
            parts = urlsplit(parse_url(url))
            port = parts.port or (443 if parts.scheme == "https" else 80)
            host = (parts.hostname or "").encode("idna").decode("ascii")
        except (Invalid, UnicodeError, ValueError) as error:
            raise Refused("it is not a web address") from error
        if port not in self.ports:
            raise Refused(f"only the ports of the web are asked, not {port}")
        path = quote(parts.path or "/", safe=_PATH) + (
            f"?{quote(parts.query, safe=_PATH)}" if parts.query else ""
        )
        return Target(url, parts.scheme == "https", host, port, path)

    def addresses(self, target: Target) -> list[str]:
        """The addresses to connect to, every one of them checked; raises Refused and NoNetwork."""
        found = self.resolve(target.host, target.port)
        if not found:
            raise Refused("its host name is not known")
        if not all(self.permits(address) for address in found):
            raise Refused("it leads to a machine that is not on the public Internet")
        return found


def redirected(url: str, location: str) -> str:
    """Where a redirect leads, without its fragment; raises Refused for what is not a web address."""
    try:
        # Headers arrive as Latin-1 whatever they were written in.
        text = location.encode("latin-1").decode("utf-8", "strict")
        joined = urljoin(url, text.strip()).partition("#")[0]
        return parse_url(quote(joined, safe=_PATH + "#"))
    except (Invalid, ValueError) as error:
        raise Refused("it leads on to what is not a web address") from error
