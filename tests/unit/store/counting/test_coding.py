"""Arrays of codes count what SQL counts, for every filter, whatever changed since they were laid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from sqlalchemy import func, select, update

from geoapp.query import Filters
from geoapp.store import Store, copying, count_ahead, reading
from geoapp.store.ahead import wrong_answers
from geoapp.store.counting import coding, coverage, facets, vocabulary
from geoapp.store.counting.known import Cache
from geoapp.store.schema import coded_incidents
from tests import engines
from tests.unit.store.building import a_record, a_report, changed, put

NO_POINT = {"longitude": None, "latitude": None, "location_origin": None, "location_radius_m": None}
ASKED = [
    Filters(),
    Filters(category=("drone",)), Filters(group=("people_held",), category=("detention",)),
    Filters(status=("retracted",)), Filters(status=("disputed", "retracted"), publisher=("One",)),
    Filters(actor=("GE_GOV",)), Filters(actor=("SO_GOV",), party=("georgian_authorities",)),
    Filters(publisher=("Two", "One")), Filters(publisher=("nobody",)), Filters(language=("ka",)),
    Filters(area=("aoi-chorchana-tsnelisi",)), Filters(precision=("village",)),
    Filters(place=("Tsnelisi",)), Filters(place=("წნელისი", "Kobi")), Filters(place=("KOBI",)),
    Filters(located=True), Filters(located=False, differs=True), Filters(differs=False),
    Filters(bbox=(43.0, 42.0, 44.0, 42.2)), Filters(bbox=(170.0, -90.0, 43.7, 90.0)),
    Filters(bbox=(43.6, 42.2, 43.6, 42.2)),
    Filters(datetime=(date(2019, 8, 3), date(2019, 8, 4))), Filters(datetime=(None, date(2019, 8, 1))),
    Filters(datetime=(date(2019, 8, 20), None)), Filters(datetime=(date(2019, 8, 20), None), q="post"),
    Filters(q="post"), Filters(q="დრონი"), Filters(q="no-such-word"), Filters(q="..."),
    Filters(q="seen", category=("release",), status=("disputed",)),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _for_few(monkeypatch):
    monkeypatch.setattr(coding, "LEAST_INCIDENTS", 1)


def numbered(number: int, category: str, status: str, publisher: str):
    identifier = f"post-{number:02}"
    more = {"end_date": date(2019, 8, 30)} if number % 7 == 0 else {}
    report = a_report(
        report_id=f"{identifier}/1",
        source_publisher=publisher,
        source_language="ka" if number % 3 else "en",
        attributed_to="SO_GOV" if number % 4 else "GE_GOV",
        statement="დრონი ჩამოაგდეს" if number % 5 == 0 else "Says that a post was seen.",
    )
    joined = (NO_POINT if number % 8 == 3 else {}) | {
        "areas": ("aoi-chorchana-tsnelisi",) if number % 2 else (),
        "differs": number % 3 == 0,
        "place_id": "place-kobi" if number % 5 == 1 else "place-tsnelisi",
    }
    if number % 8 != 3:
        joined["longitude"] = 43.6 + number / 10 if number % 6 else 179.5
    return a_record(
        identifier,
        date=date(2019, 8, 1 + number % 5),
        category=category,
        status=status,
        place="Kobi" if number % 5 == 1 else "Tsnelisi",
        actors=("GE_GOV", "SO_GOV") if number % 2 else ("GE_GOV",),
        reports=(report,),
        joined=joined,
        **more,
    )


RECORDS = [
    numbered(number, *combined)
    for number, combined in enumerate(
        product(("drone", "detention", "release"), ("disputed", "retracted", "uncontested"), ("One", "Two"))
    )
]
RECORDS.append(numbered(30, "drone", "retracted", "Retracted ones alone"))


@pytest.fixture
def filled(store):
    """Every combination of category, status and publisher, with arrays of them."""
    put(store, *RECORDS)
    store.lay_codes()
    assert laid(store) == store.current().number
    return store


def laid(store: Store) -> int | None:
    """The version that the arrays are of."""
    with store.reading() as connection:
        return connection.execute(select(func.max(coded_incidents.c.number))).scalar_one()


def answers(store: Store) -> list[object]:
    """All counts for everything asked, also in the order that they come in."""
    found: list[object] = [store.vocabulary(), store.items.extent(), store.items.coverage()]
    for filters in ASKED:
        counts, days = store.facets(filters), store.days(filters)
        page = store.items.page(replace(filters, limit=1))
        ordered = list(map(list, counts.values())), list(days.items())
        found.append((filters, counts, ordered, store.count(filters), page.matched))
    return found


def in_sql(store: Store) -> list[object]:
    """The same of a process that knows no arrays."""
    with store.view() as seen:
        seen._known = Cache()
        return answers(seen)


_IN_SQL = (
    (facets, "_by_columns"), (facets, "_by_links"), (reading, "count"), (vocabulary, "in_use"),
    (coverage, "_spans"),
)  # fmt: skip


@pytest.fixture
def by_arrays_alone(monkeypatch) -> Iterator[None]:
    """Whoever counts in SQL fails."""

    def refused(*_: object) -> None:
        raise AssertionError("counted in SQL")

    with monkeypatch.context() as patched:
        for module, name in _IN_SQL:
            patched.setattr(module, name, refused)
        yield


def counted(store: Store, request: pytest.FixtureRequest) -> None:
    """The arrays count as SQL does, also in a process that has nothing in memory yet."""
    expected = in_sql(store)
    request.getfixturevalue("by_arrays_alone")
    with Store.open(store._database.engine.url.render_as_string(hide_password=False), create=False) as other:
        assert answers(other) == expected
    assert answers(store) == expected


def test_every_filter_counts_as_in_sql(filled, request):
    counted(filled, request)
    assert sum(not filled.count(filters) for filters in ASKED) < len(ASKED) / 4


def test_what_changed_since_counts_as_it_is_now(filled, request):
    filled.count(Filters(q="post"))
    before = laid(filled)
    put(filled, numbered(40, "drone", "disputed", "Three"), changed(RECORDS[0], status="retracted"))
    put(filled, changed(RECORDS[4], category="release", title="A word that is new"))
    put(filled, numbered(41, "drone", "uncontested", "Two"))
    filled.undo(filled.batches()[0].id)
    filled.lay_codes()
    assert laid(filled) == before
    assert "Three" in filled.facets(Filters())["publisher"]
    counted(filled, request)


def test_arrays_are_laid_anew_before_too_much_changed(filled, monkeypatch):
    monkeypatch.setattr(coding, "ANEW_FROM", 3)
    put(filled, numbered(40, "drone", "disputed", "Three"))
    filled.lay_codes()
    assert laid(filled) == filled.current().number - 1
    put(filled, *(numbered(number, "drone", "disputed", "Three") for number in range(41, 44)))
    filled.lay_codes()
    assert laid(filled) == filled.current().number
    assert filled.facets(Filters())["publisher"]["Three"] == 4


def test_too_much_changed_is_counted_in_sql(filled, monkeypatch):
    monkeypatch.setattr(coding, "MOST_CHANGED", 2)
    put(filled, *(numbered(number, "drone", "disputed", "Three") for number in range(40, 44)))
    assert filled.facets(Filters())["publisher"]["Three"] == 4


def test_a_redaction_leaves_nothing_in_the_arrays(filled):
    assert "One" in filled.facets(Filters())["publisher"]
    for record in RECORDS:
        if record.incident.reports[0].source_publisher == "One":
            filled.redact(f"{record.incident.id}/1", "source_publisher", reason="asked")
    assert laid(filled) is None
    assert "One" not in filled.facets(Filters())["publisher"]
    filled.lay_codes()
    with filled.reading() as connection:
        bodies = b"".join(connection.execute(select(coded_incidents.c.body)).scalars())
    assert b'"Two"' in bodies
    assert b'"One"' not in bodies


def test_other_reference_data_drop_the_arrays(filled, shipped):
    talks = shipped.groups["talks_and_statements"]
    moved = replace(
        shipped.categories["drone"],
        group=talks.code,
        group_label=talks.label,
        group_letter=talks.letter,
        group_color=talks.color,
    )
    filled.save_reference(replace(shipped, categories={**shipped.categories, "drone": moved}))
    assert laid(filled) is None
    filled.lay_codes()
    assert filled.facets(Filters())["group"] == {"people_held": 8, talks.code: 4}


def test_arrays_of_other_content_are_not_used(filled):
    with filled.writing() as connection:
        connection.execute(update(coded_incidents).values(content_hash="0" * 64))
    put(filled, numbered(40, "drone", "disputed", "Three"))
    assert filled.facets(Filters())["publisher"]["Three"] == 1
    filled.lay_codes()
    assert laid(filled) == filled.current().number


def test_counting_ahead_lays_them_and_a_copy_has_them_too(store, tmp_path, request):
    put(store, *RECORDS)
    count_ahead(store)
    target = engines.address(tmp_path, "copy.sqlite3")
    copying.copy(store._database.engine.url.render_as_string(hide_password=False), target)
    with Store.open(target, create=False) as copied:
        counted(copied, request)


def test_few_incidents_have_none(store, monkeypatch):
    monkeypatch.setattr(coding, "LEAST_INCIDENTS", 1_000)
    put(store, *RECORDS)
    store.lay_codes()
    assert laid(store) is None


@pytest.mark.parametrize("sortby", [(), ("-date",), ("date", "title"), ("title",)])
def test_a_page_holds_what_it_holds_in_sql(filled, sortby, monkeypatch):
    put(filled, numbered(40, "drone", "disputed", "Three"), changed(RECORDS[0], status="retracted"))
    pages = [
        replace(filters, sortby=sortby, limit=limit, offset=offset)
        for filters in ASKED
        for limit, offset in ((1, 0), (3, 0), (3, 2), (50, 0), (5, 17))
    ]
    named = []
    monkeypatch.setattr(coding.Tally, "first", _noting(coding.Tally.first, named))
    found = [(filled.find(each), filled.items.page(each)) for each in pages]
    assert bool(named) == (sortby != ("title",))
    with filled.view() as seen:
        seen._known = Cache()
        assert found == [(seen.find(each), seen.items.page(each)) for each in pages]


def _noting(function, calls):
    def noting(*given, **more):
        calls.append(function(*given, **more))
        return calls[-1]

    return noting


def test_a_page_of_a_day_with_too_many_is_found_in_sql(filled, monkeypatch):
    filters = Filters(q="post", limit=3, sortby=("-date",))
    expected = filled.find(filters)
    monkeypatch.setattr(coding, "MOST_NAMED", 2)
    with Store.open(filled._database.engine.url.render_as_string(hide_password=False), create=False) as other:
        assert other.find(filters) == expected


def test_arrays_that_count_otherwise_are_found(filled):
    assert wrong_answers(filled) == []
    with filled.writing() as connection:
        name = coded_incidents.c.name == "category 1"
        body = connection.execute(select(coded_incidents.c.body).where(name)).scalar_one()
        connection.execute(update(coded_incidents).where(name).values(body=bytes(len(body))))
    assert wrong_answers(filled) == ["facets"]
