import socket

import pytest

from geoapp.links.policy import NoNetwork, Policy, Refused, is_public, redirected, resolve


@pytest.mark.parametrize("address", ["8.8.8.8", "185.199.108.153", "2606:4700::6810:84e5"])
def test_machines_of_the_public_internet_may_be_asked(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.0.192",
        "168.63.129.16",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:8.8.8.8",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "localhost",
        "",
    ],
)
def test_private_local_reserved_and_disguised_machines_may_not(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "localhost", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]"]
)
def test_the_policy_in_force_refuses_this_machine_under_every_name(host):
    policy = Policy()
    with pytest.raises(Refused, match="public Internet|host name|web address"):
        policy.addresses(policy.target(f"http://{host}/"))


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    policy = Policy(resolve=lambda host, port: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(Refused, match="public Internet"):
        policy.addresses(policy.target("http://mixed.example/"))


@pytest.mark.parametrize("port", [22, 8080, 5000])
def test_other_ports_than_those_of_the_web_are_refused(port):
    with pytest.raises(Refused, match=f"not {port}"):
        Policy().target(f"http://news.example:{port}/")


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.example/", "gopher://a.example/", "http:///x", "x"]
)
def test_what_is_not_a_web_address_is_refused(url):
    with pytest.raises(Refused):
        Policy().target(url)


def test_names_and_paths_of_any_script_are_asked_in_ascii():
    target = Policy().target("https://bücher.example/статья 1?q=მთა#part".replace(" ", "%20"))
    assert target.host == "xn--bcher-kva.example"
    assert target.path == "/%D1%81%D1%82%D0%B0%D1%82%D1%8C%D1%8F%201?q=%E1%83%9B%E1%83%97%E1%83%90"
    assert (target.port, target.is_secure) == (443, True)


def test_a_path_that_is_quoted_already_stays_as_it_is():
    assert Policy().target("http://a.example/a%2Fb%20c;d?x=%26&y=1").path == "/a%2Fb%20c;d?x=%26&y=1"


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/new", "https://a.example/new"),
        ("//b.example/x#y", "https://b.example/x"),
        ("http://c.example/", "http://c.example/"),
        ("/с".encode().decode("latin-1"), "https://a.example/%D1%81"),
    ],
)
def test_redirects_are_resolved_against_the_page_that_sent_them(location, expected):
    assert redirected("https://a.example/old", location) == expected


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "javascript:alert(1)", "data:,x", "http://u:p@a.example/", "http://", "\xff"],
)
def test_redirects_to_anything_else_than_a_web_address_are_refused(location):
    with pytest.raises(Refused, match="not a web address"):
        redirected("https://a.example/old", location)


def test_a_name_server_that_does_not_answer_means_that_there_is_no_network(monkeypatch):
    def fail(*_: object, **__: object):
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(NoNetwork):
        resolve("news.example", 80)


def test_a_name_that_nobody_knows_is_a_fault_of_the_link(monkeypatch):
    def fail(*_: object, **__: object):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(Refused, match="not known"):
        resolve("news.example", 80)
