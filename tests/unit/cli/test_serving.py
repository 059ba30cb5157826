"""`geoapp serve` as an operator starts it."""

import os
import re
import signal
import socket
import subprocess
import sys
from urllib.request import urlopen

import pytest


@pytest.fixture
def serve(tmp_path):
    """Starts the server with an instance folder of its own; gives the process and its address."""
    started = []

    def serve(*arguments):
        environment = os.environ | {"GEOAPP_INSTANCE_DIR": str(tmp_path / "instance")}
        command = [sys.executable, "-m", "geoapp", "serve", *arguments]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        started.append(process)
        said = []
        for line in process.stderr:
            said.append(line)
            if found := re.search(r"Serving on (http://\S+/)", line):
                return process, found[1], "".join(said)
        return process, None, "".join(said)

    yield serve
    for process in started:
        process.kill()
        process.communicate()


def test_an_empty_store_is_filled_once_and_served(serve):
    process, address, said = serve("--port", "0")
    assert "252 incidents with 675 reports" in said
    with urlopen(f"{address}healthz") as answer:
        assert answer.status == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    _, address, said = serve("--port", "0")
    assert address
    assert "incidents" not in said


def test_a_port_that_is_taken_is_named_with_another_to_try(run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        message = run("serve", "--port", port, code=1).stderr
    assert f"127.0.0.1:{port}" in message
    assert "--port" in message
