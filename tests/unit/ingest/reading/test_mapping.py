"""Foreign columns become ours: headings, constants, dates, values, several links, templates."""

import pytest

from geoapp import reference
from geoapp.config import resource
from geoapp.errors import DataRefused
from geoapp.ingest.codebook import Codebook
from geoapp.ingest.reading.files import read_file
from geoapp.ingest.reading.mapping import ColumnMap, apply, iso_date
from geoapp.ingest.reading.questions import date_question, settled_order, value_questions
from geoapp.ingest.reading.ready import read_mapping, ready_mappings
from geoapp.ingest.reading.recognise import column_of, recognise


def sheet(*lines):
    return read_file("\n".join(lines).encode(), "x.csv")


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Source URL", "source_url"),
        ("LAT", "latitude"),
        ("event-date", "date"),
        ("Lng", "longitude"),
        ("Weather", None),
        ("Дата", "date"),
        ("Ссылки", "source_url"),
        ("სათაური", "title"),
        ("ბმული", "source_url"),
    ],
)
def test_headings_are_read_forgivingly(heading, column):
    assert column_of(heading) == column


def test_a_synonym_is_told_and_no_exact_fit():
    found = recognise(sheet("Link,Place,Weather", "https://example.org,Ergneti,fine"))
    assert found.plan.columns == {"Link": "source_url", "Place": "place"}
    assert (found.unknown, found.exact) == (("Weather",), False)


@pytest.mark.parametrize("preset", ready_mappings().values(), ids=lambda each: each.title)
def test_a_ready_mapping_is_known_by_its_headings(preset):
    headings = dict.fromkeys([*preset.plan.columns, *sorted(preset.signs), "iso"])
    found = recognise(sheet(",".join(headings), ",".join("x" for _ in headings)))
    assert found.preset == preset.title
    assert found.unknown == tuple(each for each in headings if not preset.plan.columns.get(each))


@pytest.mark.parametrize("headings", ["year,month,day", "День,Месяц,Год"])
def test_a_day_in_three_columns_is_put_together(headings):
    values = "2031,5,1" if headings.startswith("year") else "1,5,2031"
    read = sheet(f"title,{headings}", f"x,{values}", "y,,,")
    found = recognise(read)
    assert (found.unknown, found.exact) == ((), False)
    assert all(found.plan.uses(each) for each in read.columns)
    assert apply(read, found.plan).rows == (("2031-05-01", "x"), ("", "y"))


def test_beside_a_whole_date_its_parts_are_unknown():
    found = recognise(sheet("date,year,month", "2031-05-01,2031,5"))
    assert found.plan.templates == {}
    assert found.unknown == ("year", "month")


def test_a_file_of_which_no_column_is_taken_has_no_rows():
    table = apply(sheet("Weather", "fine"), ColumnMap(columns={"Weather": ""}))
    assert (table.columns, table.rows, table.lines) == ((), (), ())


def test_several_headings_make_one_column():
    plan = ColumnMap(columns={"a": "actors", "b": "actors"}, values={"actors": {"Them": "GE_GOV"}})
    table = apply(sheet("a,b", "Them,SO_GOV", "Them,"), plan)
    assert table.rows == (("GE_GOV;SO_GOV",), ("GE_GOV",))


def test_constants_stand_where_the_file_says_nothing():
    plan = ColumnMap(
        columns={"l": "source_language"}, constants={"source_language": "en", "status": "disputed"}
    )
    table = apply(sheet("l,x", "ka,1", ",2"), plan)
    assert table.columns == ("status", "source_language")
    assert table.rows == (("disputed", "ka"), ("disputed", "en"))


def test_a_date_in_three_columns_is_put_together():
    plan = ColumnMap(templates={"date": "{y}-{m}-{d}"})
    assert apply(sheet("y,m,d", "2019,8,5"), plan).rows == (("2019-08-05",),)


def test_braces_in_a_cell_are_no_template():
    plan = ColumnMap(templates={"title": "{a}: {b}"})
    assert apply(sheet("a,b", "{b},{{7*191}}"), plan).rows == (("{b}: {{7*191}}",),)


def test_several_links_become_several_rows():
    plan = ColumnMap(columns={"id": "id", "l": "source_url", "r": "report_id"})
    table = apply(sheet("id,l,r", "a-1,https://a.example/1; https://b.example/2,a-1/1"), plan)
    assert table.rows == (("a-1", "https://a.example/1", "a-1/1"), ("a-1", "https://b.example/2", ""))
    assert table.lines == (2, 2)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("06/11/2023", "day", "2023-11-06"),
        ("06/11/2023", "month", "2023-06-11"),
        ("06/11/2023", None, "06/11/2023"),
        ("24.11.2023", "month", "24.11.2023"),
        ("2023/11/6", None, "2023-11-06"),
        ("20231106", None, "2023-11-06"),
        ("6 November 2023", None, "2023-11-06"),
        ("Nov 6, 2023", None, "2023-11-06"),
        ("6-Nov-2023", None, "2023-11-06"),
        ("2023-11-06 00:00:00.000", None, "2023-11-06"),
        ("31 February 2023", None, "31 February 2023"),
        ("soon", "day", "soon"),
    ],
)
def test_a_day_is_read_only_when_it_is_sure(text, order, expected):
    assert iso_date(text, order) == expected


def test_the_order_in_dates_is_asked_with_its_evidence():
    plan = ColumnMap(columns={"d": "date"})
    asked = date_question(sheet("d,x", "06/11/2023,1", "24/11/2023,2", "05/05/2023,3"), plan)
    assert (asked.example, asked.both_ways, asked.count) == ("06/11/2023", 1, 3)
    assert (asked.day_first, asked.month_first) == (3, 2)
    assert asked.only_day_first == ((3, "24/11/2023"),)


def test_an_order_that_the_dates_say_themselves_is_not_asked():
    plan = ColumnMap(columns={"d": "date"})
    for text, order in (("24/11/2023", "day"), ("11/24/2023", "month"), ("2023-11-24", None)):
        assert date_question(sheet("d,x", f"{text},1"), plan) is None
        assert settled_order(sheet("d,x", f"{text},1"), plan) == order


def test_values_that_are_no_codes_are_asked_by_their_frequency():
    plan = ColumnMap(columns={"c": "category", "a": "actors"})
    read = sheet("c,a", "Arrests,GE_GOV", "detention,Them;GE_GOV", "Arrests,Them", "Odd,")
    asked = value_questions(read, plan, Codebook(reference.read(resource("data"))))
    assert [(each.column, each.texts) for each in asked] == [
        ("category", (("Arrests", 2), ("Odd", 1))),
        ("actors", (("Them", 2),)),
    ]


def test_a_mapping_survives_as_json():
    plan = ColumnMap(
        columns={"a": "date", "b": ""},
        constants={"status": "disputed"},
        templates={"title": "{a}"},
        values={"category": {"x": "detention"}},
        date_order="month",
    )
    assert ColumnMap.from_dict(plan.to_dict()) == plan


GED = {
    "id": "12",
    "type_of_violence": "1",
    "dyad_name": "A - B",
    "where_prec": "1",
    "where_coordinates": "Tskhinvali town",
    "latitude": "42.22",
    "longitude": "43.97",
    "date_prec": "1",
    "date_start": "2008-08-08 00:00:00.000",
    "date_end": "2008-08-08 00:00:00.000",
    "side_a": "Government of Georgia",
    "side_b": "Republic of South Ossetia",
    "source_article": "An article",
    "source_office": "Agency",
    "source_headline": "A headline",
    "low": "2",
    "high": "7",
}


def ged(**cells):
    row = GED | cells
    read = sheet(",".join(row), ",".join(row.values()))
    table = apply(read, ready_mappings()["ucdp-ged"].plan)
    return dict(zip(table.columns, table.rows[0], strict=True))


def test_an_event_of_ged_keeps_its_window_and_its_estimates():
    row = ged()
    assert (row["date"], row["end_date"], row["date_precision"]) == ("2008-08-08", "", "day")
    assert (row["claimed_date"], row["claimed_people"]) == ("2008-08-08/2008-08-08", "2/7")
    assert (row["category"], row["actors"], row["location_precision"]) == (
        "shooting",
        "GE_GOV;SO_GOV",
        "village",
    )
    assert row["title"] == "A - B in Tskhinvali town"


def test_a_day_known_to_its_week_stands_on_its_month_and_keeps_an_end_beyond_it():
    row = ged(date_prec="3", date_start="2008-08-10", date_end="2008-08-16")
    assert (row["date"], row["end_date"], row["date_precision"]) == ("2008-08-01", "", "month")
    assert row["claimed_date"] == "2008-08-10/2008-08-16"
    row = ged(date_prec="2", date_start="2008-08-29", date_end="2008-09-02")
    assert (row["date"], row["end_date"]) == ("2008-08-01", "2008-09-02")


def test_what_can_mean_several_things_is_left_to_the_editor():
    row = ged(where_prec="6", type_of_violence="3", side_b="Civilians")
    assert (row["location_precision"], row["category"], row["actors"]) == ("6", "3", "GE_GOV;Civilians")


def test_ready_mappings_use_codes_that_exist():
    codes = Codebook(reference.read(resource("data")))
    for preset in ready_mappings().values():
        for column, values in preset.plan.values.items():
            for code in values.values():
                codes.parser(column)(code)


def test_acled_types_that_stand_for_one_category_lead_to_it():
    categories = reference.read(resource("data")).categories.values()
    types = [each.acled_sub_event_type for each in categories]
    mapped = ready_mappings()["acled"].plan.values["category"]
    for each in categories:
        if each.acled_sub_event_type and types.count(each.acled_sub_event_type) == 1:
            assert mapped[each.acled_sub_event_type] == each.code


def test_every_fault_of_a_mapping_is_told(tmp_path):
    file = tmp_path / "m.toml"
    file.write_text('colour = "red"\ndate_order = "year"\nvalues = 1\n[columns]\na = "titel"\nb = ""\n')
    with pytest.raises(DataRefused) as caught:
        read_mapping(file)
    told = " ".join(each.expected for each in caught.value.problems)
    assert len(caught.value.problems) == 4
    assert all(word in told for word in ("colour", "date_order", "[values]", "titel"))


def test_an_address_that_holds_another_stays_whole_where_the_row_has_a_key():
    plan = ColumnMap(columns={"id": "id", "l": "source_url", "r": "report_id"})
    url = "https://a.example/?next=1;https://b.example/"
    assert apply(sheet("id|l|r", f"a-1|{url}|a-1/1"), plan).rows == (("a-1", url, "a-1/1"),)
