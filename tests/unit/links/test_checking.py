"""What the checker makes of servers, honest and not; all of them on 127.0.0.1, which only a test may ask."""

import socket
import ssl
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from threading import Event

import pytest

from geoapp.links import Checker, Policy, Result
from geoapp.links.connection import Asker, Deadline

from .conftest import by_method, status


def test_a_page_that_is_there_is_ok_and_is_asked_by_head_alone(start, here):
    site = start()
    assert here(site).check(site.url()) == Result("ok")
    assert site.asked == ["HEAD /"]


def test_the_request_names_its_sender_and_the_host_and_nothing_that_it_need_not(start, here):
    site = start()
    here(site, user_agent="geoapp/1 (link check; +https://map.example)").check(site.url())
    assert site.headers[0] == {
        "Host": f"news.example:{site.port}",
        "User-Agent": "geoapp/1 (link check; +https://map.example)",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


@pytest.mark.parametrize("denied", [403, 404, 405, 500, 501])
def test_what_head_denies_is_asked_by_get(start, here, denied):
    site = start({"/a": by_method(HEAD=status(denied), GET=status(200))})
    assert here(site).check(site.url("/a")) == Result("ok")
    assert site.asked == ["HEAD /a", "GET /a"]


def test_a_server_that_breaks_on_head_is_asked_by_get(start, here):
    site = start({"/a": by_method(HEAD=_cut, GET=status(200))})
    assert here(site).check(site.url("/a")) == Result("ok")


def _cut(request: BaseHTTPRequestHandler) -> None:
    request.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("code", [404, 410])
def test_a_page_that_is_not_there_is_gone(start, here, code):
    site = start({"/a": status(code)})
    assert here(site).check(site.url("/a")) == Result("gone", reason=f"the server answered {code}")


@pytest.mark.parametrize("code", [401, 403, 429, 451, 500, 503])
def test_a_server_that_refuses_is_no_proof_that_the_page_is_gone(start, here, code):
    site = start({"/a": status(code)})
    assert here(site).check(site.url("/a")) == Result("failed", reason=f"the server answered {code}")


@pytest.mark.parametrize("code", [301, 308])
def test_a_page_that_moved_for_good_says_where_to(start, here, code):
    site = start({"/old": status(code, Location="/mid"), "/mid": status(301, Location="/")})
    assert here(site).check(site.url("/old")) == Result("moved", moved_to=site.url("/"))


@pytest.mark.parametrize("code", [302, 303, 307])
def test_a_redirect_for_the_time_being_is_ok(start, here, code):
    site = start({"/old": status(code, Location="/")})
    assert here(site).check(site.url("/old")) == Result("ok")


def test_a_page_counts_as_moved_only_as_far_as_it_moved_for_good(start, here):
    site = start({"/old": status(301, Location="/mid"), "/mid": status(302, Location="/")})
    assert here(site).check(site.url("/old")) == Result("moved", moved_to=site.url("/mid"))


def test_a_page_that_moved_to_where_nothing_is_is_gone(start, here):
    site = start({"/old": status(301, Location="/nothing")})
    assert here(site).check(site.url("/old")).state == "gone"


def test_redirects_in_a_circle_end(start, here):
    site = start({"/a": status(301, Location="/b"), "/b": status(301, Location="/a")})
    assert here(site).check(site.url("/a")) == Result("failed", reason="it redirects more than 5 times")
    assert len(site.asked) == 6


def test_a_redirect_without_an_address_fails(start, here):
    site = start({"/a": status(302)})
    assert here(site).check(site.url("/a")).reason == "the server answered 302 without saying where to"


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://news.example/", "javascript:alert(1)"])
def test_a_redirect_to_what_is_not_a_web_address_is_not_followed(start, here, place):
    site = start({"/a": status(302, Location=place)})
    assert here(site).check(site.url("/a")).reason == "it leads on to what is not a web address"


def test_a_redirect_to_a_private_machine_is_not_followed(start, here):
    inner = start()
    outer = start({"/a": status(302, Location=inner.url("/", host="inner.example"))})
    names = {"news.example": ["127.0.0.1"], "inner.example": ["10.0.0.7"]}
    policy = replace(here(outer, inner).policy, resolve=lambda host, port: names[host])
    found = here(policy=policy).check(outer.url("/a"))
    assert found.reason == "it leads to a machine that is not on the public Internet"
    assert (outer.asked, inner.asked) == (["HEAD /a"], [])


def test_a_redirect_to_another_port_is_not_followed(start, here):
    inner = start()
    outer = start({"/a": status(302, Location=inner.url())})
    assert (
        here(outer).check(outer.url("/a")).reason == f"only the ports of the web are asked, not {inner.port}"
    )
    assert inner.asked == []


def test_a_name_is_checked_each_time_it_is_looked_up_and_connected_to_as_checked(start, here):
    """DNS rebinding: the name stands for a permitted machine first, and for another one ever after."""
    site = start({"/a": status(405)})
    answers = [["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]]
    policy = replace(here(site).policy, resolve=lambda host, port: answers.pop(0))
    found = here(policy=policy).check(site.url("/a"))
    assert found.reason == "it leads to a machine that is not on the public Internet"
    assert site.asked == ["HEAD /a"]
    assert len(answers) == 1, "one look-up for each request, none between the check and the connection"


def test_nothing_is_looked_up_after_the_check(start, here, monkeypatch):
    site, asked = start(), []
    real = socket.getaddrinfo

    def seen(host, *rest, **named):
        asked.append(host)
        return real(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", seen)
    assert here(site).check(site.url()).state == "ok"
    assert set(asked) <= {"127.0.0.1"}


def test_the_checker_in_force_asks_nothing_of_this_machine(start):
    site = start()
    usual = Checker("test", policy=replace(Policy(), ports=frozenset({site.port})))
    found = usual.check(f"http://127.0.0.1:{site.port}/")
    assert found == Result("failed", reason="it leads to a machine that is not on the public Internet")
    assert site.asked == []


def test_proxy_variables_are_ignored(start, here, monkeypatch):
    site, proxy = start(), start()
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url())
    assert here(site, proxy).check(site.url()).state == "ok"
    assert proxy.asked == []


def test_of_a_body_without_end_little_is_read(start, here):
    sent = 0

    def pour(request: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        request.send_response(200)
        request.end_headers()
        try:
            while sent < 500_000_000:
                sent += request.connection.send(b"x" * 65_536)
        except OSError:
            return

    site = start({"/a": by_method(HEAD=status(405), GET=pour)})
    assert here(site).check(site.url("/a")).state == "ok"
    assert sent < 50_000_000


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_drips_is_cut_off(start, here, first):
    def drip(request: BaseHTTPRequestHandler) -> None:
        try:
            request.connection.sendall(first)
            for _ in range(2_000):
                request.connection.sendall(b"x")
                done.wait(0.01)
        except OSError:
            return

    done = Event()
    site = start({"/a": by_method(HEAD=status(405), GET=drip)})
    found = here(site, seconds=0.3).check(site.url("/a"))
    done.set()
    assert found == Result("failed", reason="no full answer came within 0.3 seconds")


def test_a_server_that_says_nothing_is_cut_off(here, deaf):
    policy = Policy(frozenset({deaf}), lambda address: True, lambda host, port: ["127.0.0.1"])
    found = here(policy=policy, seconds=0.2).check(f"http://news.example:{deaf}/")
    assert found.state == "failed"


def test_a_server_that_takes_no_connection_fails_without_being_heard(here):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    policy = Policy(frozenset({port}), lambda address: True, lambda host, port: ["127.0.0.1"])
    found = here(policy=policy).check(f"http://news.example:{port}/")
    assert (found.state, found.reason, found.heard) == ("failed", "the server takes no connection", False)


def test_the_next_address_of_a_host_is_tried_when_the_first_cannot_be_reached(start, here):
    site = start()
    policy = replace(
        here(site).policy, permits=lambda address: True, resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"]
    )
    assert here(policy=policy).check(site.url()).state == "ok"


def test_what_is_not_http_fails(start, here):
    site = start({"/a": lambda request: request.connection.sendall(b"220 mail.example ESMTP\r\n")})
    found = here(site).check(site.url("/a"))
    assert (found.reason, found.heard) == ("its answer was not that of a web server", True)


def _server_side(certificate, names=None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if names is not None:
        context.sni_callback = lambda connection, name, _: names.append(name)
    return context


def test_a_secure_page_is_asked_under_its_name_with_its_certificate_checked(start, here, certificate):
    names: list[str] = []
    site = start(secure=_server_side(certificate, names))
    trusting = ssl.create_default_context(cafile=str(certificate))
    assert here(site, secure=trusting).check(site.url(scheme="https")).state == "ok"
    assert names == ["news.example"]


def test_a_certificate_that_nobody_vouches_for_fails(start, here, certificate):
    site = start(secure=_server_side(certificate))
    found = here(site).check(site.url(scheme="https"))
    assert found == Result("failed", reason="its certificate is not valid")
    assert site.asked == []


def test_a_certificate_of_another_name_fails(start, here, certificate):
    site = start(secure=_server_side(certificate))
    trusting = ssl.create_default_context(cafile=str(certificate))
    found = here(site, secure=trusting).check(site.url(scheme="https", host="other.example"))
    assert found == Result("failed", reason="its certificate is not valid")


def test_a_connection_is_not_begun_after_the_time_is_over():
    with Deadline(0.0) as deadline, socket.socket() as unused:
        while not deadline.is_over:
            pass
        with pytest.raises(TimeoutError):
            deadline.guard(unused)


def test_an_asker_reads_no_more_than_it_was_told(start, here):
    site = start({"/a": by_method(GET=status(200))})
    checker = here(site)
    target = checker.policy.target(site.url("/a"))
    asker = Asker("test", checker.secure, max_bytes=1)
    with Deadline(5) as deadline:
        assert asker.ask("GET", target, "127.0.0.1", deadline).status == 200
