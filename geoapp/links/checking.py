"""One link -> ok, moved, gone, failed; HEAD first, GET where HEAD says nothing, redirects one by one."""

from __future__ import annotations

import errno
import http.client
import ssl
from dataclasses import dataclass, field, replace

from geoapp.links.connection import Answer, Asker, Deadline, Method
from geoapp.links.model import Result
from geoapp.links.policy import NoNetwork, Policy, Refused, Target, redirected

MAX_REDIRECTS = 5
MAX_ADDRESSES = 2
SECONDS_FOR_ONE = 30.0
_FOR_GOOD = (301, 308)
_GONE = (404, 410)
_NO_ROUTE = (errno.ENETUNREACH, errno.ENETDOWN)


@dataclass(frozen=True)
class Checker:
    """Checks links as one user agent under one policy; holds no state, so results do not depend on order."""

    user_agent: str
    policy: Policy = field(default_factory=Policy)
    secure: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = SECONDS_FOR_ONE

    def check(self, url: str) -> Result:
        """Ask one address and say what came of it; never raises for what the other side does."""
        with Deadline(self.seconds) as deadline:
            walk = _Walk(self, deadline)
            try:
                result = walk.follow(url)
            except NoNetwork as error:
                result = Result("not_checked", reason=str(error))
            except Refused as error:
                result = Result("failed", reason=str(error))
            return replace(result, heard=walk.heard)


@dataclass
class _Walk:
    """The way from one link over its redirects; `heard` once a server was reached."""

    checker: Checker
    deadline: Deadline
    heard: bool = False

    def follow(self, url: str) -> Result:
        """What the link comes to; raises Refused and NoNetwork."""
        at, moved_to, for_good = url, None, True
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._answer(self.checker.policy.target(at))
            if not 300 <= answer.status < 400:
                return _judged(answer.status, moved_to)
            if answer.location is None:
                raise Refused(f"the server answered {answer.status} without saying where to")
            at = redirected(at, answer.location)
            for_good = for_good and answer.status in _FOR_GOOD
            if for_good and at != url:
                moved_to = at
        raise Refused(f"it redirects more than {MAX_REDIRECTS} times")

    def _answer(self, target: Target) -> Answer:
        """HEAD costs both sides least; many servers break on it, so what it denies is asked for again."""
        try:
            answer = self._ask("HEAD", target)
            if answer.status < 400:
                return answer
        except _Broken:
            pass
        return self._ask("GET", target)

    def _ask(self, method: Method, target: Target) -> Answer:
        """Ask the first of the checked addresses that can be reached."""
        asker = Asker(self.checker.user_agent, self.checker.secure)
        told: Exception = Refused("no connection could be made")
        for address in self.checker.policy.addresses(target)[:MAX_ADDRESSES]:
            try:
                answer = asker.ask(method, target, address, self.deadline)
            except (OSError, http.client.HTTPException) as error:
                told = self._meaning(error)
                if not isinstance(told, NoNetwork | _NoConnection):
                    break
            else:
                self.heard = True
                self._in_time()  # an answer that was cut off looks like one that ended
                return answer
        raise told

    def _in_time(self) -> None:
        if self.deadline.is_over:
            raise Refused(f"no full answer came within {self.deadline.seconds:g} seconds")

    def _meaning(self, error: Exception) -> Exception:
        self._in_time()
        told = _meaning(error)
        self.heard = self.heard or not isinstance(told, NoNetwork | _NoConnection)
        return told


class _NoConnection(Refused):
    """This address could not be reached; another one of the same host may be."""


class _Broken(Refused):
    """A connection was made and no answer came of it; another method may get one."""


def _meaning(error: Exception) -> Exception:
    """What a failure of the connection means, in our own words: what the other side wrote is not told on."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Refused("its certificate is not valid")
    if isinstance(error, ssl.SSLError):
        return Refused("no secure connection could be made")
    if isinstance(error, http.client.HTTPException):
        return _Broken("its answer was not that of a web server")
    if isinstance(error, ConnectionRefusedError):
        return _NoConnection("the server takes no connection")
    if isinstance(error, ConnectionError):
        return _Broken("the connection was cut")
    if isinstance(error, TimeoutError):
        return _NoConnection("the server did not answer in time")
    if isinstance(error, OSError) and error.errno in _NO_ROUTE:
        return NoNetwork("no network can be reached")
    return _NoConnection("the server cannot be reached")


def _judged(status: int, moved_to: str | None) -> Result:
    if 200 <= status < 300:
        return Result("moved", moved_to=moved_to) if moved_to else Result("ok")
    if status in _GONE:
        return Result("gone", reason=f"the server answered {status}")
    return Result("failed", reason=f"the server answered {status}")
