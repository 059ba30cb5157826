"""Other programs that a measurement runs: nginx and what is on the path; ports and waiting for them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE_S = 120
# Everything that nginx writes stands in its own folder, so that it needs no rights. Run by root it would read
# as another user, who may not look into a temporary folder.
USER = "user root root;" if os.geteuid() == 0 else ""
NGINX = """
daemon off; {user} worker_processes 1; pid nginx.pid; error_log stderr crit;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy;
    fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    {inside}
}}
"""


@contextmanager
def nginx(inside: str, folder: Path, port: int, path: str = "/") -> Iterator[str]:
    """Debian's nginx with `inside` its http block; gives its address once `path` is answered."""
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(user=USER, inside=inside), encoding="utf-8")
    process = subprocess.Popen([program("nginx"), "-p", str(folder), "-c", str(file), "-e", "stderr"])
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(address + path))
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def program(name: str) -> str:
    """Where a program stands; the measurement ends without it."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        sys.exit(f"{name} is needed: apt-get install {name}")
    return found


def answers(address: str) -> bool:
    """Whether an address is answered by 200."""
    with suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
        return bool(answer.status == 200)
    return False


def until(asked: Callable[[], bool]) -> None:
    """Wait until it is so; raises TimeoutError."""
    end = time.monotonic() + PATIENCE_S
    while not asked():
        if time.monotonic() > end:
            raise TimeoutError("it did not come")
        time.sleep(0.05)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])
