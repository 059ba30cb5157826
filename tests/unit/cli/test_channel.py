import socket
import threading
from contextlib import closing

import pytest
from waitress.buffers import ReadOnlyFileBasedBuffer
from waitress.server import create_server

from geoapp.cli.channel import MOST_HELD, Channel, Pieces
from tests.serving import end

LARGE = bytes(range(256)) * (MOST_HELD // 256 + 1)


def _file(folder, content, start=0):
    path = folder / "file"
    path.write_bytes(content)
    wrapped = ReadOnlyFileBasedBuffer(path.open("rb"))
    wrapped.seek(start)
    wrapped.prepare()
    return wrapped


def _received(pieces, most=None):
    """Everything that the other end of a connection gets."""
    ours, theirs = socket.socketpair()
    got = bytearray()

    def read():
        while piece := theirs.recv(1 << 16):
            got.extend(piece)

    reader = threading.Thread(target=read)
    reader.start()
    with closing(ours):
        while len(pieces):
            sent = pieces.get(most)(ours)
            pieces.skip(sent, True)
    reader.join()
    theirs.close()
    return bytes(got)


def test_bytes_and_files_leave_in_the_order_they_came(tmp_path):
    pieces = Pieces()
    pieces.append(b"head ")
    pieces.append(b"er\n")
    pieces.append(_file(tmp_path, b"not this, content", start=10))
    pieces.append(b"\nend")
    assert len(pieces) == 19
    assert _received(pieces) == b"head er\ncontent\nend"


def test_what_was_sent_in_part_goes_on_where_it_stopped(tmp_path):
    pieces = Pieces()
    pieces.append(b"abcdef")
    pieces.append(_file(tmp_path, b"ghijkl"))
    pieces.skip(4, True)
    assert len(pieces) == 8
    pieces.skip(5, True)
    assert _received(pieces) == b"jkl"


def test_more_than_is_held_in_memory_waits_in_a_file_and_arrives_whole():
    pieces = Pieces()
    pieces.append(b"first ")
    pieces.append(LARGE)
    pieces.append(b" last")
    assert _received(pieces) == b"first " + LARGE + b" last"


def test_files_are_closed_when_they_are_sent_and_when_nobody_reads_on(tmp_path):
    sent, left = _file(tmp_path, b"sent"), _file(tmp_path, b"left")
    for wrapped, leave in ((sent, _received), (left, Pieces.close)):
        pieces = Pieces()
        pieces.append(wrapped)
        leave(pieces)
        assert wrapped.file.closed
        assert len(pieces) == 0


def _application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/stream":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return (b"%d\n" % number * 5_000 for number in range(100))
    if path == "/fails":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return _broken()
    start_response("200 OK", [("Content-Length", str(len(LARGE)))])
    return [LARGE]


def _broken():
    yield b"begun"
    raise OSError("the disk fails")


@pytest.fixture
def address():
    listening = socket.create_server(("127.0.0.1", 0))
    server = create_server(_application, sockets=[listening], threads=2)
    server.channel_class = Channel
    running = threading.Thread(target=server.run)
    running.start()
    yield listening.getsockname()
    end(server, running)


def _asked(address, path):
    with socket.create_connection(address) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(1 << 16), b""))


def test_a_stream_arrives_in_whole_chunks(address):
    head, _, body = _asked(address, "/stream").partition(b"\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in head
    read = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        read, body = read + body[: int(size, 16)], body[int(size, 16) + 2 :]
    assert read == b"".join(b"%d\n" % number * 5_000 for number in range(100))


def test_an_answer_larger_than_what_is_held_arrives_whole(address):
    assert _asked(address, "/large").partition(b"\r\n\r\n")[2] == LARGE


def test_a_stream_that_fails_is_not_ended_as_if_it_were_whole(address):
    told = _asked(address, "/fails")
    assert b"begun" in told
    assert not told.endswith(b"0\r\n\r\n")


def test_who_leaves_before_the_end_takes_nothing_from_the_others(address):
    for path in ("/large", "/stream", "/large", "/stream"):
        with socket.create_connection(address) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            connection.recv(10)
    assert len(_asked(address, "/large")) > len(LARGE)


def test_one_connection_carries_one_answer_after_the_other(address):
    with socket.create_connection(address) as connection:
        for _ in range(2):
            connection.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            got = b""
            while len(got) < len(LARGE) or not got.endswith(LARGE[-1000:]):
                got += connection.recv(1 << 20)
            assert got.partition(b"\r\n\r\n")[2] == LARGE
