"""Two stores with the same data, one an engine: every answer is the same, exports to the byte."""

import pytest
from sqlalchemy import func, select

from geoapp import cql, reference
from geoapp.config import resource
from geoapp.export import FORMATS, About
from geoapp.export.credits import parts
from geoapp.export.spooling import write_lines
from geoapp.ingest import prepare, read_table
from geoapp.query import Filters
from geoapp.store import Store
from geoapp.store.schema import metadata
from tests import engines
from tests.hostile import csv_of, rows
from tests.unit.store.building import changed, put

pytestmark = pytest.mark.postgres
BOX = (43.6, 42.0, 44.0, 42.4)
COLLECTION = "GEOMETRYCOLLECTION(POINT(43.75 42.1), POLYGON((43.6 42.1,43.9 42.1,43.8 42.3,43.6 42.1)))"
SEARCHED = (
    "shots Chorchana", "chorch", "CHORCHANA", "ჩორჩანა", "ჩორჩ", "ᲩᲝᲠᲩᲐᲜᲐ", "წნელისი", "Чорчана", "чорч",
    "Цнелис", "Цнелисы", "Цъорцъана", "цъæл", "цъӕл", "detain", "2019", "a", "ab", "no-such-word", "...",
    "South Ossetian authorities", "l'été", "post' | 'x", "post:*", "!post", "(post", "post & seen",
    'say "so"', "\\", "Dvani's", "ω", "é",
)  # fmt: skip
FILTERS = [
    Filters(),
    Filters(sortby=("title",)), Filters(sortby=("-title",)), Filters(sortby=("place", "-date")),
    Filters(sortby=("category",)), Filters(sortby=("status", "title")), Filters(sortby=("-updated",)),
    Filters(sortby=("-id",)), Filters(limit=7, offset=30),
    Filters(bbox=BOX), Filters(bbox=(170.0, -90.0, 43.9, 90.0)), Filters(bbox=(43.75, 42.1, 43.75, 42.1)),
    Filters(located=False), Filters(differs=True), Filters(status=("retracted",)),
    Filters(actor=("GE_GOV",), category=("detention",)), Filters(party=("russian_authorities",)),
    Filters(publisher=("Civil.ge",)), Filters(language=("ka", "ru")), Filters(place=("წნელისი",)),
    Filters(precision=("area", "region")), Filters(group=("detentions",)), Filters(q="post", bbox=BOX),
]  # fmt: skip
ASKED = (
    "title LIKE '%Post%'", "title LIKE 'post%'", "CASEI(title) LIKE CASEI('%POST%')", "title LIKE '\\%_\\\\'",
    "CASEI(title) = CASEI('ᲩᲝᲠᲩᲐᲜᲐ')", "ACCENTI(CASEI(title)) LIKE '%ete%'", "title > 'P' AND title < 'Z'",
    "title >= 'p'", "NOT (place = 'Chorchana')", "title BETWEEN 'A' AND 'b'", "differs", "differs = FALSE",
    "distance_max_m < 2000", "distance_max_m IS NULL", "S_INTERSECTS(geometry, BBOX(43.6,42.0,44.0,42.4))",
    "NOT S_INTERSECTS(geometry, BBOX(43.6,42.0,44.0,42.4))", "S_DISJOINT(geometry, POINT(43.75 42.1))",
    "S_WITHIN(geometry, POLYGON((43.6 42.1,43.9 42.1,43.8 42.3,43.6 42.1)))",
    "T_INTERSECTS(datetime, INTERVAL('2019-08-01','2019-09-30'))", "A_CONTAINS(actors, ('GE_GOV'))",
    "A_EQUALS(parties, ('georgian_authorities'))", "date > DATE('2019-08-24')", "'a' < 'B'",
    f"S_INTERSECTS(geometry, {COLLECTION})", f"NOT S_DISJOINT(geometry, {COLLECTION})",
    f"S_WITHIN(geometry, {COLLECTION})", f"S_TOUCHES(geometry, {COLLECTION})",
    f"S_EQUALS(geometry, {COLLECTION})",
    "'é' BETWEEN 'E' AND 'f'", "title IN ('a', 'B')",
)  # fmt: skip


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """A store of each engine, filled by the same steps: shipped data, hostile texts, changes, an undo."""
    folder = tmp_path_factory.mktemp("both")
    stores = [Store.open(engines.address(folder, "both.sqlite3", kind)) for kind in engines.KINDS]
    known = reference.read(resource("data"))
    shipped = (resource("data") / "incidents.csv").read_bytes()
    for store in stores:
        store.save_reference(known)
        store.commit(prepare(store, read_table(shipped, "incidents.csv")))
        store.commit(prepare(store, read_table(csv_of(rows()), "hostile.csv")))
        for number, identifier in enumerate(store.ids(Filters(limit=5))):
            put(store, changed(store.get(identifier), title=f"Été à Ačara {number}"))
        store.undo(store.batches()[0].id)
        store.redact(store.ids(Filters(limit=1, offset=9))[0], "summary", reason="x")
    yield stores
    for store in stores:
        store.close()


def test_both_engines_are_there(both):
    assert [store._database.engine.dialect.name for store in both] == list(engines.KINDS)
    assert len({store.current().content_hash for store in both}) == 1


def test_every_row_of_the_records_is_the_same(both):
    one, other = ({row.incident.id: row for row in store.find(Filters())} for store in both)
    assert one == other
    assert len(one) > 500


@pytest.mark.parametrize("words", SEARCHED)
def test_search_finds_the_same(both, words):
    one, other = (store.ids(Filters(q=words)) for store in both)
    assert one == other


def test_every_word_that_is_stored_finds_the_same(both):
    words = {word for record in both[0].find(Filters()) for word in record.incident.title.split()}
    for word in sorted(words)[::7]:
        asked = Filters(q=word[:400])
        assert both[0].ids(asked) == both[1].ids(asked), word


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_lists_counts_and_neighbours_are_the_same(both, filters):
    one, other = (
        (
            store.ids(filters),
            store.keys(filters),
            list(store.features(filters)),
            store.count(filters),
            list(store.facets(filters).items()),
            store.days(filters),
            [store.neighbours(each, filters) for each in store.ids(filters)[:3]],
        )
        for store in both
    )
    assert one == other


@pytest.mark.parametrize("text", ASKED)
def test_cql_finds_the_same(both, text):
    expression = cql.read(text)
    one, other = (_pages(store, expression) for store in both)
    assert one == other


def _pages(store, expression):
    found, after = [], None
    while True:
        page = store.items.page(Filters(limit=100, sortby=("-title",)), expression, after)
        found += page.features
        if page.next is None:
            return page.matched, found
        after = page.next


def test_versions_history_and_manifest_are_the_same(both):
    one, other = (
        (store.manifest(), store.items.extent(), store.vocabulary(), store.log_length()) for store in both
    )
    assert one == other
    for identifier in both[0].ids(Filters(limit=12)):
        one, other = ([(each.number, each.record) for each in store.history(identifier)] for store in both)
        assert one == other
    one, other = ([(each.id, each.kind, each.updated_count) for each in store.batches()] for store in both)
    assert one == other


def test_no_table_has_more_rows_in_one(both):
    def counts(store):
        with store.reading() as connection:
            tables = metadata.sorted_tables
            return {
                each.name: connection.execute(select(func.count()).select_from(each)).scalar_one()
                for each in tables
            }

    assert counts(both[0]) == counts(both[1])


@pytest.mark.parametrize("extension", sorted(FORMATS))
def test_exports_are_the_same_to_the_byte(both, tmp_path, extension):
    written = []
    for number, store in enumerate(both):
        lines, target = tmp_path / f"{number}.lines", tmp_path / str(number) / f"incidents.{extension}"
        target.parent.mkdir()
        write_lines(store.features(Filters()), lines)
        made = both[0].current().created
        about = About(
            version=store.current().number,
            made=made,
            licences="https://example.org/LICENSES.txt",
            parts=parts(store.reference()),
        )
        FORMATS[extension].save(lines, target, about)
        written.append(target.read_bytes())
    assert written[0] == written[1]
