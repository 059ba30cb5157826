"""`geoapp serve` as an operator starts it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

WORKER = re.compile(r"Worker (\d+) (started|ended)")
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")


@pytest.fixture
def serve(tmp_path):
    """Starts the server with an instance folder of its own; gives the process and its address."""
    started = []

    def serve(*arguments, **settings):
        environment = os.environ | {"GEOAPP_INSTANCE_DIR": str(tmp_path / "instance")} | settings
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
        process.terminate()
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


@pytest.fixture
def serve_shipped(serve, shipped_instance, tmp_path):
    """The same on a store that is filled already."""
    shutil.copytree(shipped_instance, tmp_path / "instance")
    return serve


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


def _started(process, count):
    """Ids of the next workers that the server says it has started."""
    found = []
    while len(found) < count:
        told = WORKER.match(process.stderr.readline())
        if told and told[2] == "started":
            found.append(int(told[1]))
    return found


def _get(address, **headers):
    with urlopen(Request(address, headers=headers), timeout=20) as answer:
        return answer.read().decode()


def _is_gone(worker):
    try:
        os.kill(worker, 0)
    except ProcessLookupError:
        return True
    state = Path(f"/proc/{worker}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z"


def _wait_until_gone(workers):
    deadline = time.monotonic() + 20
    while not all(_is_gone(each) for each in workers):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@needs_fork
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_workers_share_the_port_and_stop_with_their_parent(serve_shipped, stop):
    process, address, _ = serve_shipped("--port", "0", "--workers", "2")
    workers = _started(process, 2)
    assert len({*workers, process.pid}) == 3
    assert _get(f"{address}healthz")
    process.send_signal(stop)
    assert process.wait(timeout=30) == 0
    _wait_until_gone(workers)


@needs_fork
def test_a_worker_that_dies_is_replaced_while_the_others_answer(serve_shipped):
    process, address, _ = serve_shipped("--port", "0", "--workers", "2")
    workers = _started(process, 2)
    _get(f"{address}incidents")
    os.kill(workers[0], signal.SIGKILL)
    for _ in range(5):
        assert _get(f"{address}healthz")
    new = _started(process, 1)
    assert new[0] not in workers
    # The other old one goes too: only the new one is left to answer.
    os.kill(workers[1], signal.SIGKILL)
    assert _get(f"{address}incidents")
    assert _started(process, 1)
    process.terminate()
    assert process.wait(timeout=30) == 0


@needs_fork
def test_workers_do_not_outlive_a_parent_that_is_killed(serve_shipped):
    process, _, _ = serve_shipped("--port", "0", "--workers", "2")
    workers = _started(process, 2)
    process.kill()
    process.wait(timeout=20)
    _wait_until_gone(workers)


def test_one_worker_needs_no_second_process(serve_shipped):
    process, address, said = serve_shipped("--port", "0")
    assert _get(f"{address}healthz")
    process.terminate()
    assert "Worker" not in said + process.stderr.read()


SAID_BY_A_PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "map.example.org"}


def test_a_proxy_is_believed_only_where_the_setting_says_so(serve_shipped):
    _, address, _ = serve_shipped("--port", "0")
    assert "example.org" not in _get(f"{address}sitemap.xml", **SAID_BY_A_PROXY)
    _, behind, _ = serve_shipped("--port", "0", GEOAPP_TRUSTED_PROXIES="1")
    assert "https://map.example.org/" in _get(f"{behind}sitemap.xml", **SAID_BY_A_PROXY)
    # What stands before the trusted proxy's own word was written by somebody else.
    forged = {"X-Forwarded-Proto": "http, https", "X-Forwarded-Host": "evil.example, map.example.org"}
    assert "evil.example" not in _get(f"{behind}sitemap.xml", **forged)


def _connected(address):
    host, _, port = address.removeprefix("http://").rstrip("/").partition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def _status(address):
    try:
        return _get(address) and 200
    except HTTPError as error:
        error.close()
        return error.code


def _is_taking_nobody(address):
    try:
        _connected(address).close()
    except ConnectionRefusedError:
        return True
    return False


def _wait_for(asked):
    deadline = time.monotonic() + 20
    while not asked():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("workers", ["1", pytest.param("2", marks=needs_fork)])
def test_a_request_that_has_begun_is_answered_when_nobody_else_is_taken_any_more(serve_shipped, workers):
    process, address, _ = serve_shipped("--port", "0", "--workers", workers)
    assert _get(f"{address}healthz")
    with _connected(address) as late:
        late.sendall(b"GET /exports/incidents.csv HTTP/1.1\r\nHost: localhost\r\n")
        time.sleep(1)  # until a worker has read it: nothing tells from outside
        process.terminate()
        _wait_for(lambda: _is_taking_nobody(address))
        late.sendall(b"\r\n")
        told, _, body = b"".join(iter(lambda: late.recv(65_536), b"")).partition(b"\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 200")
    assert b"Connection: close" in told
    assert int(re.search(rb"Content-Length: (\d+)", told)[1]) == len(body)
    assert process.wait(timeout=30) == 0


def test_a_process_that_is_to_end_says_so_and_answers_until_the_balancer_has_looked(serve_shipped):
    process, address, _ = serve_shipped("--port", "0", GEOAPP_DRAIN_SECONDS="4")
    assert _get(f"{address}readyz")
    process.terminate()
    _wait_for(lambda: _status(f"{address}readyz") == 503)
    with urlopen(f"{address}incidents") as answer:
        assert answer.status == 200
        assert answer.headers["Connection"] == "close"
    assert process.wait(timeout=30) == 0


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.mark.parametrize("workers", [1, pytest.param(3, marks=needs_fork)])
def test_the_figures_of_all_workers_are_at_a_port_of_their_own(serve_shipped, workers):
    port = free_port()
    arguments = ("--port", "0", "--workers", str(workers))
    process, address, _ = serve_shipped(*arguments, GEOAPP_METRICS_PORT=str(port))
    for _ in range(12):
        with urlopen(f"{address}healthz") as answer:
            assert answer.status == 200
    counted = 'geoapp_requests_total{endpoint="health.liveness",method="GET",status="200"} 12.0'
    # Whoever answers knows of all.
    for _ in range(6):
        with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            told = answer.read().decode()
        assert counted in told and "geoapp_incidents 252.0" in told
    with pytest.raises(HTTPError) as caught:
        urlopen(f"http://127.0.0.1:{port}/")
    assert caught.value.code == 404
    caught.value.close()
    with pytest.raises(HTTPError) as caught:
        urlopen(f"{address}metrics")
    caught.value.close()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0


def test_a_port_for_figures_that_is_in_use_is_refused(serve_shipped):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        process, address, said = serve_shipped("--port", "0", GEOAPP_METRICS_PORT=str(port))
        assert address is None
    assert f"cannot listen on 127.0.0.1:{port}" in said and "GEOAPP_METRICS_PORT" in said
    assert process.wait(timeout=30) == 1
