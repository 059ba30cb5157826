"""Counting beside a process that serves: no reader waits for what every new version is asked first."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from itertools import chain, repeat

from flask import Flask

from geoapp.errors import GeoappError
from geoapp.store import DatasetVersion, count_ahead
from geoapp.store.ahead import read_ahead
from geoapp.web import context

LOOK_EVERY_S = 2.0


class Counting:
    """Looks for new versions of the data set, whoever made them, and has each counted without a limit."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._counted: DatasetVersion | None = None

    def start(self) -> None:
        """Begin in a thread that ends with the process."""
        threading.Thread(target=self._go_on, name="counting", daemon=True).start()

    def look(self) -> None:
        """Count when the version is another than at the last look; raises GeoappError."""
        with self._app.app_context():
            store = context.store()
        now = store.current()
        if now != self._counted:
            count_ahead(store)
            self._counted = now

    def read(self) -> None:
        """Have what filtered pages read in memory; raises GeoappError."""
        with self._app.app_context():
            read_ahead(context.store())

    def _go_on(self) -> None:
        # The first page asks for little; what others read is fetched when that one had its turn.
        for step in chain((self.look, self.read), repeat(self.look)):
            # That a database cannot answer is told by /readyz; it is asked again.
            with suppress(GeoappError):
                step()
            time.sleep(LOOK_EVERY_S)
