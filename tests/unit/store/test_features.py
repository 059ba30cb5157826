"""The history keeps finished Features; what an older program kept is brought into that form."""

import orjson
import pytest
from sqlalchemy import select, update

from geoapp.incident import record_to_dict, to_feature
from geoapp.query import Filters
from geoapp.store import Store, migrations
from geoapp.store.reading import FEATURES_AT_ONCE
from geoapp.store.schema import record_versions
from tests import engines


@pytest.fixture
def url(shipped_instance, tmp_path):
    engines.copy(shipped_instance, tmp_path)
    return engines.address(tmp_path)


def _features(store):
    return [orjson.loads(each) for each in store.features(Filters(limit=20))]


def test_a_stored_feature_is_what_the_record_gives(url):
    with Store.open(url) as store:
        assert _features(store) == [to_feature(each) for each in store.find(Filters(limit=20))]


def test_filters_order_and_limit_hold_for_features_too(url):
    filters = Filters(located=True, sortby=("-date",), limit=7, offset=3)
    with Store.open(url) as store:
        ids = [orjson.loads(each)["id"] for each in store.features(filters)]
        assert ids == store.ids(filters)
        assert len(ids) == 7


@pytest.mark.parametrize("limit", [1, FEATURES_AT_ONCE - 1, FEATURES_AT_ONCE, FEATURES_AT_ONCE + 1, 251])
def test_none_is_lost_where_rows_are_fetched_some_at_a_time(url, limit):
    filters = Filters(limit=limit)
    with Store.open(url) as store:
        ids = store.ids(filters)
        assert len(ids) == limit
        assert [orjson.loads(each)["id"] for each in store.features(filters)] == ids


@pytest.mark.parametrize("sortby", [(), ("-date",), ("category", "-title"), ("-status", "place", "-date")])
def test_a_page_has_the_order_of_the_list(url, sortby):
    filters = Filters(sortby=sortby, limit=200)
    with Store.open(url) as store:
        page = store.items.page(filters)
        assert [orjson.loads(each)["id"] for each in page.features] == store.ids(filters)


def test_a_snapshot_says_its_version(url):
    with Store.open(url) as store, store.snapshot(Filters()) as (version, features):
        assert version == store.current()
        assert len(list(features)) == 252


def _as_before(connection, row):
    """The body as layout 0004 kept it: JSON of the whole record without absent values."""
    record = _record_of(row.body)
    values = record_to_dict(record)
    values["incident"]["reports"] = [_present(each) for each in values["incident"]["reports"]]
    old = {**values, "incident": _present(values["incident"]), "joined": _present(values["joined"])}
    known = (record_versions.c.key == row.key) & (record_versions.c.version == row.version)
    connection.execute(update(record_versions).where(known).values(body=orjson.dumps(old)))


def _record_of(body):
    from geoapp.store.rows import from_body

    return from_body(body)


def _present(values):
    return {name: value for name, value in values.items() if value is not None}


def test_what_an_older_program_kept_is_brought_into_the_form_of_today(url):
    with Store.open(url) as store:
        before = _features(store)
        records = store.find(Filters())
        with store.writing() as connection:
            for row in connection.execute(select(record_versions)).all():
                _as_before(connection, row)
            # What later layouts added is not there yet.
            connection.exec_driver_sql("DROP TABLE whole_answers")
            connection.exec_driver_sql("DROP TABLE coded_incidents")
            connection.exec_driver_sql("DROP TABLE request_counts")
            connection.exec_driver_sql("ALTER TABLE drafts DROP COLUMN remark")
            connection.exec_driver_sql("ALTER TABLE record_versions DROP COLUMN again")
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0004'")
    with Store.open(url) as store:
        with store.reading() as connection:
            assert migrations.revision(connection) == migrations.HEAD
        assert _features(store) == before
        assert [store.history(each.incident.id)[-1].record for each in records] == records
