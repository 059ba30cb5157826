"""The process that works through parts of a large import beside this one (`geoapp.ingest.by_parts.helper`).

It ends when its input does, so that none is left behind however this process ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoapp import frames
from geoapp.errors import StoreFailed

if TYPE_CHECKING:
    from geoapp.ingest.by_parts.helping import Task
    from geoapp.ingest.by_parts.parts import Origin

_START = "import sys; sys.path[:] = sys.argv[1:]; from geoapp.ingest.by_parts.helper import main; main()"
_ENDED = "the process that helps with the import ended too early (is memory short?); nothing was stored"


def is_useful() -> bool:
    """Whether there is a processor for a second process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) > 1
    return (os.cpu_count() or 1) > 1


class Helper:
    """The process, started at once so that it is ready when the file is read; ends with the block."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._thread = ThreadPoolExecutor(1)
        # The modules that this process uses, wherever it has them from.
        started = [sys.executable, "-P", "-c", _START, *sys.path]
        self._process = subprocess.Popen(started, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> Helper:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End it, whatever it does: it only reads."""
        if self._process.poll() is None:
            self._process.kill()
        self._thread.shutdown(cancel_futures=True)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._process.wait()

    def begin(self, folder: Path, origin: Origin, version: int) -> None:
        """Say what the parts are of, the version of the data set, and the folder of files between us."""
        self._thread.submit(self._send, (str(folder), self._address, version, tuple(origin)))

    def ask(self, task: Task) -> Future[Path]:
        """Have a part worked through after those before: where `Worked.read` finds it; raises StoreFailed."""
        return self._thread.submit(self._answer, task)

    def _send(self, message: Any) -> None:
        assert self._process.stdin is not None
        try:
            frames.dump(message, self._process.stdin)
            self._process.stdin.flush()
        except OSError as error:
            raise StoreFailed(_ENDED) from error

    def _answer(self, task: Task) -> Path:
        assert self._process.stdout is not None
        answer = task.file.with_suffix(".made")
        self._send((str(task.file), str(answer), dict(task.places), task.batch))
        try:
            fault = frames.load(self._process.stdout)
        except (EOFError, ValueError) as error:
            raise StoreFailed(_ENDED) from error
        if fault is not None:
            raise StoreFailed(fault)
        return answer
