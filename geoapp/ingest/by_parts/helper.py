"""What `helping.Helper` runs: parts of a file come by standard input, what they came to goes into files."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from geoapp import frames
from geoapp.errors import Conflict, GeoappError
from geoapp.ingest.by_parts.parts import Origin, Parts
from geoapp.ingest.by_parts.spool import rows_in
from geoapp.store import Store
from geoapp.store.counting.known import known_as


def main() -> None:
    """Work until the input ends, which it does when the other process is gone."""
    # Ctrl-C reaches every process of the terminal; the other one says what follows from it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What anything prints must not be taken for an answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(EOFError):
        begun = frames.load(sys.stdin.buffer)
        with suppress(EOFError, BrokenPipeError):
            _serve(begun, sys.stdin.buffer, answers)
        # At the end of an import this process is ended; here the other one was, and left its rows behind.
        shutil.rmtree(begun[0], ignore_errors=True)
    os._exit(0)


def _serve(begun: tuple[Any, ...], asked: BinaryIO, answers: BinaryIO) -> None:
    _, address, version, origin = begun
    with Store.open(address, create=False, read_only=True) as store:
        parts, names = Parts(Origin(*origin), store), known_as(store.reference()).names
        gc.disable()  # a part leaves no cycles behind that matter, and is made of very many objects
        while True:
            file, answer, places, batch = frames.load(asked)
            fault = None
            try:
                if store.current().number != version:
                    raise Conflict("the data set changed while it was imported into")
                parts.work(rows_in(Path(file)), places, names, batch).write(Path(answer))
            except (GeoappError, OSError) as error:
                fault = str(error)
            frames.dump(fault, answers)
            answers.flush()
