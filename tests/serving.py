"""`geoapp serve` in a process of its own, for programs that ask over the wire.

GDAL keeps Python's lock while it reads: a server in the test's own process could never answer it.
"""

import os
import re
import subprocess
import sys
from contextlib import contextmanager


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
