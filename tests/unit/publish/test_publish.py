"""The folder: what stands in it, what a second run changes, and what a run that is cut off leaves."""

import errno
import gzip
import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

import brotli
import pytest

from geoapp.errors import NoRoom, SettingRefused, StoreFailed
from geoapp.publish import PublishRefused, publish
from geoapp.publish.folder import LIST, Folder
from tests.unit.publish.conftest import AUTHOR, PRIVATE

HASHED = re.compile(r"^(static/|map/chunks/|map/layers/|search/files/)")


def _files(site):
    return {
        path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()
    }


class _Addresses(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        names = {"href", "src", "action"} if tag != "link" else {"href"}
        self.found += [value for name, value in attrs if name in names and value]


def _addresses(text):
    parser = _Addresses()
    parser.feed(text)
    return parser.found


def _answers(files, address):
    """Whether a file server answers an address: a file, or the page of a folder."""
    path = unquote(urlsplit(address).path).removeprefix("/")
    return path in files or f"{path.rstrip('/')}/index.html".lstrip("/") in files


def test_every_address_of_every_page_is_relative_or_elsewhere_and_leads_to_a_file(first, site):
    assert first.told.failed == ()
    files = _files(site)
    pages = [name for name in files if name.endswith("index.html")]
    assert {"index.html", "ka/index.html", "ru/incidents/2019-08-24-post/index.html"} <= set(pages)
    dead = []
    for name in pages:
        for address in _addresses(files[name].decode()):
            if re.match(r"https?:|mailto:|#|data:", address):
                continue
            assert not address.startswith("/"), (name, address)
            if not _answers(files, urljoin(f"http://site/{name}", address)):
                dead.append((name, address))
    assert dead == []


def test_pages_carry_the_policy_and_the_headers_file_who_may_frame(site):
    for page in site.rglob("index.html"):
        text = page.read_text(encoding="utf-8")
        policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', text)[1]
        assert "default-src 'none'" in policy
        assert "frame-ancestors" not in policy
    headers = (site / "_headers").read_text()
    framed = re.findall(r"^(/\S*)\n  Content-Security-Policy: frame-ancestors 'none'", headers, re.MULTILINE)
    assert "/sub/ka/incidents/*" in framed
    assert not any("embed" in path for path in framed)
    assert "/sub/static/*\n  Cache-Control: public, max-age=31536000, immutable" in headers


def test_every_text_has_twins_that_say_the_same(site):
    files = _files(site)
    packed = [name for name in files if name.endswith(".br")]
    assert {"index.html.br", "map/manifest.json.br"} <= set(packed)
    for name in packed:
        plain = files[name.removesuffix(".br")]
        assert brotli.decompress(files[name]) == plain
        assert gzip.decompress(files[f"{name.removesuffix('.br')}.gz"]) == plain


def test_no_editor_and_no_private_note_is_in_any_file(site):
    for name, content in _files(site).items():
        if not name.endswith((".br", ".gz")):
            for secret in (AUTHOR, "Secretname", PRIVATE):
                assert secret.encode() not in content, name


def test_text_of_people_is_never_run_and_never_markup(published, site, source):
    source.save(("2019-08-27-x", "2019-08-27", '<b href=""/incidents/"" src=/x>'))
    published()
    text = (site / "incidents/2019-08-27-x/index.html").read_text(encoding="utf-8")
    assert '<b href="' not in text
    assert "1337" not in (site / "incidents/2019-08-24-post/index.html").read_text(encoding="utf-8")


def test_a_second_run_changes_nothing(published, site):
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}
    content = _files(site)
    again = published()
    assert again.written.changed == again.written.removed == 0
    assert _files(site) == content
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()} == before


def test_after_one_change_only_what_tells_of_it_is_rewritten(published, site, source):
    before = _files(site)
    source.save(("2019-08-25-talks", "2019-08-25", "Talks held elsewhere"))
    published()
    after = _files(site)
    changed = {
        name for name in after if before.get(name) != after[name] and not name.endswith((".br", ".gz"))
    }
    assert "incidents/2019-08-25-talks/index.html" in changed
    assert "ka/incidents/2019-08-25-talks/v/1/index.html" in changed
    assert "search/index.json" in changed
    others = {name for name in changed if re.search(r"incidents/2019-08-2[46]", name)}
    assert others == set()
    alike = ("static/", "map/layers/", "places/", "checkpoints/", "stories/")
    assert [name for name in changed if name.startswith(alike)] == []
    # What readers of the old pages may still ask for stays.
    assert {name for name in before if HASHED.match(name)} <= set(after)


def test_hashed_files_stay_for_three_versions(published, site, source):
    first = {name for name in _files(site) if name.startswith("search/files/rows-en")}
    for number in range(4):
        assert first <= set(_files(site)), number
        source.save(("2019-08-25-talks", "2019-08-25", f"Talks told anew {number}"))
        published()
    assert not first & set(_files(site))


def test_what_was_redacted_leaves_the_older_files_too(published, site, source):
    source.save(("2019-08-25-talks", "2019-08-25", "Talks with Somebodysname"))
    published()
    source.store.redact("2019-08-25-talks", "title", reason="A private person")
    published()
    for name, content in _files(site).items():
        plain = brotli.decompress(content) if name.endswith(".br") else content
        assert b"Somebodysname" not in plain, name
        assert b"somebodysname" not in plain, name


def test_a_run_that_is_cut_off_leaves_the_old_site_or_whole_pages_and_the_next_mends_it(
    published, site, source, monkeypatch
):
    before = _files(site)
    source.save(("2019-08-25-talks", "2019-08-25", "Talks held elsewhere"))
    moved = []
    move = Folder._move

    def cut_off(folder):
        staged, folder._staged = folder._staged, sorted(folder._staged)[: len(folder._staged) // 2]
        moved.extend(folder._staged)
        move(folder)
        folder._staged = staged
        raise KeyboardInterrupt

    monkeypatch.setattr(Folder, "_move", cut_off)
    with pytest.raises(KeyboardInterrupt):
        published()
    between = _files(site)
    assert {name for name in before if HASHED.match(name)} <= set(between)
    assert moved
    monkeypatch.undo()
    published()
    whole = _files(site)
    assert b"Talks held elsewhere" in whole["incidents/2019-08-25-talks/index.html"]
    assert published().written.changed == 0


def test_a_full_disk_is_told_and_leaves_the_old_site(published, site, source, monkeypatch):
    before = _files(site)
    source.save(("2019-08-25-talks", "2019-08-25", "Talks held elsewhere"))
    stage, staged = Folder._stage, []

    def half(folder, name, content):
        if len(staged) > 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        staged.append(name)
        stage(folder, name, content)

    monkeypatch.setattr(Folder, "_stage", half)
    with pytest.raises(NoRoom, match=f"the disk that holds {site} is full"):
        published()
    assert _files(site) == before
    monkeypatch.undo()
    published()
    assert b"Talks held elsewhere" in _files(site)["incidents/2019-08-25-talks/index.html"]


def test_files_of_others_are_never_touched(published, site):
    (site / "CNAME").write_text("map.example.org")
    (site / "notes").mkdir()
    (site / "notes" / "mine.txt").write_text("mine")
    published()
    assert (site / "CNAME").read_text() == "map.example.org"
    assert (site / "notes" / "mine.txt").read_text() == "mine"


def test_where_a_file_of_others_stands_nothing_is_changed(source, tmp_path):
    site = tmp_path / "other"
    (site / "methodology").mkdir(parents=True)
    (site / "methodology" / "index.html").write_text("mine")
    with pytest.raises(PublishRefused, match="not made by publish"):
        publish(source.settings, site)
    assert _files(site) == {"methodology/index.html": b"mine"}


def test_without_a_contact_nothing_is_published(source, tmp_path):
    site = tmp_path / "other"
    with pytest.raises(SettingRefused, match="GEOAPP_CONTACT"):
        publish(replace(source.settings, contact=""), site)
    assert not site.exists()


def test_where_there_is_no_store_none_is_made_and_published(source, tmp_path):
    site, nowhere = tmp_path / "other", tmp_path / "nowhere.sqlite"
    with pytest.raises(StoreFailed, match="no database at"):
        publish(replace(source.settings, database_url=f"sqlite:///{nowhere}"), site)
    assert not nowhere.exists()
    assert not site.exists()


def test_without_its_address_what_needs_one_is_left_out(source, site):
    publish(replace(source.settings, base_url=""), site)
    files = _files(site)
    assert "changes.atom" not in files
    assert "sitemap.xml" not in files
    for name, content in files.items():
        if name.endswith(".html"):
            assert b'rel="canonical" href="http' not in content, name
            assert b"changes.atom" not in content, name
    assert LIST in files


def test_feed_and_site_map_name_pages_as_they_are_published(site):
    files = _files(site)
    for name in ("changes.atom", "ka/changes.atom", "sitemap.xml"):
        addresses = re.findall(r'https://map\.example\.org/sub(/[^\s"<]*)', files[name].decode())
        assert addresses, name
        for address in addresses:
            assert _answers(files, address), (name, address)
