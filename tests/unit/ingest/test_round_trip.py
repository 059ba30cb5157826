"""What an export wrote, an import reads as no difference, whatever the text."""

from dataclasses import replace
from datetime import date
from tempfile import TemporaryDirectory

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoapp import export
from geoapp.incident import Incident, Joined, Record, Report, record_from_dict, record_to_dict, to_feature
from geoapp.ingest import prepare, read_table
from geoapp.kinds import CONTROL, LOCATION_PRECISIONS, STATUSES, DateRange, NumberRange
from geoapp.store import Store
from tests.unit.ingest.conftest import MemoryStore

ID = "2019-08-24-post"
ALPHABET = st.one_of(
    st.characters(exclude_categories=["Cs"]).filter(lambda char: not CONTROL.match(char)),
    st.sampled_from("'=+-@\t\r\n\",;{}%<> \u00a0\u202e"),
)
TEXT = st.text(ALPHABET, min_size=1, max_size=20).filter(str.strip)
LINE = TEXT.filter(lambda text: not set(text) & set("\r\n\t")).map(str.strip)
DAY = st.dates(date(1900, 1, 1), date(2100, 1, 1))
LATITUDE = st.floats(-90, 90).map(lambda value: round(value, 6) + 0.0)
LONGITUDE = st.floats(-180, 180).map(lambda value: round(value, 6) + 0.0)
POINT = st.one_of(st.just((None, None)), st.tuples(LATITUDE, LONGITUDE))
AMOUNT = st.tuples(st.integers(0, 999), st.integers(0, 999)).map(lambda pair: NumberRange(*sorted(pair)))
DAYS = st.tuples(DAY, DAY).map(lambda pair: DateRange(*sorted(pair)))
URL = st.integers(1, 3).map("https://example.org/?a=1&b={}".format)


def as_json(record):
    return orjson.dumps(to_feature(record))


def maybe(strategy):
    return st.none() | strategy


@st.composite
def reports(draw, number):
    latitude, longitude = draw(POINT)
    return Report(
        source_url=draw(URL),
        source_publisher=draw(LINE),
        source_title=draw(maybe(LINE)),
        source_date=draw(maybe(DAY)),
        source_language=draw(st.sampled_from(["en", "ka"])),
        source_archive_url=draw(maybe(URL)),
        attributed_to=draw(maybe(st.sampled_from(["EUMM", "GE_GOV"]))),
        statement=draw(TEXT),
        claimed_date=draw(maybe(DAYS)),
        claimed_place=draw(maybe(LINE)),
        claimed_latitude=latitude,
        claimed_longitude=longitude,
        claimed_distance_m=draw(maybe(AMOUNT)),
        claimed_distance_from=draw(maybe(LINE)),
        claimed_people=draw(maybe(AMOUNT)),
        notes=draw(maybe(TEXT)),
        report_id=f"{ID}/{number}",
        report_status=draw(st.sampled_from([None, "retracted"])) if number > 1 else None,
    )


@st.composite
def incidents(draw):
    latitude, longitude = draw(POINT)
    precision = draw(st.sampled_from(["day", "month", "year"]))
    day = draw(DAY)
    day = {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[precision]
    return Incident(
        id=ID,
        date=day,
        end_date=draw(maybe(st.dates(day, date(2101, 1, 1)))),
        time=draw(maybe(st.just("12:50"))),
        time_zone=draw(maybe(st.sampled_from(["+04:00", "+03:00"]))),
        date_precision=precision,
        title=draw(LINE),
        summary=draw(TEXT),
        category=draw(st.sampled_from(["detention", "drone"])),
        place=draw(LINE),
        latitude=latitude,
        longitude=longitude,
        location_precision=draw(st.sampled_from(list(LOCATION_PRECISIONS))),
        actors=draw(st.sampled_from([("GE_GOV",), ("SO_GOV", "GE_GOV")])),
        status=draw(st.sampled_from(list(STATUSES))),
        reports=tuple(draw(reports(number)) for number in range(1, draw(st.integers(1, 3)) + 1)),
    )


@given(incident=incidents(), bom=st.booleans())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_export_and_import_again_is_no_difference(shipped, incident, bom):
    record = Record(incident=incident, joined=Joined())
    table = read_table(b"".join(export.csv([as_json(record)], bom)))
    again = prepare(MemoryStore(shipped, {incident.id: record}), table)
    assert (again.changes, again.unchanged, again.warnings) == ((), 1, ())
    (change,) = prepare(MemoryStore(shipped), table).changes
    assert change.after.incident == incident


def test_the_shipped_file_comes_back_whole(shipped, shipped_file):
    store = MemoryStore(shipped)
    store.commit(prepare(store, read_table(shipped_file)))
    assert sum(len(record.incident.reports) for record in store.records.values()) == 675
    again = prepare(store, read_table(b"".join(export.csv(map(as_json, store.records.values())))))
    assert (again.changes, again.unchanged) == ((), 252)


@given(incident=incidents())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_incident_survives_geojson(incident):
    record = Record(incident=incident, joined=Joined(), key=1, version=1, batch=1)
    # A JSON-able record has the incident's fields as the Feature has them among its properties.
    properties = orjson.loads(orjson.dumps(to_feature(record)))["properties"]
    told = record_to_dict(record)
    read = told | {"incident": {name: properties[name] for name in told["incident"]}}
    assert record_from_dict(read).incident == incident


@given(found=st.lists(incidents(), min_size=1, max_size=3))
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_incident_survives_the_store_and_its_export(shipped, found):
    given = [
        replace(
            each,
            id=f"{ID}-{number}",
            reports=tuple(
                replace(report, report_id=f"{ID}-{number}/{at}")
                for at, report in enumerate(each.reports, start=1)
            ),
        )
        for number, each in enumerate(found)
    ]
    with TemporaryDirectory() as folder, Store.open(f"sqlite:///{folder}/store.sqlite") as store:
        store.save_reference(shipped)
        table = read_table(
            b"".join(export.csv(as_json(Record(incident=each, joined=Joined())) for each in given))
        )
        store.commit(prepare(store, table))
        stored = store.get_many([each.id for each in given])
        assert [record.incident for record in stored] == given
        again = prepare(store, read_table(b"".join(export.csv(map(as_json, stored), bom=True))))
        assert (again.changes, again.unchanged) == ((), len(given))
