"""Redacting: what was taken out is nowhere any more, neither in any answer nor in the files."""

import brotli
import orjson
import pytest

from geoapp.columns import decode
from geoapp.errors import BadParameters, Conflict, DataRefused, Gone, NotFound
from geoapp.query import Filters
from tests import engines
from tests.unit.store.building import a_record, a_report, changed, put

SECRET = "Qwertzuiopa"
PLACE = "Xylophonia"


def files_hold(store, tmp_path, text):
    """Whether a file of the database holds the text, in any case, while the store is still open."""
    if engines.SERVER:
        held = relations(store)
    else:
        held = [each.read_bytes() for each in tmp_path.iterdir() if each.name.startswith("store.sqlite3")]
    assert held
    return any(text.lower().encode() in each.lower() for each in held)


def relations(store):
    """The bytes of every table and index of a PostgreSQL database as they lie on the disk."""
    asked = (
        "SELECT pg_read_binary_file(path, 0, 100000000, true) FROM pg_class, pg_relation_filepath(oid) path "
        "WHERE path IS NOT NULL AND (oid = 'pg_statistic'::regclass OR "
        "relnamespace IN ('public'::regnamespace, 'pg_toast'::regnamespace))"
    )
    with store._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        return [bytes(each or b"") for each in connection.exec_driver_sql(asked).scalars()]


@pytest.fixture
def told(store):
    """A record with two reports that names somebody in every version, beside others."""
    first = a_report(report_id="post-1/1", statement=f"Names {SECRET}.", source_title=SECRET)
    other = a_report(
        report_id="post-1/2",
        source_url="https://example.org/2",
        source_publisher="Other",
        attributed_to="SO_GOV",
        claimed_place=PLACE,
    )
    others = [a_record(f"other-{number}") for number in range(200)]
    put(store, a_record("post-1", summary=f"They took {SECRET}.", reports=(first, other)), *others)
    put(store, changed(store.get("post-1"), title=f"About {SECRET}"))
    put(store, changed(store.get("post-1"), title="About a man"))
    return store


def test_a_field_is_overwritten_in_every_version(told):
    told.redact("post-1", "summary", reason="A private person", author="A. Admin")
    history = told.history("post-1")
    assert [each.record.incident.summary for each in history] == ["[redacted]"] * 4
    assert [each.record.incident.title for each in history[1:]] == [
        f"About {SECRET}",
        "About a man",
        "About a man",
    ]
    assert told.ids(Filters(q="took")) == []


def test_the_log_says_that_something_was_redacted_and_why_but_not_what(told):
    told.redact("post-1", "title", reason="A private person", author="A. Admin")
    batch = told.batches()[0]
    assert (batch.kind, batch.public_note) == ("redact", "A value was redacted: A private person")
    (change,) = told.record_changes(batch.id, 10)
    assert change.id == "post-1"
    assert f"About {SECRET}" not in str([told.record_changes(each.id, 300) for each in told.batches()])


@pytest.mark.parametrize("field", ["statement", "source_title"])
def test_a_report_s_field_goes_from_one_report_or_from_all(told, field):
    told.redact("post-1/2", field, reason="x")
    assert SECRET in str(getattr(told.get("post-1").incident.reports[0], field))
    told.redact("post-1", field, reason="x")
    reports = [report for each in told.history("post-1") for report in each.record.incident.reports]
    gone = {"statement": "[redacted]", "source_title": None}[field]
    assert {getattr(report, field) for report in reports} == {gone}


def test_nothing_is_left_in_the_files(told, tmp_path):
    assert files_hold(told, tmp_path, SECRET)
    told.redact("post-1", "summary", reason="x")
    told.redact("post-1", "title", reason="x")
    told.redact("post-1/1", reason="x")
    assert not files_hold(told, tmp_path, SECRET)
    assert files_hold(told, tmp_path, PLACE)


def test_a_report_leaves_every_version_and_its_number_is_never_given_again(told):
    told.redact("post-1/2", reason="x")
    for version in told.history("post-1"):
        assert [report.report_id for report in version.record.incident.reports] == ["post-1/1"]
    record = told.get("post-1")
    assert record.joined.parties == ("georgian_authorities",)
    assert told.ids(Filters(publisher=("Other",))) == []
    assert told.used_reports(["post-1"])["post-1"]["post-1/2"] == ""
    put(
        told,
        changed(record, reports=(*record.incident.reports, a_report(source_url="https://example.org/3"))),
    )
    assert told.get("post-1").incident.reports[-1].report_id == "post-1/3"


def test_the_only_report_cannot_go_without_its_record(told):
    told.redact("post-1/1", reason="x")
    with pytest.raises(Conflict, match="whole record"):
        told.redact("post-1/2", reason="x")


def test_a_whole_record_answers_gone_and_no_version_holds_it(told, tmp_path):
    told.redact("post-1", reason="A minor")
    with pytest.raises(Gone) as caught:
        told.get("post-1")
    assert caught.value.reason == "redacted by the editors: A minor"
    assert {each.record for each in told.history("post-1", removed=True)} == {None}
    assert not files_hold(told, tmp_path, SECRET)
    assert told.current().incidents == 200
    assert told.batches()[0].removed_count == 1


def test_a_redacted_record_never_comes_back(told):
    first = told.batches()[2].id
    told.redact("post-1", reason="x")
    with pytest.raises(DataRefused, match="redacted"):
        put(told, a_record("post-1"))
    with pytest.raises(Conflict):
        told.restore("post-1", 1)
    told.undo(first)
    with pytest.raises(Gone):
        told.get("post-1")
    assert told.current().incidents == 0


def test_a_redaction_is_not_undone(told):
    told.redact("post-1", "summary", reason="x")
    with pytest.raises(Conflict, match="redacted"):
        told.undo(told.batches()[0].id)


def test_undoing_a_batch_before_it_brings_no_redacted_value_back(told):
    second = told.batches()[1].id
    told.redact("post-1", "summary", reason="x")
    told.undo(second, decisions={"post-1": "undo"})
    assert told.get("post-1").incident.summary == "[redacted]"


def test_a_removed_record_can_be_redacted_and_stays_removed(store, tmp_path):
    put(store, a_record("post-1", summary=SECRET))
    store.undo(store.batches()[0].id)
    reason = _reason(store)
    store.redact("post-1", "summary", reason="x")
    assert _reason(store) == reason
    assert not files_hold(store, tmp_path, SECRET)
    store.restore("post-1", 1)
    assert store.get("post-1").incident.summary == "[redacted]"


def _reason(store):
    with pytest.raises(Gone) as caught:
        store.get("post-1")
    return caught.value.reason


def test_a_place_goes_from_the_map_and_from_all_kept_manifests(store, tmp_path):
    put(store, a_record("post-1", place=PLACE, joined={"place_id": None, "longitude": 43.123456}))
    put(store, a_record("post-2"))
    old = [chunk[0] for chunk in orjson.loads(store.manifest())["chunks"]]
    store.redact("post-1", "place", reason="x")
    manifest = orjson.loads(store.manifest())
    assert PLACE not in str(manifest)
    columns = [decode(brotli.decompress(store.chunk(chunk[0]))) for chunk in manifest["chunks"]]
    assert 43_123_456 not in [lon for column in columns for lon in column["lon"].tolist()]
    for name in old:
        with pytest.raises(NotFound):
            store.chunk(name)
    assert store.ids(Filters(located=True)) == ["post-2"]
    assert not files_hold(store, tmp_path, PLACE)


def test_a_stated_point_goes_as_a_whole(store):
    stated = {"location_origin": "stated", "longitude": 43.5, "latitude": 42.5}
    put(store, a_record("post-1", longitude=43.5, latitude=42.5, joined=stated))
    store.redact("post-1", "latitude", reason="x")
    for record in (each.record for each in store.history("post-1")):
        assert (record.incident.longitude, record.incident.latitude) == (None, None)
        assert (record.joined.longitude, record.joined.latitude) == (None, None)


@pytest.mark.parametrize("field", ["id", "date", "source_url", "report_status", "nonsense"])
def test_a_field_that_must_have_its_value_is_refused(told, field):
    with pytest.raises(BadParameters, match="field"):
        told.redact("post-1", field, reason="x")


def test_an_incident_s_field_is_no_field_of_a_report(told):
    with pytest.raises(BadParameters):
        told.redact("post-1/1", "summary", reason="x")


def test_unknown_records_and_reports_are_told(told):
    with pytest.raises(NotFound):
        told.redact("nobody", "summary", reason="x")
    with pytest.raises(NotFound, match="post-1/9"):
        told.redact("post-1/9", reason="x")


def test_the_same_again_changes_nothing(told):
    told.redact("post-1", "summary", reason="x")
    before = told.current()
    assert told.redact("post-1", "summary", reason="x") == before


def test_tables_of_the_floor_above_forget_in_the_same_transaction(told):
    heard = []
    told.redact("post-1", "title", reason="x", forget=[lambda connection, what: heard.append(what)])
    assert (heard[0].id, heard[0].field) == ("post-1", "title")
    assert set(heard[0].values) == {"Post seen", f"About {SECRET}", "About a man"}

    def fail(connection, what):
        raise Conflict("not now")

    before = told.current()
    with pytest.raises(Conflict, match="not now"):
        told.redact("post-1", "summary", reason="x", forget=[fail])
    assert told.current() == before
    assert SECRET in told.get("post-1").incident.summary
