"""How the memory of a process that serves is given back to the machine."""

from __future__ import annotations

import ctypes
from contextlib import suppress

_M_MMAP_THRESHOLD = -3
# Well above what counting a million incidents takes and frees all the time, below an upload.
LARGE_BYTES = 8 * 1024 * 1024


def give_back_large_blocks() -> None:
    """Have the C library (glibc) give a large block back as soon as it is freed.

    Else it learns from the first one to keep those up to 32 MB, for each thread: after eight uploads of
    19 MB a process held 820 MB. Where the library is another one nothing happens.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)
