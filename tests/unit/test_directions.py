"""A text that turns the direction of writing ends what it turned."""

import pytest

from geoapp.web.directions import closed, closed_value


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("left \u202eright", "\u202c"),
        ("\u202a\u202b\u202d", "\u202c" * 3),
        ("\u2067\u202ex", "\u202c\u2069"),
        ("\u202e\u2066\u2067\u2068x", "\u2069" * 3 + "\u202c"),
        ("\u202e\u2066x\u202c", "\u2069\u202c"),
        # An end that stands before its beginning ends nothing.
        ("\u202c\u2069\u202ex", "\u202c"),
    ],
)
def test_what_a_text_turns_is_ended_behind_it(text, ends):
    assert closed(text) == text + ends


@pytest.mark.parametrize(
    "text",
    ["plain", "ჩორჩანა", "\u05d0\u05d1", "\u200e\u200f\u200b", "", "\u202ex\u202c", "\u2066\u202ex\u2069"],
)
def test_any_other_text_stays_as_it_is(text):
    assert closed(text) == text


@pytest.mark.parametrize("value", [None, 3, ("\u202e",)])
def test_what_is_no_text_passes(value):
    assert closed_value(value) is value
