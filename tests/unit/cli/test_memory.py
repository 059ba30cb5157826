"""A process that serves keeps no memory of the uploads that it has read."""

import subprocess
import sys

# Eight uploads at once, something small behind each, after one that is over already.
UPLOADS = """
from pathlib import Path
from geoapp.cli.memory import give_back_large_blocks

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

give_back_large_blocks()
size = 19_000_000
bytearray(b"x") * size
before = held()
blocks = [(bytearray(b"x") * size, bytearray(100_000)) for _ in range(8)]
small = [behind for _, behind in blocks]
blocks.clear()
print((held() - before) // 1_000_000)
"""


def test_what_uploads_took_is_given_back_when_they_are_over():
    asked = [sys.executable, "-c", UPLOADS]
    held_mb = int(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)
    assert held_mb < 19
