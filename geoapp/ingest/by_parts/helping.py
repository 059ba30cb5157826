"""Parts of a large file shared out between this process and one beside it.

Checking and joining need the interpreter, which threads take turns with; rows and results go through files,
so that neither process waits for the other to read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import NamedTuple, Protocol

from geoapp.ingest.by_parts.parts import Origin, Worked
from geoapp.store.writing.slices import Place

# As many parts wait for the helper, so that it always has one to go on with.
_GIVEN = 3
# More results than these are not held while an earlier one is awaited.
_HELD = 6


class Task(NamedTuple):
    """A part: the file of its rows, the places of its ids, and the batch (None: nothing is to be made)."""

    file: Path
    places: Mapping[str, Place]
    batch: int | None


class Helper(Protocol):
    """The process beside this one (`geoapp.ingest.by_parts.helper`), which only reads from the store."""

    def begin(self, folder: Path, origin: Origin, version: int) -> None:
        """Say what the parts are of, the version of the data set, and the folder of files between us."""

    def ask(self, task: Task) -> Future[Path]:
        """Have a part worked through after those that were given before: the file for `Worked.read`."""


def in_turn(tasks: Iterator[Task], here: Callable[[Task], Worked], helper: Helper | None) -> Iterator[Worked]:
    """What the tasks come to, in their order; what the helper has no time for is done here meanwhile."""
    if helper is None:
        yield from map(here, tasks)
        return
    ahead: deque[Future[Path] | Worked] = deque()
    while True:
        waiting = sum(not _is_there(each) for each in ahead)
        while waiting < _GIVEN and len(ahead) < _HELD and (task := next(tasks, None)) is not None:
            ahead.append(helper.ask(task))
            waiting += 1
        if not ahead:
            return
        if not _is_there(ahead[0]) and len(ahead) < _HELD and (task := next(tasks, None)) is not None:
            ahead.append(here(task))
        else:
            first = ahead.popleft()
            yield first if isinstance(first, Worked) else Worked.read(first.result())


def _is_there(one: Future[Path] | Worked) -> bool:
    return isinstance(one, Worked) or one.done()
