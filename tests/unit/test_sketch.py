"""Names on the small maps: where they go, and when they are left out."""

import pytest

from geoapp.web.sketch import Room

WIDTH = 480


@pytest.mark.parametrize(("x", "is_left"), [(100, False), (240, False), (260, True), (470, True)])
def test_a_name_goes_towards_the_middle_where_larger_letters_have_room(x, is_left):
    label = Room(WIDTH).label(x, 50, "Tseronisi", main=False)
    assert label.end is is_left


def test_where_that_side_is_taken_it_goes_to_the_other():
    room = Room(WIDTH, [(200, 40, 255, 60)])
    assert room.label(260, 50, "Balta", main=False).end is False


def test_a_name_that_would_cover_another_or_leave_the_picture_is_left_out():
    room = Room(WIDTH, [(0, 0, WIDTH, 100)])
    assert room.label(100, 50, "Balta", main=False) is None
    assert Room(WIDTH).label(240, 50, "A name of very many letters " * 2, main=False) is None


def test_the_place_of_the_record_itself_keeps_its_side():
    assert Room(WIDTH).label(244, 200, "Tsnelisi", main=True).end is False


def test_a_main_name_that_small_screens_enlarge_has_room_there_too():
    taken = [(200, 40, 230, 60)]
    assert Room(WIDTH, list(taken)).label(110, 50, "Chorchana", main=True).end is False
    assert Room(WIDTH, list(taken), main_letter=12.4).label(110, 50, "Chorchana", main=True) is None
    assert Room(WIDTH, list(taken), main_letter=12.4).label(150, 50, "Chorchana", main=True).end is True
