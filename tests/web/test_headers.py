"""What every answer carries: policy, validators, codings; and what none does: a cookie."""

import gzip

import brotli
import pytest

from geoapp.cli.opening import open_store
from geoapp.config import Settings
from geoapp.ingest import prepare, read_table
from geoapp.web.app import create_app
from tests.web.conftest import hostile_csv

INCIDENT = "/incidents/2019-08-24-georgian-post-established"
PAGES = ("/incidents", INCIDENT, "/methodology", "/checkpoints", "/places", "/changes", "/changes/1")
ALL = (*PAGES, "/", "/healthz", "/readyz", "/robots.txt", "/sitemap.xml", "/nope", "/incidents?category=x")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


@pytest.mark.parametrize("address", ALL)
def test_every_answer_is_protected_and_sets_no_cookie(client, address):
    answer = client.get(address)
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("address", PAGES)
def test_an_unchanged_page_is_not_sent_again(client, address):
    first = client.get(address, headers={"Accept-Encoding": "br"})
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    again = client.get(address, headers={"Accept-Encoding": "br", "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag and "Accept-Encoding" in again.vary
    other = client.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
    assert other.status_code == 200 and other.headers["ETag"] != tag


def test_the_validator_follows_the_address_and_the_settings(client, client_with):
    tags = {
        client.get("/incidents").headers["ETag"],
        client.get("/incidents?limit=5").headers["ETag"],
        client_with(contact="editors@example.org").get("/incidents").headers["ETag"],
    }
    assert len(tags) == 3


def test_the_validator_follows_the_data(tmp_path):
    settings = Settings(instance_dir=tmp_path)
    store = open_store(settings, create=True)
    client = create_app(settings).test_client()
    before = client.get("/incidents").headers["ETag"]
    store.commit(prepare(store, read_table(hostile_csv(), "hostile.csv")))
    answer = client.get("/incidents", headers={"If-None-Match": before})
    assert answer.status_code == 200 and answer.headers["ETag"] != before
    store.close()


@pytest.mark.parametrize(
    ("asked", "used", "undo"),
    [
        ("br, gzip", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("", None, bytes),
    ],
)
def test_pages_come_in_the_coding_that_the_reader_takes(client, asked, used, undo):
    answer = client.get("/methodology", headers={"Accept-Encoding": asked})
    assert answer.headers.get("Content-Encoding") == used
    assert "Accept-Encoding" in answer.vary
    assert undo(answer.data).decode().startswith("<!doctype html>")


@pytest.mark.parametrize("address", ALL)
def test_head_says_what_get_says_without_a_body(client, address):
    asked, read = client.head(address), client.get(address)
    assert asked.status_code == read.status_code and asked.data == b""
    assert asked.headers.get("Content-Length") == read.headers.get("Content-Length")


def test_only_trusted_hosts_are_answered(client_with):
    client = client_with(trusted_hosts=("map.example.org",))
    assert client.get("/methodology", headers={"Host": "map.example.org"}).status_code == 200
    assert client.get("/methodology", headers={"Host": "evil.example"}).status_code == 400


def test_forwarding_headers_are_believed_from_as_many_proxies_as_are_set(client, client_with):
    forwarded = {"X-Forwarded-Host": "map.example.org", "X-Forwarded-Proto": "https"}
    address = "https://map.example.org/sitemap.xml"
    assert address not in client.get("/robots.txt", headers=forwarded).text
    assert address in client_with(trusted_proxies=1).get("/robots.txt", headers=forwarded).text
