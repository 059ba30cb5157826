"""How answers leave the server: pieces as they are, files by the system alone.

Waitress copies what it sends two times, twice more for each chunk of a stream, and lays an answer of more
than a megabyte by in a file of its own; files it reads and copies piece by piece. Here bytes wait as they
came, the system gathers them from where they are (`sendmsg`), and sends files by itself (`sendfile`).
"""

from __future__ import annotations

import errno
import os
import socket
import tempfile
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import IO, Any

from waitress.buffers import ReadOnlyFileBasedBuffer
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.task import WSGITask

# What waits in memory for one reader, a page of 500 features; the rest of a larger answer waits in
# a temporary file, so that readers who do not read cannot fill the memory.
MOST_HELD = 2 * 1024 * 1024
# The system takes at most 1,024 pieces at once; a few are enough to fill what it sends at a time.
GATHERED_AT_ONCE = 64
# One call sends at most 2 GB anyway; less lets the other readers have their turn.
FILE_BYTES_AT_ONCE = 8 * 1024 * 1024
_GONE = (
    *(errno.ECONNRESET, errno.ENOTCONN, errno.ESHUTDOWN),
    *(errno.ECONNABORTED, errno.EPIPE, errno.EBADF),
)

Send = Callable[[socket.socket], int]


class _File:
    """The part of an open file that is still to be sent."""

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        self.file, self.start, self.size = file, start, size

    def send(self, to: socket.socket) -> int:
        """Have the system send what it takes."""
        return os.sendfile(to.fileno(), self.file.fileno(), self.start, min(self.size, FILE_BYTES_AT_ONCE))


class Pieces:
    """What waits to be sent, in order: the interface that waitress asks of its buffers."""

    def __init__(self) -> None:
        self._waiting: deque[memoryview | _File] = deque()
        self._size = self._held = 0

    def __len__(self) -> int:
        return self._size

    def append(self, data: bytes | ReadOnlyFileBasedBuffer) -> None:
        """Take bytes, or an open file from where it stands."""
        size = len(data)
        if isinstance(data, ReadOnlyFileBasedBuffer):
            self._waiting.append(_File(data.file, data.file.tell(), size))
        elif self._held + size > MOST_HELD:
            self._waiting.append(_laid_by(data))
        else:
            self._waiting.append(memoryview(data))
            self._held += size
        self._size += size

    def get(self, _: int = -1) -> Send:
        """What sends the first of them; nothing is taken out until `skip`."""
        first = self._waiting[0]
        if isinstance(first, _File):
            return first.send
        views = []
        for each in islice(self._waiting, GATHERED_AT_ONCE):
            if isinstance(each, _File):
                break
            views.append(each)
        return lambda to: to.sendmsg(views)

    def skip(self, size: int, _: bool = False) -> None:
        """So many bytes are sent."""
        self._size -= size
        while size:
            size -= self._skip_in_first(size)

    def _skip_in_first(self, size: int) -> int:
        first = self._waiting[0]
        if isinstance(first, _File):
            sent = min(size, first.size)
            first.start, first.size = first.start + sent, first.size - sent
            if not first.size:
                first.file.close()
                self._waiting.popleft()
            return sent
        sent = min(size, len(first))
        self._held -= sent
        if sent == len(first):
            self._waiting.popleft()
        else:
            self._waiting[0] = first[sent:]
        return sent

    def close(self) -> None:
        """Let go of what nobody will read."""
        for each in self._waiting:
            if isinstance(each, _File):
                each.file.close()
        self._waiting.clear()
        self._size = self._held = 0


def _laid_by(data: bytes) -> _File:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it is sent
    file.write(data)
    file.flush()
    return _File(file, 0, len(data))


class Task(WSGITask):  # type: ignore[misc]
    """A request of waitress whose answer is framed where it lies."""

    def write(self, data: bytes) -> None:
        """Frame a chunk without putting it together anew."""
        if self.wrote_header and self.chunked_response and data and self.has_body:
            self.channel.write_soon(b"%X\r\n" % len(data), data, b"\r\n")
        else:
            super().write(data)


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection of waitress with buffers that copy nothing."""

    task_class = Task

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.outbufs = [Pieces()]

    def write_soon(self, *pieces: bytes | ReadOnlyFileBasedBuffer) -> int:
        """Send what can be sent now; the rest when the reader is ready. Waits while too much is waiting."""
        if not self.connected:
            raise ClientDisconnected
        size = sum(map(len, pieces))
        if not size:
            return 0
        with self.outbuf_lock:
            self._flush_outbufs_below_high_watermark()
            if not self.connected:
                raise ClientDisconnected
            for piece in filter(len, pieces):
                self.outbufs[-1].append(piece)
            self.total_outbufs_len += size
            self._flush_exception(self._flush_some, do_close=False)
            if self.total_outbufs_len or self.will_close:
                self.server.pull_trigger()
        return size

    def send(self, data: Send, do_close: bool = True) -> int:
        """So many bytes were sent; none where the reader is not ready or gone."""
        try:
            return data(self.socket)
        except BlockingIOError:
            return 0
        except OSError as error:
            if error.errno not in _GONE:
                raise
            if do_close:
                self.handle_close()
            return 0


# Where the system cannot gather and send by itself (Windows), waitress sends in its own way.
_GATHERS = hasattr(os, "sendfile") and hasattr(socket.socket, "sendmsg")
BaseChannel: type[HTTPChannel] = Channel if _GATHERS else HTTPChannel
BaseTask: type[WSGITask] = Task if _GATHERS else WSGITask
