"""What is allowed and yet unlikely is warned of, and stored as it was given."""

import pytest

from geoapp.ingest.checking.lookalikes import mixed_word
from tests.unit.ingest.conftest import ROW


def warned(editor, **cells):
    return [(each.column, each.expected, each.suggestion) for each in editor.preview(ROW | cells).warnings]


def test_a_point_at_the_named_place_is_not_warned_of(editor):
    place = editor.store.data.gazetteer.find("Chorchana").place
    assert warned(editor, latitude=str(place.latitude), longitude=str(place.longitude)) == []


def test_coordinates_that_look_swapped_are_shown_the_other_way_round(editor):
    (first, second) = warned(editor, latitude="43.62", longitude="42.12")
    assert (first[0], first[2], second[0], second[2]) == ("latitude", "42.12", "longitude", "43.62")
    assert "swapped" in first[1]


def test_a_claimed_point_is_held_against_the_region_too(editor):
    ((column, expected, _),) = warned(editor, claimed_latitude="10", claimed_longitude="10")
    assert column == "claimed_latitude"
    assert "far outside" in expected


def test_a_point_far_from_the_named_place_says_how_far(editor):
    ((column, expected, _),) = warned(editor, latitude="42.2", longitude="44.2")
    assert column == "latitude"
    assert "Chorchana" in expected
    assert "km away" in expected


def test_a_record_that_stays_as_it_is_is_not_warned_of_again(busy):
    row = ROW | {"latitude": "10", "longitude": "10"}
    busy.upload(row)
    assert busy.preview(row).warnings == ()


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("Chorchаna", "Chorchana"),  # a Cyrillic letter in a Latin word
        ("Цхинвaли", "Цхинвали"),  # a Latin letter in a Cyrillic word
        ("Posts at Сhоrсhаnа", "Posts at Chorchana"),
        ("ჩoრჩანა", None),
    ],
)
def test_letters_that_look_alike_are_found(text, better):
    found = mixed_word(text)
    assert found is not None
    assert found[1] == better


@pytest.mark.parametrize(
    "text",
    [
        "Chorchana",
        "Chorchana / Чорчана / ჩორჩანა",
        "Хуссар Ирыстоны æмæ",
        "EUMM-ის",
        "EUMMის",
        "Café",
        "ОБСЕ-OSCE",
    ],
)
def test_legitimate_mixtures_are_not(text):
    assert mixed_word(text) is None


def test_names_are_warned_of_with_a_suggestion(editor):
    found = warned(editor, place="Chorchаna")
    assert [(column, suggestion) for column, _, suggestion in found if "one script" in _] == [
        ("place", "Chorchana")
    ]
