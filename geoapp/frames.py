"""Plain values one after the other in a stream, each behind its length.

`marshal` reads a stream by a call for every text and number, which takes a dozen times as long as reading
the bytes of a value at once.
"""

from __future__ import annotations

import marshal
from typing import IO, Any

_LENGTH_BYTES = 8


def dump(value: Any, stream: IO[bytes]) -> None:
    """Write tuples, lists, dicts, texts, bytes, numbers and None, for this version of Python alone."""
    content = marshal.dumps(value)
    stream.write(len(content).to_bytes(_LENGTH_BYTES, "little") + content)


def load(stream: IO[bytes]) -> Any:
    """Read the next value; raises EOFError where the stream ends, also in the middle of one."""
    length = int.from_bytes(_read(stream, _LENGTH_BYTES), "little")
    return marshal.loads(_read(stream, length))


def _read(stream: IO[bytes], size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content
