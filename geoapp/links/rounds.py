"""A round of checks over many links: hosts in turn, a pause between two requests to one host."""

from __future__ import annotations

import heapq
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from geoapp.links.checking import Checker
from geoapp.links.model import Result
from geoapp.links.stored import save
from geoapp.store import Store

HOST_DELAY_S = 2.0
# When none of so many hosts is reached, the fault is on our side.
_SILENT_BEFORE_STOP = 8
_NO_NETWORK = Result("not_checked", reason="no network can be reached")


@dataclass(frozen=True, slots=True)
class Told:
    """One link that was asked in this round."""

    url: str
    result: Result


@dataclass(frozen=True)
class Clock:
    """Seconds that only go up, and how to wait for them; tests bring their own."""

    now: Callable[[], float] = time.monotonic
    wait: Callable[[float], None] = time.sleep


def check_due(
    store: Store, checker: Checker, urls: Iterable[str], clock: Clock | None = None
) -> Iterator[Told]:
    """Check these links and keep each result as it comes, so that a round may be stopped at any time.

    Nothing is kept before the first server is reached: without a network all would look as if they failed.
    A round that reaches none ends early, and what it asked counts as not checked.
    """
    held: list[Told] = []
    is_proven = False
    for url in _in_turn(urls, clock or Clock()):
        held.append(Told(url, checker.check(url)))
        is_proven = is_proven or held[-1].result.heard
        if is_proven:
            yield from _keep(store, held)
            held = []
        elif len({_host(told.url) for told in held}) == _SILENT_BEFORE_STOP:
            break
    for told in held:
        yield Told(told.url, _NO_NETWORK)


def _keep(store: Store, results: Iterable[Told]) -> Iterator[Told]:
    for told in results:
        if told.result.state != "not_checked":
            save(store, told.url, told.result)
        yield told


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _in_turn(urls: Iterable[str], clock: Clock) -> Iterator[str]:
    """The links so that a host rests `HOST_DELAY_S` after each of its requests, which may take long."""
    waiting: dict[str, deque[str]] = defaultdict(deque)
    for url in urls:
        waiting[_host(url)].append(url)
    ready = [(0.0, number, host) for number, host in enumerate(waiting)]
    while ready:
        start, number, host = heapq.heappop(ready)
        if (left := start - clock.now()) > 0:
            clock.wait(left)
        yield waiting[host].popleft()
        if waiting[host]:
            heapq.heappush(ready, (clock.now() + HOST_DELAY_S, number, host))
