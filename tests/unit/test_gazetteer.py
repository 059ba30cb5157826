"""The gazetteer: one place, rivals, or none; never a guess."""

from __future__ import annotations

import csv
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp import layers
from geoapp.config import resource
from geoapp.gazetteer import Gazetteer, Place, place_of


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    [places] = layers.load(resource("data")).of_role("places")
    return Gazetteer(map(place_of, places.features))


def found(gazetteer: Gazetteer, text: str) -> str | None:
    match = gazetteer.find(text)
    return None if match.place is None else match.place.id


def village(identifier: str, name: str, **more: object) -> Place:
    return Place(id=identifier, name_en=name, longitude=44.0, latitude=42.0, **more)  # type: ignore[arg-type]


def test_every_place_value_of_the_incidents_is_looked_up(gazetteer: Gazetteer) -> None:
    with (resource("data") / "incidents.csv").open(encoding="utf-8", newline="") as file:
        values = [row["place"] for row in csv.DictReader(file) if row["date"]]
    without = Counter(value for value in values if gazetteer.find(value).place is None)
    assert (len(values), len(set(values))) == (252, 52)
    assert without == {"Gremiskhevi": 2, "Chalvani": 1, "Geneva": 2, "Vienna": 1}
    derived = {value for value in values if (place := gazetteer.find(value).place) and place.is_derived}
    assert derived == {"Abano"}


@pytest.mark.parametrize(
    ("text", "place", "how"),
    [
        ("Tsnelisi", "place-tsnelisi", "name"),
        ("  TSNELISI ", "place-tsnelisi", "name"),
        ("Uista", "place-tsnelisi", "alias"),
        ("წნელისი", "place-tsnelisi", "script"),
        ("წნელისი".upper(), "place-tsnelisi", "script"),
        ("Уистӕ", "place-tsnelisi", "script"),
        ("Цнелис", "place-tsnelisi", "script"),
        ("Leningor", "place-akhalgori", "alias"),
        ("Nikozi", "place-zemo-nikozi", "alias"),
        ("Tsnelisi / Uista", "place-tsnelisi", "part"),
        ("Uista/Nowhere", "place-tsnelisi", "part"),
        ("Akhalgori (Leningor)", "place-akhalgori", "bracket"),
        ("Chorchana (western outskirts)", "place-chorchana", "bracket"),
        ("Tamarasheni (Kareli)", "place-tamarasheni", "alias"),
        ("Tamarasheni (Kareli municipality)", "place-tamarasheni", "bracket"),
        ("Tamarasheni (near Tskhinvali)", "place-tamarasheni-tskhinvali", "bracket"),
        ("Kobi (Khashuri municipality)", "place-kobi", "bracket"),
    ],
)
def test_a_name_leads_to_its_place(gazetteer: Gazetteer, text: str, place: str, how: str) -> None:
    match = gazetteer.find(text)
    assert match.place is not None and match.place.id == place
    assert (match.how, match.rivals) == (how, ())


@pytest.mark.parametrize(
    ("text", "rivals"),
    [
        ("Tamarasheni", ["place-tamarasheni", "place-tamarasheni-tskhinvali"]),
        ("Tamarasheni (Imereti)", ["place-tamarasheni", "place-tamarasheni-tskhinvali"]),
        ("Tamarasheni / Chorchana", ["place-chorchana", "place-tamarasheni", "place-tamarasheni-tskhinvali"]),
        ("პერევი", ["place-perevi", "place-pereu"]),
        ("Odzisi / Mosabruni", ["place-odzisi", "place-mosabruni"]),
        ("Kobi (Kazbegi)", ["place-kobi"]),
    ],
)
def test_what_could_be_several_places_gives_no_point_but_rivals(
    gazetteer: Gazetteer, text: str, rivals: list[str]
) -> None:
    match = gazetteer.find(text)
    assert match.place is None
    assert [rival.id for rival in match.rivals] == rivals


@pytest.mark.parametrize(
    "text", ["Geneva", "", "   ", "/", "()", "(Tsnelisi)", "Nowhere (Tsnelisi)", "\x00", "Tsn"]
)
def test_what_names_nothing_leads_nowhere(gazetteer: Gazetteer, text: str) -> None:
    match = gazetteer.find(text)
    assert (match.place, match.rivals, match.how) == (None, (), None)


def test_the_english_name_comes_before_an_alias_and_an_alias_before_another_script() -> None:
    english = village("one", "Balta")
    alias = village("two", "Atotsi", aliases=("Balta", "Дзау"))
    script = village("three", "Java", name_os="Дзау")
    gazetteer = Gazetteer([script, alias, english])
    assert found(gazetteer, "Balta") == "one"
    assert found(gazetteer, "Дзау") == "two"


def test_the_whole_text_comes_before_its_parts() -> None:
    gazetteer = Gazetteer([village("one", "Perevi"), village("both", "Perevi / Karzman")])
    assert found(gazetteer, "Perevi / Karzman") == "both"


def test_names_of_namesakes_carry_their_district_and_lead_back(gazetteer: Gazetteer) -> None:
    names = [gazetteer.name(place) for place in gazetteer]
    assert len(set(names)) == len(gazetteer) == 115
    assert "Tamarasheni (Kareli)" in names and "Kobi" in names
    assert [found(gazetteer, name) for name in names] == [place.id for place in gazetteer]


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("Chorchanna", "Chorchana"),
        ("ჩორჩანე", "Chorchana"),
        ("Тснелиси", "Tsnelisi"),
        ("Reykjavik", None),
        ("", None),
    ],
)
def test_a_near_name_is_suggested(gazetteer: Gazetteer, text: str, suggestion: str | None) -> None:
    assert gazetteer.suggest(text) == suggestion


def test_search_takes_the_start_of_words_in_any_script(gazetteer: Gazetteer) -> None:
    def names(text: str) -> list[str]:
        return [place.name_en for place in gazetteer.search(text)]

    assert names("chorch") == names("ჩორჩ") == names("Чорч") == ["Chorchana"]
    assert names("khurval") == ["Khurvaleti", "Didi Khurvaleti"]
    assert names("didi khurv") == ["Didi Khurvaleti"]
    assert names("   ") == names("xyz") == []
    assert len(gazetteer.search("k", limit=3)) == 3


def test_a_place_keeps_what_its_feature_says(gazetteer: Gazetteer) -> None:
    place = gazetteer.by_id["place-tsnelisi"]
    assert place.names == {"en": "Tsnelisi", "ka": "წნელისი", "ru": "Цнелис", "os": "Уистæ"}
    assert (place.precision_m, place.administered_by) == (700, "South Ossetian authorities")
    assert place.longitude is not None and 43.5 < place.longitude < 43.8
    assert place.latitude is not None and 42.1 < place.latitude < 42.3


@given(st.text(max_size=40) | st.from_regex(r"[A-Za-z/() ]{0,30}", fullmatch=True))
def test_no_text_makes_the_gazetteer_raise(text: str) -> None:
    gazetteer = Gazetteer([village("one", "Kobi", district="Khashuri"), village("two", "Koda")])
    match = gazetteer.find(text)
    assert match.place is None or not match.rivals
    assert gazetteer.suggest(text) in (None, "Kobi", "Koda")
    assert len(gazetteer.search(text)) <= 2


def test_a_cell_full_of_blanks_takes_no_time():
    started = time.process_time()
    assert Gazetteer(()).find("a" + " (" + " " * 19_000 + "b").place is None
    assert time.process_time() - started < 0.3
