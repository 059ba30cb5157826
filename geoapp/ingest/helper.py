"""What `helping.Helper` runs: parts of a file come by standard input, what they came to goes into files."""

from __future__ import annotations

import gc
import marshal
import os
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from geoapp.errors import Conflict, GeoappError
from geoapp.ingest.parts import Origin, Parts
from geoapp.ingest.spool import rows_in
from geoapp.store import Store
from geoapp.store.known import known_as


def main() -> None:
    """Work until the input ends, which it does when the other process is gone."""
    # Ctrl-C reaches every process of the terminal; the other one says what follows from it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What anything prints must not be taken for an answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        _serve(sys.stdin.buffer, answers)
    except (EOFError, BrokenPipeError):
        os._exit(0)


def _serve(asked: BinaryIO, answers: BinaryIO) -> None:
    address, version, origin = marshal.load(asked)
    with Store.open(address, create=False, read_only=True) as store:
        parts, names = Parts(Origin(*origin), store), known_as(store.reference()).names
        gc.disable()  # a part leaves no cycles behind that matter, and is made of very many objects
        while True:
            file, answer, places, batch = marshal.load(asked)
            fault = None
            try:
                if store.current().number != version:
                    raise Conflict("the data set changed while it was imported into")
                parts.work(rows_in(Path(file)), places, names, batch).write(Path(answer))
            except (GeoappError, OSError) as error:
                fault = str(error)
            marshal.dump(fault, answers)
            answers.flush()
