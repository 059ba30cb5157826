"""The public change log and its feed: what changed, never who did it."""

import html
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from geoapp.batch import Batch, Change
from geoapp.cli.opening import fill_if_empty, open_store
from geoapp.config import Settings
from geoapp.web.app import create_app
from geoapp.web.readers.changes import Paging
from geoapp.web.readers.feed import NOT_XML

POST = "2019-08-24-georgian-post-established"
DRONE = "2019-09-01-drone-downed"
ATOM = "{http://www.w3.org/2005/Atom}"


def _text(answer):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def _commit(store, record, note):
    known = store.get_many([record.incident.id])
    change = Change(known[0] if known else None, record)
    about = {"author": "secret-author", "private_note": "secret-note", "file_name": "secret-file.csv"}
    return store.commit(
        Batch(changes=(change,), base_version=store.current().number, public_note=note, **about)
    )


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """A client on shipped data of which one record changed, one was retracted, one came and went again."""
    settings = Settings(instance_dir=tmp_path_factory.mktemp("busy"))
    store = open_store(settings, create=True)
    fill_if_empty(store, settings)
    post, drone = store.get(POST), store.get(DRONE)
    report = replace(post.incident.reports[0], notes="A new remark.")
    extra = replace(
        report, report_id=f"{POST}/99", source_url="https://example.org/added", source_title="Added"
    )
    reports = (report, *post.incident.reports[1:], extra)
    _commit(
        store, replace(post, incident=replace(post.incident, title="Post moved", reports=reports)), "Clearer."
    )
    _commit(
        store,
        replace(drone, incident=replace(drone.incident, status="retracted")),
        "Corrected by its publisher.",
    )
    fresh = replace(
        drone, incident=replace(drone.incident, id="2020-01-01-new", title="Passing title", reports=(report,))
    )
    _commit(store, fresh, "One more.")
    store.undo(store.batches()[0].id, author="secret-author", note="Taken out again.")
    yield create_app(settings).test_client()
    store.close()


def _change(client, number):
    return client.get(f"/changes/{number}")


def test_versions_stand_newest_first_with_date_note_and_counts(busy):
    answer = busy.get("/changes")
    numbers = [int(each) for each in re.findall(r'<article class="change" id="v(\d+)"', answer.text)]
    assert numbers == [6, 5, 4, 3, 2, 1]
    text = _text(answer)
    for note in ("Clearer.", "Corrected by its publisher.", "One more.", "Taken out again."):
        assert note in text
    assert "252 new" in text and "1 changed" in text and "1 removed" in text
    assert "Import taken back: version 5" in text


@pytest.mark.parametrize("address", ["/changes", "/changes/3", "/changes/4", "/changes/6", "/changes.atom"])
def test_nobody_learns_who_did_it_or_what_was_noted_in_private(busy, address):
    answer = busy.get(address)
    assert answer.status_code == 200 and "secret" not in answer.text


def test_a_change_is_told_field_by_field(busy):
    answer = _change(busy, 3)
    assert "<ins>Post moved</ins>" in answer.text
    assert "<del>Georgian police post set up between Chorchana and Tsnelisi</del>" in answer.text
    text = _text(answer)
    assert "report 1, notes" in text and "A new remark." in text
    assert (
        'href="https://example.org/added" target="_blank" rel="noopener noreferrer">Added</a>' in answer.text
    )
    assert f'href="/incidents/{POST}/v/2"' in answer.text
    assert "3 differences" in text


def test_a_retraction_is_told_as_one(busy):
    assert '<li class="is-retracted">' in _change(busy, 4).text


def test_a_removed_record_stands_with_its_reason_and_without_its_content(busy):
    for number in (5, 6):
        answer = _change(busy, number)
        assert "2020-01-01-new" in answer.text and "Passing title" not in answer.text
        assert "withdrawn by the editors" in answer.text
        assert 'href="/incidents/2020-01-01-new' not in answer.text
    assert "Passing title" not in busy.get("/changes").text


def test_differences_are_folded(busy):
    assert "<details" in busy.get("/changes").text
    assert "<details open" not in busy.get("/changes").text + _change(busy, 3).text


def test_the_first_reference_data_and_the_first_import_are_told(busy):
    assert "these are the first actors, categories, places and layers" in _change(busy, 1).text
    answer = _change(busy, 2)
    assert answer.text.count('<li class="is-new"><span') == 50
    assert 'href="/changes/2?offset=50"' in answer.text
    assert "51–100 of 252" in _text(busy.get("/changes/2?offset=50"))
    assert "The first 20 of 252 records" in _text(busy.get("/changes"))


@pytest.mark.parametrize("value", ["-1", "x", "10001", "1e3", "²"])
def test_a_bad_offset_is_refused_and_what_is_expected_is_said(busy, value):
    answer = busy.get("/changes", query_string={"offset": value})
    assert answer.status_code == 400 and "a whole number from 0 to 10000" in answer.text


def test_beyond_the_last_version_nothing_stands(busy):
    answer = busy.get("/changes?offset=100")
    assert answer.status_code == 200 and "No version stands so far back" in answer.text


@pytest.mark.parametrize(
    "address", ["/changes/0", "/changes/7", "/changes/2147483647", "/changes/2147483648", "/changes/x"]
)
def test_an_unknown_version_is_not_found(busy, address):
    assert busy.get(address).status_code == 404


def test_what_trackers_add_is_sent_to_the_clean_address(busy):
    answer = busy.get("/changes?utm_source=x")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/changes")


def _feed(client, query=""):
    answer = client.get(f"/changes.atom{query}")
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.data)


def test_the_feed_has_what_atom_asks_for(busy):
    root = _feed(busy)
    assert root.tag == f"{ATOM}feed"
    stamp = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1 and element.findtext(f"{ATOM}{name}")
        assert stamp.fullmatch(element.findtext(f"{ATOM}updated"))
        assert (
            element.find(f"{ATOM}link[@rel='alternate']").get("href").startswith("http://localhost/incidents")
        )
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == "http://localhost/changes.atom"
    ids = [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids)) == 50


def test_the_feed_begins_with_what_changed_last_and_tells_of_retractions(busy):
    entries = list(_feed(busy).iter(f"{ATOM}entry"))
    told = {
        entry.findtext(f"{ATOM}id").rpartition("/")[2]: entry.findtext(f"{ATOM}summary")
        for entry in entries[:2]
    }
    assert set(told) == {DRONE, POST}
    assert told[DRONE].startswith("Changed, version 2.") and "Retracted" in told[DRONE]
    assert entries[2].findtext(f"{ATOM}summary").startswith("New record.")
    updated = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert updated == sorted(updated, reverse=True)


def test_the_feed_takes_the_filters_of_the_list(busy):
    root = _feed(busy, "?category=drone&limit=3")
    assert {each.get("term") for each in root.iter(f"{ATOM}category")} == {"drone"}
    assert len(root.findall(f"{ATOM}entry")) == 3
    assert root.find(f"{ATOM}link[@rel='self']").get("href").endswith("/changes.atom?category=drone&limit=3")
    assert len(_feed(busy, "?limit=5000").findall(f"{ATOM}entry")) == 200
    assert [each.findtext(f"{ATOM}id") for each in _feed(busy, "?status=retracted").iter(f"{ATOM}entry")] == [
        f"http://localhost/incidents/{DRONE}"
    ]


def test_the_feed_refuses_a_bad_filter_and_drops_an_unknown_one(busy):
    assert busy.get("/changes.atom?category=nonsense").status_code == 400
    answer = busy.get("/changes.atom?utm_source=x")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/changes.atom")


def test_an_unchanged_feed_is_not_sent_again(busy):
    tag = busy.get("/changes.atom").headers["ETag"]
    assert busy.get("/changes.atom", headers={"If-None-Match": tag}).status_code == 304


def test_the_feed_of_hostile_texts_is_still_xml(hostile_app):
    answer = hostile_app.test_client().get("/changes.atom")
    titles = [
        each.findtext(f"{ATOM}title") for each in ElementTree.fromstring(answer.data).iter(f"{ATOM}entry")
    ]
    assert "<script>alert(1)</script><img src=x onerror=alert(1)>" in titles
    assert any("{{7*191}}" in title for title in titles)


def test_characters_that_xml_cannot_carry_are_found():
    assert NOT_XML.sub("?", "a\x00b\x0bc\ufffed\ud800e\tf\U0001f469") == "a?b?c?d?e\tf\U0001f469"


def test_pages_name_the_feed_and_the_list_its_own(busy):
    alternate = '<link rel="alternate" type="application/atom+xml"'
    assert alternate in busy.get("/changes").text
    listed = busy.get("/incidents?category=drone&sortby=title").text
    assert 'href="/changes.atom?category=drone">' in listed


@pytest.mark.parametrize(
    ("offset", "expected"), [(0, (1, 20, None, 20)), (20, (21, 40, 0, 40)), (40, (41, 45, 20, None))]
)
def test_paging(offset, expected):
    paging = Paging.of(offset, 20, 45)
    assert (paging.first, paging.last, paging.previous, paging.next) == expected


def test_an_empty_store_has_an_empty_log(tmp_path):
    settings = Settings(instance_dir=tmp_path)
    open_store(settings, create=True).close()
    client = create_app(settings).test_client()
    assert client.get("/changes").status_code == 200
    assert client.get("/changes.atom").status_code == 200
