"""Connections of the server: slow ones are closed, and the one that waits longest makes room."""

import logging
import socket
from types import SimpleNamespace

import pytest
from waitress.adjustments import Adjustments

from geoapp.cli import connections
from geoapp.cli.connections import Connection

BEGUN = b"POST /edit/sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"


@pytest.fixture
def now(monkeypatch):
    """A clock that a test sets."""
    clock = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(Connection, "clock", lambda _: clock.seconds)
    return clock


@pytest.fixture
def connect(now):
    """Makes connections of one server that answers nothing."""
    server = SimpleNamespace(active_channels={}, add_task=lambda _: None)
    sockets = []

    def connect():
        near, far = socket.socketpair()
        sockets.extend((near, far))
        return Connection(server, near, ("192.0.2.7", 4711), Adjustments(), map={})

    yield connect
    for each in sockets:
        each.close()


def test_a_request_that_drips_in_is_closed(connect, now):
    connection = connect()
    connection.received(BEGUN)
    for _ in range(connections.PATIENCE_S):
        now.seconds += 1
        connection.received(b"a")
        assert not connection.will_close
    now.seconds += 1
    assert connection.received(b"a") is False
    assert connection.will_close


def test_a_head_that_never_ends_is_closed(connect, now):
    connection = connect()
    connection.received(b"GET / HTTP/1.1\r\nX: ")
    now.seconds += connections.PATIENCE_S + 1
    connection.received(b"a")
    assert connection.will_close


def test_a_large_file_over_a_weak_link_has_its_time(connect, now):
    connection = connect()
    connection.received(BEGUN)
    for _ in range(200):
        now.seconds += 2
        connection.received(b"a" * 2 * connections.LEAST_BYTES_A_SECOND)
    assert not connection.will_close


def test_each_request_of_a_connection_has_its_own_time(connect, now):
    connection = connect()
    for _ in range(3):
        now.seconds += connections.PATIENCE_S + 1
        connection.received(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.requests.clear()
    assert not connection.will_close


def test_of_very_many_connections_the_one_that_waits_longest_makes_room(connect, now, monkeypatch):
    monkeypatch.setattr(connections, "MOST", connections.ROOM + 3)
    answered, waiting, later = connect(), connect(), connect()
    answered.received(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    now.seconds += 1
    later.received(b"GET / HTTP/1.1\r\n")
    assert not waiting.will_close
    newest = connect()
    assert waiting.will_close
    assert not any(each.will_close for each in (answered, later, newest))


def test_a_request_that_cannot_be_taken_apart_names_nobody_in_the_log(connect, caplog):
    connection = connect()
    try:
        connection.received(b"GET http://[x/secret HTTP/1.1\r\nHost: a\r\n\r\n")
    except ValueError:
        with caplog.at_level(logging.DEBUG):
            connection.handle_error()
    assert caplog.text and "192.0.2.7" not in caplog.text + repr(connection)
    assert "secret" not in caplog.text
