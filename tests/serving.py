"""`geoapp serve` in a process of its own, for programs that ask over the wire.

GDAL keeps Python's lock while it reads: a server in the test's own process could never answer it.
"""

import os
import re
import subprocess
import sys
from contextlib import contextmanager

from waitress import wasyncore


@contextmanager
def served(instance_dir):
    """Serve that instance folder on a free port for the block; gives the address."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("GEOAPP_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "geoapp", "serve", "--port", "0"],
        env=known | {"GEOAPP_INSTANCE_DIR": str(instance_dir)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        told = iter(process.stderr.readline, "")
        found = next(filter(None, (re.search(r"Serving on (http://\S+)/", line) for line in told)))
        yield found[1]
    finally:
        process.terminate()
        process.communicate()


def end(server, thread):
    """End waitress, which runs in that thread of this process.

    In its own thread: its loop fails when what it is about to wait for is closed by another. Each connection
    lets go of what nobody will read, files too.
    """

    def close():
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        wasyncore.close_all(server._map, ignore_all=True)

    server.trigger.pull_trigger(close)
    thread.join(timeout=30)
    server.task_dispatcher.shutdown()
