"""Several processes behind one listening socket: started by a parent that replaces those that die."""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import click

SHORT_LIFE_S = 5.0
PATIENCE_S = 30.0
STOPPING = (signal.SIGTERM, signal.SIGINT)


class Workers:
    """Keeps `count` children running `serve` until SIGTERM or SIGINT, which is passed on to them.

    `serve` runs in a forked child, takes connections from `listening` and must end after SIGTERM; it is
    killed when that takes PATIENCE_S and `more_patience_s`.
    """

    def __init__(
        self, count: int, serve: Callable[[], None], listening: socket.socket, more_patience_s: float
    ) -> None:
        self._count, self._serve, self._listening = count, serve, listening
        self._patience_s = PATIENCE_S + more_patience_s
        self._started: dict[int, float] = {}
        self._stopped_at: float | None = None
        self._wake_read, self._wake_write = os.pipe()
        for end in (self._wake_read, self._wake_write):
            os.set_blocking(end, False)
        # Only the parent keeps the far end open: when it is gone, however it went, the children see it.
        self._parent_read, self._parent_write = os.pipe()

    def run(self) -> None:
        """Start the children and look after them; returns when all have ended after a signal."""
        # A signal writes to the pipe, so that one which comes between two looks is not missed.
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        for number in STOPPING:
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, _noticed)
        while self._stopped_at is None or self._started:
            self._reap()
            if self._stopped_at is None:
                self._fill()
            else:
                self._hurry()
            self._sleep()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """Pass the signal on once; children let running requests finish."""
        if self._stopped_at is None:
            self._stopped_at = time.monotonic()
            # Who comes when no child takes connections is refused at once, instead of waiting for nobody.
            self._listening.close()
            self._signal(signal.SIGTERM)

    def _signal(self, number: int) -> None:
        for child in list(self._started):
            with suppress(ProcessLookupError):
                os.kill(child, number)

    def _hurry(self) -> None:
        if self._stopped_at is not None and time.monotonic() - self._stopped_at > self._patience_s:
            self._signal(signal.SIGKILL)

    def _sleep(self) -> None:
        select.select([self._wake_read], [], [], 1.0)
        with suppress(BlockingIOError):
            while os.read(self._wake_read, 512):
                pass

    def _reap(self) -> None:
        for child, started in list(self._started.items()):
            ended, status = os.waitpid(child, os.WNOHANG)
            if not ended:
                continue
            del self._started[child]
            if self._stopped_at is None:
                code = os.waitstatus_to_exitcode(status)
                click.echo(f"Worker {child} ended ({_told(code)}); starting another.", err=True)
                if time.monotonic() - started < SHORT_LIFE_S:
                    # What fails at its start fails again: wait instead of forking as fast as it can.
                    time.sleep(1)

    def _fill(self) -> None:
        while self._stopped_at is None and len(self._started) < self._count:
            # Between fork and the child's own handlers a stop must wait, or it would be lost.
            signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
            child = os.fork()
            if child == 0:
                self._be_child()
            self._started[child] = time.monotonic()
            click.echo(f"Worker {child} started.", err=True)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)

    def _be_child(self) -> None:
        """Serve, and end this process without what the parent would do at its own end."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            os.close(self._wake_read)
            os.close(self._wake_write)
            os.close(self._parent_write)
            threading.Thread(target=self._end_with_parent, daemon=True).start()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, _exit)
            # Ctrl+C reaches the whole group; the parent tells its children what to do.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
            self._serve()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            sys.stdout.flush()
            os._exit(code)

    def _end_with_parent(self) -> None:
        os.read(self._parent_read, 1)
        os.kill(os.getpid(), signal.SIGTERM)


def _exit(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def _noticed(number: int, frame: FrameType | None) -> None:
    """A child ended; the pipe has woken the loop, which looks."""


def _told(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
