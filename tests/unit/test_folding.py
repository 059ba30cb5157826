"""Folding: spellings of one word meet, and nothing raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.folding import fold, latin, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ჩორჩანა", "ჩორჩანა".upper()),
        ("ჩორჩანა", "ⴙⴍⴐⴙⴀⴌⴀ"),
        ("ЦХИНВАЛИ", "цхинвали"),
        ("Уистӕ", "Уистæ"),
        ("УИСТӔ", "уистӕ"),
        ("Артём", "Артем"),
        ("Dzvileţi", "dzvileti"),
        ("Ts’nelisi", "TSNELISI"),
        ("Квемо-Чала", "Квемо Чала"),
        ("crossing_closed", "Crossing closed"),
        ("ＡＢＬ", "abl"),
    ],
)
def test_spellings_of_one_word_meet(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


def test_short_i_stays_a_letter_of_its_own() -> None:
    assert fold("Май") == "май"


def test_scripts_stay_apart_until_transliterated() -> None:
    assert fold("ჩორჩანა") != fold("Chorchana")
    assert latin("ჩორჩანა") == latin("Чорчана") == latin("Chorchana") == "chorchana"


def test_possessive_leaves_the_word_findable() -> None:
    assert tokens("Georgia's  post, 944.8 m") == ["georgia", "s", "post", "944", "8", "m"]


@pytest.mark.parametrize("text", ["", " ", "///", "()", "\u0301"])
def test_text_without_letters_folds_to_nothing(text: str) -> None:
    assert fold(text) == ""
    assert tokens(text) == []


@given(st.text(alphabet=st.characters()))
def test_folding_any_text_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(latin(text)) == latin(text)


@given(st.sampled_from("აბგდჯჰӕæйёЖшǢ"), st.text(max_size=8))
def test_case_does_not_matter(letter: str, rest: str) -> None:
    assert fold(letter.upper()) == fold(letter)
    assert tokens(f"{letter} {rest}")[0] == tokens(letter.upper())[0]
