"""What only a server has: it stops and starts, lets people in or not, and serves many at once."""

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import event, make_url, text

from geoapp import reference
from geoapp.batch import Batch, Change
from geoapp.config import resource
from geoapp.errors import Conflict, NotFound, SettingRefused, StoreFailed
from geoapp.query import Filters
from geoapp.store import Store
from tests import engines
from tests.postgres import server
from tests.unit.store.building import a_record, a_report, put

pytestmark = pytest.mark.postgres


@pytest.fixture
def address(tmp_path):
    return engines.address(tmp_path)


@pytest.fixture
def store(address):
    with Store.open(address) as opened:
        opened.save_reference(reference.read(resource("data")))
        yield opened


def say(address, statement):
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement.encode())


def test_a_server_that_is_stopped_is_told_and_one_that_is_back_goes_on():
    with server.running() as own:
        address = own.address(server.READY)
        with Store.open(address) as store:
            store.save_reference(reference.read(resource("data")))
            put(store, a_record("post-1"))
            before = store.current()
            own.stop()
            for ask in (store.current, lambda: store.ids(Filters()), lambda: put(store, a_record("post-2"))):
                with pytest.raises(StoreFailed, match="server cannot be reached.*nothing was changed"):
                    ask()
            with pytest.raises(StoreFailed, match="server cannot be reached"):
                Store.open(address)
            own.start()
            assert store.current() == before
            assert put(store, a_record("post-2")).incidents == 2


def test_a_server_that_stops_in_the_middle_of_a_commit_keeps_nothing_of_it():
    with server.running() as own, Store.open(own.address(server.READY)) as store:
        store.save_reference(reference.read(resource("data")))
        before = store.current()

        def stop(connection, version):
            own.stop()

        batch = Batch(changes=(Change(None, a_record("post-1")),), base_version=before.number)
        with pytest.raises(StoreFailed):
            store.commit(batch, together=stop)
        own.start()
        assert (store.current(), store.ids(Filters())) == (before, [])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "wrong"}, "does not let this user in"),
        ({"username": "nobody"}, "does not let this user in"),
        ({"database": "none_such"}, "no such database"),
        ({"port": 1}, "server cannot be reached"),
    ],
)
def test_who_is_not_let_in_is_told_why_without_the_password(change, sentence):
    url = make_url(engines.SERVER).set(**{"database": "geoapp_bare"} | change)
    with pytest.raises(StoreFailed, match=sentence) as caught:
        Store.open(url.render_as_string(hide_password=False), create=False)
    assert url.password not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["postgresql://", "postgresql+psycopg2://a@b/c", "postgresql+asyncpg://b/c"]
)
def test_addresses_that_cannot_be_used_are_refused(address):
    with pytest.raises(SettingRefused, match=r"^GEOAPP_DATABASE_URL: expected .* postgresql\+psycopg://"):
        Store.open(address)


def test_a_database_without_postgis_says_what_its_owner_has_to_do():
    # Who may not make the extension has to be told; who may, has it made.
    for statement in (
        "DROP DATABASE IF EXISTS plain",
        "DROP ROLE IF EXISTS plain",
        "CREATE ROLE plain LOGIN PASSWORD 'plain'",
        "CREATE DATABASE plain OWNER plain",
    ):
        say(engines.SERVER, statement)
    url = make_url(engines.SERVER).set(username="plain", password="plain", database="plain")
    plain = url.render_as_string(hide_password=False)
    with pytest.raises(StoreFailed, match="CREATE EXTENSION postgis"):
        Store.open(plain)
    known = make_url(engines.SERVER).set(database="plain").render_as_string(hide_password=False)
    say(known, "CREATE EXTENSION postgis")
    with Store.open(plain) as store:
        assert store.current().number == 0
        store.save_reference(reference.read(resource("data")))
        put(store, a_record("post-1", summary="Names Qwertzuiop."))
        store.redact("post-1", "summary", reason="x")
        assert store.get("post-1").incident.summary == "[redacted]"


def test_two_stores_in_one_database_are_schemas_and_do_not_wait_for_each_other(address, store):
    say(address, "CREATE SCHEMA other")
    with Store.open(f"{address}?options=-csearch_path%3Dother,public") as other:
        assert (other.current().number, store.current().number) == (0, 1)
        other.save_reference(store.reference())
        with store.writing():
            put(other, a_record("post-1"))
        assert (other.ids(Filters(q="post")), store.ids(Filters())) == (["post-1"], [])
        put(other, a_record("post-2"))
        other.redact("post-1", reason="x")
        assert (other.ids(Filters()), store.current().number) == (["post-2"], 1)


def test_redacting_says_when_somebody_can_still_see_what_was_taken_out(store, monkeypatch):
    monkeypatch.setattr("geoapp.store.dialect.base.BUSY_TIMEOUT_S", 1)
    put(store, a_record("post-1", summary="Names Qwertzuiop."))
    with store.reading() as connection:
        connection.execute(text("SELECT 1")).all()  # a snapshot, and no lock on any table
        with pytest.raises(StoreFailed, match="redacted, but traces .*another process is reading"):
            store.redact("post-1", "summary", reason="x")
    with store.reading() as connection:
        connection.execute(text("SELECT id FROM incidents")).all()
        with pytest.raises(StoreFailed, match="redacted, but traces .*another process is reading"):
            store.redact("post-1", "title", reason="x")
    assert store.get("post-1").incident.title == "[redacted]"


def test_the_names_in_use_are_read_in_one_pass_each(store):
    """Step by step each of them cost a pass over all links: 130 passes at 100,000 records."""
    put(store, *(a_record(f"post-{number}") for number in range(3)))
    asked = []
    event.listen(store._database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert store.vocabulary().codes["publisher"] == {"Example": "Example"}
    of_links = [each for each in asked if "incident_links" in each]
    assert len(of_links) == 2
    assert not any("RECURSIVE" in each for each in of_links)


def test_only_one_of_many_writers_makes_a_version(address, store):
    """Each prepared its change against the same version."""
    base = store.current().number

    def write(number):
        with Store.open(address) as own:
            change = Change(None, a_record(f"post-{number}"))
            try:
                return own.commit(Batch(changes=(change,), base_version=base)).number
            except Conflict:
                return None

    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(write, range(6)))
    assert sorted(made, key=str) == [base + 1, None, None, None, None, None]
    assert store.current().number == base + 1
    assert store.count(Filters()) == 1


def test_a_question_that_takes_too_long_is_told(address, monkeypatch):
    monkeypatch.setattr("geoapp.store.dialect.postgresql.STATEMENT_TIMEOUT_S", 1)
    with Store.open(address) as store:
        begun = time.monotonic()
        with pytest.raises(StoreFailed, match="took too long"), store.reading() as connection:
            connection.execute(text("SELECT pg_sleep(30)"))
        assert time.monotonic() - begun < 20
        with store.writing() as connection:  # a commit may take its time
            connection.execute(text("SELECT pg_sleep(1.2)"))


def test_texts_of_any_length_are_stored_and_found(store):
    """Beyond what an index of the server takes, in letters that no compression makes short."""
    letters = "".join(chr(0x10D0 + (number * number * 7 + number // 3) % 33) for number in range(20_000))
    told = a_report(report_id="long/1", source_publisher=letters, statement="Said.")
    put(
        store,
        a_record("long", place=letters, title=letters[::-1], joined={"place_id": None}, reports=(told,)),
    )
    assert store.ids(Filters(publisher=(letters,))) == ["long"]
    assert store.ids(Filters(place=(letters,))) == ["long"]
    assert store.ids(Filters(q=letters[:400])) == ["long"]
    assert store.ids(Filters(q=letters[1:400])) == []


def test_an_incident_of_more_words_than_the_server_takes_is_stored(store):
    def said(first):
        return " ".join(f"{number:x}წყალი" for number in range(first, first + 2_000))

    told = tuple(
        a_report(
            report_id=f"much/{number}",
            source_url=f"https://example.org/{number}",
            statement=said(2_000 * number),
        )
        for number in range(40)
    )
    put(store, a_record("much", reports=told))
    assert store.ids(Filters(q="post")) == ["much"]


def test_what_no_column_can_hold_names_nothing(store):
    put(store, a_record("post-1"))
    for ask in (
        lambda: store.by_key(2**70),
        lambda: store.version("post-1", 2**40),
        lambda: store.logged(2**40),
        lambda: store.get("post\0"),
    ):
        with pytest.raises(NotFound):
            ask()


def test_other_programs_find_the_points(store):
    put(store, a_record("post-1"), a_record("post-2", joined={"longitude": None, "latitude": None}))
    with store.reading() as connection:
        asked = text("SELECT id, ST_AsText(point), ST_SRID(point) FROM incidents ORDER BY id")
        found = [tuple(row) for row in connection.execute(asked)]
        known = connection.execute(text("SELECT type, srid FROM geometry_columns")).all()
    assert found == [("post-1", "POINT(43.6 42.2)", 4326), ("post-2", None, None)]
    assert [tuple(row) for row in known] == [("POINT", 4326)]
