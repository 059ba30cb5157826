"""Connections of the server: slow ones are closed, and the one that waits longest makes room."""

import logging
import socket
from contextlib import ExitStack, suppress
from types import SimpleNamespace

import pytest
from waitress.adjustments import Adjustments

from geoapp.cli import connections
from geoapp.cli.connections import Connection, SlowReaders

BEGUN = b"POST /edit/sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"


@pytest.fixture
def now(monkeypatch):
    """A clock that a test sets."""
    clock = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(Connection, "clock", lambda _: clock.seconds)
    return clock


@pytest.fixture
def connect(now, monkeypatch):
    """Makes connections of one server that answers nothing."""
    monkeypatch.setattr(connections, "LOOK_EVERY_S", 0.01)
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


def test_large_requests_take_no_more_room_than_there_is(connect, monkeypatch):
    monkeypatch.setattr(connections, "SMALL", 1_000)
    monkeypatch.setattr(connections, "MOST_TAKEN", 10_000)
    first, second, small = connect(), connect(), connect()
    for each in (first, second, small):
        assert each.received(BEGUN)
    assert first.received(b"a" * 9_000)
    assert not second.received(b"a" * 2_000) and second.will_close
    assert small.received(b"a" * 100)
    assert not (first.will_close or small.will_close)


def test_what_a_reader_does_not_take_keeps_no_connection_open(connect):
    connection = connect()
    connection.socket.setblocking(False)
    with suppress(BlockingIOError):
        while True:
            connection.socket.send(bytes(65_536))
    connection.total_outbufs_len, connection.will_close = 1, True
    # Poll says of a full socket that it can be written to only once it is shut.
    assert connection.writable()
    with pytest.raises(BrokenPipeError):
        connection.socket.send(b"a")


def test_one_that_takes_an_answer_makes_room_last(connect, now, monkeypatch):
    monkeypatch.setattr(connections, "MOST", connections.ROOM + 2)
    taking = connect()
    taking.total_outbufs_len = 1
    now.seconds += 1
    waiting = connect()
    connect()
    assert waiting.will_close and not taking.will_close
    connect()
    connect()
    assert not taking.will_close


@pytest.fixture
def slow(now):
    """Makes answers that wait for a reader who took so many bytes in ten seconds."""
    waiting = SlowReaders(threads=4)
    entered = ExitStack()

    def slow(taken, since=0.0):
        reader = SimpleNamespace(slow_since=since, rate=lambda _: taken / (10 - since))
        entered.enter_context(waiting.one_more(reader))
        return reader

    with entered:
        yield waiting, slow


def test_slow_readers_are_let_be_while_threads_are_free(slow):
    waiting, reader = slow
    readers = [reader(100), reader(200)]
    assert not any(waiting.is_too_slow(each, 10.0) for each in readers)


def test_where_most_threads_wait_for_readers_the_slowest_of_them_is_let_go(slow):
    waiting, reader = slow
    readers = [reader(100), reader(50), reader(200)]
    assert [waiting.is_too_slow(each, 10.0) for each in readers] == [False, True, False]


def test_readers_who_take_enough_may_be_many(slow):
    waiting, reader = slow
    readers = [reader(10 * connections.LEAST_TAKEN_A_SECOND) for _ in range(4)]
    assert not any(waiting.is_too_slow(each, 10.0) for each in readers)


def test_a_reader_has_a_moment_to_begin(slow):
    waiting, reader = slow
    readers = [reader(0, since=9.0), reader(100), reader(200)]
    assert not waiting.is_too_slow(readers[0], 10.0)


def test_a_reader_who_takes_next_to_nothing_for_long_is_let_go_in_any_case(slow):
    waiting, reader = slow
    alone = reader(100)
    assert not waiting.is_too_slow(alone, connections.SILENT_S)
    assert waiting.is_too_slow(alone, connections.SILENT_S + 0.1)


def test_an_answer_waits_for_its_reader_and_ends_when_it_is_too_slow(connect, now):
    connection = connect()
    connection.server.pull_trigger = lambda: None
    connection.total_outbufs_len = connection.adj.outbuf_high_watermark + 1
    asked = []

    def too_slow(_, seconds):
        asked.append(seconds)
        connection.connected = len(asked) < 2  # the loop of the server closes what shall close
        return len(asked) == 2

    connection.server.slow_readers.is_too_slow = too_slow
    connection._flush_outbufs_below_high_watermark()
    assert len(asked) == 2 and connection.will_close
