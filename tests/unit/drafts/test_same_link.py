"""Addresses that are one link, whatever was added on the way, and those that are not."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.drafts.same_link import host_of, link_key
from geoapp.kinds import parse_url
from tests.unit.drafts.conftest import ROW
from tests.unit.drafts.test_likeness import FAR, likenesses, stored  # noqa: F401

WORD = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789-_", min_size=1, max_size=8)
HOSTS = st.builds(lambda name, end: f"{name}.{end}", WORD, st.sampled_from(["org", "ge", "example.com"]))
# A key that begins with utm_ is a campaign's, and "www" alone would be taken for the prefix.
NAMES = WORD.filter(lambda word: not word.lower().startswith("utm"))
PAGES = st.tuples(
    HOSTS.map(str.lower).filter(lambda host: not host.startswith("www.")),
    st.lists(WORD, max_size=3).map(lambda parts: "".join(f"/{part}" for part in parts)),
    st.lists(st.builds("{}={}".format, NAMES, WORD), max_size=3),
)
DRESSES = st.tuples(
    st.sampled_from(["http://", "https://"]),
    st.sampled_from(["", "www.", "WWW."]),
    st.booleans(),
    st.booleans(),
    st.lists(st.builds("utm_{}={}".format, WORD, WORD), max_size=2),
    st.one_of(st.just(""), WORD.map("#{}".format)),
)


def dressed(page, dress):
    host, path, asked = page
    scheme, www, loud, slash, campaign, fragment = dress
    query = "&".join([*campaign[:1], *asked, *campaign[1:]])
    end = "/" if slash else ""
    return f"{scheme}{www}{host.upper() if loud else host}{path}{end}{'?' if query else ''}{query}{fragment}"


@given(PAGES, DRESSES, DRESSES)
def test_what_is_added_on_the_way_makes_no_other_link(page, one, other):
    first, second = (parse_url(dressed(page, dress)) for dress in (one, other))
    assert link_key(first) == link_key(second)


@given(PAGES, PAGES, DRESSES)
def test_other_pages_are_other_links(one, other, dress):
    same = (one[0], one[1], one[2]) == (other[0], other[1], other[2])
    assert (link_key(dressed(one, dress)) == link_key(dressed(other, dress))) == same


@given(PAGES, DRESSES)
def test_the_key_of_a_key_is_the_same_and_its_host_is_in_the_address(page, dress):
    address = dressed(page, dress)
    key = link_key(address)
    assert link_key(f"https://{key}") == key
    assert host_of(key) in address.lower()
    assert host_of(key) == page[0] == urlsplit(f"https://{key}").netloc


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://example.org:80/a", "https://example.org:443/a/", True),
        ("https://example.org:8443/a", "https://example.org/a", False),
        ("https://example.org/#!/one", "https://example.org/#!/two", False),
        ("https://example.org/a?id=1", "https://example.org/a?id=2", False),
        ("https://example.org/A", "https://example.org/a", False),
        ("https://example.org/?UTM_source=x", "http://www.example.org", True),
    ],
)
def test_single_cases(one, other, same):
    assert (link_key(one) == link_key(other)) is same


@pytest.mark.parametrize(
    "address", ["http://www.Example.org/1/?utm_source=mail#top", "https://example.org/1"]
)
def test_a_record_with_the_same_link_is_a_possible_duplicate(stored, drafts, address):  # noqa: F811
    (found,) = likenesses(stored, drafts, FAR | {"source_url": address})
    assert found.stored.incident.id == ROW["id"]
    assert found.reason == "same source address as a stored incident"


def test_many_hosts_are_looked_for_all_the_same(stored, drafts):  # noqa: F811
    rows = [
        FAR | {"id": f"2020-05-01-{at}", "title": f"Else {at}", "source_url": f"https://h{at}.example.org/"}
        for at in range(60)
    ]
    rows[-1]["source_url"] = "http://example.org/1/"
    (found,) = likenesses(stored, drafts, *rows)
    assert found.new.id == "2020-05-01-59"
