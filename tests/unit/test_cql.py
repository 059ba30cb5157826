"""CQL2: what is read, what is refused and where, and what reaches the rows; hostile input ends nothing."""

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp import cql
from geoapp.config import Settings
from geoapp.errors import BadParameters
from geoapp.query import Filters
from geoapp.store import Store

EVERY = Filters(limit=10_000)


@pytest.fixture(scope="module")
def store(shipped_instance):
    with Store.open(Settings(instance_dir=shipped_instance).store_url) as opened:
        yield opened


@pytest.fixture(scope="module")
def records(store):
    return store.find(Filters())


def found(store, text, language="cql2-text"):
    page = store.items.page(EVERY, cql.read(text, language))
    ids = {orjson.loads(each)["id"] for each in page.features}
    assert page.matched == len(ids) == len(page.features)
    return ids


def expected(records, test):
    return {record.incident.id for record in records if test(record.incident, record.joined)}


TRIANGLE = "POLYGON((43.6 42.09,43.9 42.09,43.9 42.19,43.6 42.09))"


def in_box(joined):
    west_east, south_north = (joined.longitude or 0, 43.6, 43.9), (joined.latitude or 0, 42.09, 42.19)
    return all(low <= value <= high for value, low, high in (west_east, south_north))


def in_triangle(joined):
    return joined.longitude is not None and (
        43.6 < joined.longitude < 43.9 and 42.09 < joined.latitude < 42.09 + (joined.longitude - 43.6) / 3
    )


def first(incident):
    return str(incident.interval.first)


def last(incident):
    return str(incident.interval.last)


CASES = {
    "category = 'drone'": lambda i, j: i.category == "drone",
    "category <> 'drone'": lambda i, j: i.category != "drone",
    "'drone' = category": lambda i, j: i.category == "drone",
    "title LIKE 'EU%'": lambda i, j: i.title.startswith("EU"),
    "title LIKE 'eu%'": lambda i, j: i.title.startswith("eu"),
    "title LIKE '%_ost%'": lambda i, j: "ost" in i.title[1:],
    "title NOT LIKE '%a%'": lambda i, j: "a" not in i.title,
    r"title LIKE '%\%%'": lambda i, j: "%" in i.title,
    "title LIKE '%*%' OR title LIKE '%[%'": lambda i, j: "*" in i.title or "[" in i.title,
    "CASEI(title) LIKE casei('%POST%')": lambda i, j: "post" in i.title.lower(),
    "CASEI(category) = casei('DRONE')": lambda i, j: i.category == "drone",
    "ACCENTI(place) = accenti('Tsnélisi')": lambda i, j: i.place == "Tsnelisi",
    "CASEI(ACCENTI(place)) IN (casei(accenti('TSNÉLISI')), 'kobi')": lambda i, j: (
        i.place.lower() in ("tsnelisi", "kobi")
    ),
    "location_radius_m BETWEEN 50 AND 1500": lambda i, j: 50 <= (j.location_radius_m or 0) <= 1500,
    "location_radius_m > 1500": lambda i, j: j.location_radius_m is not None and j.location_radius_m > 1500,
    "publishers IN (1, 2)": lambda i, j: j.publishers in (1, 2),
    "end_date IS NULL": lambda i, j: i.end_date is None,
    "end_date IS NOT NULL": lambda i, j: i.end_date is not None,
    "geometry IS NULL": lambda i, j: j.longitude is None,
    "differs": lambda i, j: j.differs,
    "NOT differs": lambda i, j: not j.differs,
    "differs = FALSE": lambda i, j: not j.differs,
    "date >= DATE('2019-08-24') AND date <= DATE('2019-08-31')": lambda i, j: (
        "2019-08-24" <= str(i.date) <= "2019-08-31"
    ),
    "date = TIMESTAMP('2019-08-24T10:00:00Z')": lambda i, j: str(i.date) == "2019-08-24",
    "end_date > date": lambda i, j: i.end_date is not None and i.end_date > i.date,
    "T_INTERSECTS(datetime, INTERVAL('2019-08-24', '2019-08-31'))": lambda i, j: (
        first(i) <= "2019-08-31" and last(i) >= "2019-08-24"
    ),
    "T_AFTER(datetime, DATE('2024-01-01'))": lambda i, j: first(i) > "2024-01-01",
    "T_BEFORE(datetime, INTERVAL('2012-01-01', '..'))": lambda i, j: last(i) < "2012-01-01",
    "T_DURING(datetime, INTERVAL('2019-08-01', '2019-08-31'))": lambda i, j: (
        first(i) > "2019-08-01" and last(i) < "2019-08-31"
    ),
    "T_DISJOINT(INTERVAL('..', '2020-01-01'), datetime)": lambda i, j: first(i) > "2020-01-01",
    "T_EQUALS(date, DATE('2019-08-24'))": lambda i, j: str(i.date) == "2019-08-24",
    "T_CONTAINS(datetime, DATE('2019-08-26'))": lambda i, j: first(i) < "2019-08-26" < last(i),
    "S_INTERSECTS(geometry, BBOX(43.6,42.09,43.9,42.19))": lambda i, j: in_box(j),
    "S_DISJOINT(geometry, BBOX(43.6,42.09,43.9,42.19))": lambda i, j: (
        j.longitude is not None and not in_box(j)
    ),
    f"S_WITHIN(geometry, {TRIANGLE})": lambda i, j: in_triangle(j),
    f"S_CONTAINS({TRIANGLE}, geometry)": lambda i, j: in_triangle(j),
    "S_INTERSECTS(geometry, BBOX(43.9,-90,43.6,90))": lambda i, j: (
        j.longitude is not None and not 43.6 < j.longitude < 43.9
    ),
    "S_CROSSES(geometry, LINESTRING(43 42,44 43))": lambda i, j: False,
    "A_CONTAINS(actors, ('GE_GOV'))": lambda i, j: "GE_GOV" in i.actors,
    "A_OVERLAPS(actors, ('GE_GOV','SO_KGB'))": lambda i, j: {"GE_GOV", "SO_KGB"} & set(i.actors),
    "A_CONTAINEDBY(actors, ('GE_GOV','SO_KGB'))": lambda i, j: set(i.actors) <= {"GE_GOV", "SO_KGB"},
    "A_EQUALS(actors, ('GE_GOV'))": lambda i, j: set(i.actors) == {"GE_GOV"},
    "category = 'drone' OR NOT (status = 'disputed' OR publishers < 3)": lambda i, j: (
        i.category == "drone" or not (i.status == "disputed" or j.publishers < 3)
    ),
    "group = 'airspace'": lambda i, j: i.category == "drone",
    "TRUE": lambda i, j: True,
    "FALSE": lambda i, j: False,
}


@pytest.mark.parametrize("text", CASES)
def test_a_filter_leaves_exactly_what_it_says(store, records, text):
    assert found(store, text) == expected(records, CASES[text])


def test_the_cases_leave_something_and_not_everything(store, records):
    numbers = [len(expected(records, test)) for test in CASES.values()]
    assert sum(0 < number < len(records) for number in numbers) > 35


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("cql2-json", '{"op":"=","args":[{"property":"category"},"drone"]}'),
        ("cql2-json", '{"op":"in","args":[{"property":"category"},["drone"]]}'),
        ("cql2-text", "category IN ('drone')"),
    ],
)
def test_both_languages_mean_the_same(store, records, language, text):
    assert found(store, text, language) == expected(records, CASES["category = 'drone'"])


@pytest.mark.parametrize(
    ("text", "position", "word"),
    [
        ("category =", 11, "value"),
        ("category = 'drone' AN status = 'x'", 20, "AND"),
        ("\n category == 'x'", 13, "value"),
        ("titel = 'x'", 1, "title"),
        ("category = 'x' AND titel = 'x'", 20, "title"),
        ("title = 3", 9, "text"),
        ("publishers = 'x'", 15, "number"),
        ("date > '2019-01-01'", 9, "DATE"),
        ("date > DATE('2019-13-01')", 14, "day"),
        ("actors = 'GE_GOV'", 1, "A_CONTAINS"),
        ("datetime = DATE('2019-01-01')", 1, "T_INTERSECTS"),
        ("S_INTERSECTS(geometry, POLYGON((0 0,1 1,0 1,1 0,0 0)))", 24, "shape"),
        ("S_INTERSECTS(geometry, POINT EMPTY)", None, "bracket"),
        ("S_INTERSECTS(geometry, POINT(500 500))", 24, "shape"),
        ("S_INTERSECTS(title, POINT(1 1))", 14, "geometry"),
        ("T_INTERSECTS(title, DATE('2019-01-01'))", 14, "day"),
        ("T_DURING(date, INTERVAL('2020-01-01','2019-01-01'))", 26, "end"),
        ("publishers + 1 = 2", 12, "arithmetic"),
        ("foo(title) = 'x'", 1, "functions"),
        ("title LIKE place", 12, "pattern"),
        ("title", 1, "comparison"),
        ("title = NULL", None, "IS NULL"),
        ("publishers = 1e999", None, "value"),
        ("'x'", None, "condition"),
        ("", None, "characters"),
        ("a" * 9_000, None, "characters"),
        ("(" * 100 + "category='x'" + ")" * 100, 33, "brackets"),
        ("NOT " * 50 + "differs", 1, "NOT"),
        ("publishers = " + "-" * 50 + "1", 14, "signs"),
        (" OR ".join(["differs"] * 450), None, "conditions"),
    ],
)
def test_a_mistake_is_told_with_its_position(store, text, position, word):
    with pytest.raises(BadParameters) as caught:
        found(store, text)
    (fault,) = caught.value.faults
    assert fault.name == "filter" and word in fault.expected
    assert (f"at character {position}" in fault.expected) is (position is not None)


@pytest.mark.parametrize(
    "text",
    [
        '{"op":"nope","args":[]}',
        '{"op":"and","args":[]}',
        '{"op":"=","args":[1]}',
        '{"op":"not","args":"x"}',
        "[1]",
        "3",
        "null",
        '"x"',
        "{}",
        '{"property":"category"}',
        '{"property":3}',
        '{"op":"=","args":[{"property":{"a":1}},1]}',
        '{"op":"like","args":[{"property":"title"},{"property":"place"}]}',
        '{"op":"in","args":[{"property":"title"},"x"]}',
        '{"op":"t_after","args":[{"property":"date"},{"interval":["x"]}]}',
        '{"op":"t_after","args":[{"property":"date"},{"date":3}]}',
        '{"op":"s_within","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[]}]}',
        '{"op":"s_within","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}]}',
        '{"op":"s_within","args":[{"property":"geometry"},{"type":"Nope"}]}',
        '{"op":"s_within","args":[{"property":"geometry"},{"bbox":[1,2]}]}',
        '{"op":"a_contains","args":[{"property":"actors"},[1]]}',
        '{"op":"=","args":[{"property":"title"},"\\u0000"]}',
        '{"op":"isNull","args":[{"property":"actors"}]}',
        '{"op":"between","args":[{"property":"publishers"},1]}',
    ],
)
def test_json_that_is_no_filter_is_refused(store, text):
    with pytest.raises(BadParameters):
        found(store, text, "cql2-json")


def test_retracted_incidents_are_found_where_the_filter_names_them(store):
    every = store.find(Filters(status=("retracted",)))
    assert found(store, "status = 'retracted'") == {record.incident.id for record in every}


WORDS = st.sampled_from(
    [
        "category",
        "title",
        "date",
        "datetime",
        "geometry",
        "actors",
        "differs",
        "publishers",
        "nope",
        "=",
        "<>",
        "<",
        "AND",
        "OR",
    ]
    + [
        "NOT",
        "LIKE",
        "IN",
        "BETWEEN",
        "IS NULL",
        "(",
        ")",
        ",",
        "'x'",
        "'%'",
        "1",
        "-",
        "1e9",
        "TRUE",
        "NULL",
        "CASEI(",
        "ACCENTI(",
    ]
    + [
        "DATE('2019-01-01')",
        "INTERVAL('..','2019-01-01')",
        "T_AFTER(",
        "T_DURING(",
        "S_INTERSECTS(",
        "S_WITHIN(",
        "A_CONTAINS(",
    ]
    + [
        "POINT(43 42)",
        "POINT EMPTY",
        "POLYGON((43 42,44 42,44 43,43 42))",
        "BBOX(1,2,3,4)",
        "POINT Z(1 2 3)",
        "foo(",
        "+",
        "^",
        "\0",
        '"',
        "'",
    ]
)


@settings(max_examples=400)
@given(st.lists(WORDS, min_size=1, max_size=12))
def test_any_text_is_answered_or_refused(store, words):
    try:
        store.items.page(Filters(limit=1), cql.read(" ".join(words)))
    except BadParameters as error:
        assert error.faults[0].name == "filter"


TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=4)
    | st.sampled_from(
        [{"property": "title"}, {"property": "date"}, {"property": "geometry"}, {"property": "actors"}]
    )
    | st.sampled_from(
        [{"date": "2019-01-01"}, {"interval": ["..", ".."]}, {"type": "Point", "coordinates": [43, 42]}]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.fixed_dictionaries(
            {
                "op": st.sampled_from(
                    [
                        "and",
                        "not",
                        "=",
                        "like",
                        "in",
                        "between",
                        "isNull",
                        "t_after",
                        "s_within",
                        "a_equals",
                        "casei",
                        "+",
                    ]
                ),
                "args": st.lists(inner, max_size=3),
            }
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300)
@given(TREES)
def test_any_json_is_answered_or_refused(store, tree):
    try:
        store.items.page(Filters(limit=1), cql.read(json.dumps(tree), "cql2-json"))
    except BadParameters as error:
        assert error.faults[0].name == "filter"
