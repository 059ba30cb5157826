"""Whether a source's link works, beside the source for readers and as a list for editors."""

import re
from datetime import UTC, datetime

import pytest

from geoapp import links
from geoapp.cli.opening import open_store
from geoapp.config import Settings
from geoapp.ingest import prepare, read_table
from geoapp.links import Result
from geoapp.users import Users
from geoapp.web.app import create_app

DAY = datetime(2026, 11, 3, 9, tzinfo=UTC)
FILE = b"""id,date,date_precision,title,summary,category,place,location_precision,actors,\
source_url,source_publisher,source_language,statement
post,2019-08-24,day,Post seen,Seen.,post_established,Chorchana,village,GE_GOV,\
https://a.example/1,Example,en,Says so.
post,,,,,,,,,https://a.example/2,Example,en,Says so too.
post,,,,,,,,,https://a.example/3,Example,en,Says so as well.
post,,,,,,,,,https://a.example/4,Example,en,Says more.
post,,,,,,,,,https://a.example/5,Example,en,Says the most.
"""
PASSWORD = "three plain words here"


@pytest.fixture
def site(tmp_path):
    """An application whose five links are each in another state, and its store."""
    settings = Settings(instance_dir=tmp_path)
    with open_store(settings, create=True) as store:
        store.commit(prepare(store, read_table(FILE, "x.csv"), public_note="x"))
        links.save(store, "https://a.example/1", Result("ok"), DAY)
        links.save(store, "https://a.example/2", Result("moved", moved_to="https://b.example/new"), DAY)
        links.save(store, "https://a.example/3", Result("gone", reason="the server answered 404"), DAY)
        links.save(store, "https://a.example/4", Result("failed", reason="the server answered 403"), DAY)
        Users(store).add("ana", "editor", PASSWORD)
        yield create_app(settings), store


@pytest.fixture
def reader(site):
    return site[0].test_client()


@pytest.fixture
def editor(site):
    """A client in which an editor is signed in."""
    client = site[0].test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/edit/sign-in").text).group(1)
    form = {"csrf_token": token, "name": "ana", "password": PASSWORD}
    assert client.post("/edit/sign-in", data=form).status_code == 303
    return client


def _words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


@pytest.mark.parametrize("path", ["/incidents/post", "/incidents/key/{key}"])
def test_the_state_and_the_day_of_the_check_stand_beside_each_source(site, reader, path):
    answer = reader.get(path.format(key=site[1].get("post").key))
    for words in (
        "link checked 3 Nov 2026: works",
        "link checked 3 Nov 2026: moved to another address",
        "link checked 3 Nov 2026: the page is gone",
        "link checked 3 Nov 2026: no page came",
        "link not checked",
    ):
        assert _words(answer).count(words) == 1


def test_a_page_that_a_reader_holds_is_new_after_a_check(site, reader):
    tag = reader.get("/incidents/post").headers["ETag"]
    assert reader.get("/incidents/post", headers={"If-None-Match": tag}).status_code == 304
    links.save(site[1], "https://a.example/5", Result("ok"))
    assert reader.get("/incidents/post", headers={"If-None-Match": tag}).status_code == 200


def test_the_list_of_links_is_for_editors(reader):
    answer = reader.get("/edit/links")
    assert answer.status_code in (302, 303)
    assert "/edit/sign-in" in answer.headers["Location"]


def test_editors_begin_with_what_they_can_mend_and_see_how_many_are_in_each_state(editor):
    text = _words(editor.get("/edit/links"))
    assert "3 links to look at" in text
    assert "Gone 1 No page came 1 Moved 1 Not checked 1 Work 1" in text
    assert "https://a.example/3" in editor.get("/edit/links").text
    assert "the server answered 404" in text


@pytest.mark.parametrize(
    ("state", "shown"), [("ok", "1"), ("moved", "2"), ("gone", "3"), ("failed", "4"), ("not_checked", "5")]
)
def test_the_list_is_filtered_by_state(editor, state, shown):
    text = editor.get(f"/edit/links?state={state}").text
    assert set(re.findall(r">a\.example/(\d)<", text)) == {shown}


def test_each_link_names_its_incident_and_where_an_archived_copy_would_be(editor):
    text = editor.get("/edit/links?state=gone").text
    assert "Post seen" in text
    assert "https://web.archive.org/web/20190824/https://a.example/3" in text


def test_where_a_link_moved_to_is_said(editor):
    assert 'href="https://b.example/new"' in editor.get("/edit/links?state=moved").text


LONG = "9" * 5000


@pytest.mark.parametrize("query", ["state=lost", "offset=-1", "offset=10001", "offset=x", f"offset={LONG}"])
def test_a_bad_word_of_the_address_is_told(editor, query):
    answer = editor.get(f"/edit/links?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.text


def test_a_data_set_without_any_check_says_so(tmp_path):
    settings = Settings(instance_dir=tmp_path)
    with open_store(settings, create=True) as store:
        store.commit(prepare(store, read_table(FILE, "x.csv"), public_note="x"))
        assert links.count(store) == {"not_checked": 5}
    text = create_app(settings).test_client().get("/incidents/post").text
    assert text.count("link not checked") == 5
