"""The catalogs hold every message, whole, with the same places to fill in; and take no side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from geoapp import reference
from geoapp.config import resource
from geoapp.web import catalogs, extraction, language

CODES = [code for code in language.LANGUAGES if code != language.DEFAULT]
FOLDERS = {"program": catalogs.OURS, "data": catalogs.of_data(resource("data"))}
PATHS = [folder / f"{code}.po" for folder in FOLDERS.values() for code in CODES]
PLACES = re.compile(r"%\(\w+\)s|%%")
LETTERS = {"ka": "\u10d0-\u10ff", "ru": "\u0400-\u04ff"}


def named(path: Path) -> str:
    return f"{path.parent.parent.name}-{path.stem}"


@pytest.fixture(scope="module")
def wanted() -> dict[str, Catalog]:
    data = resource("data")
    return {
        "program": extraction.program(),
        "data": extraction.of_data(reference.read(data), data),
    }


def messages(path: Path) -> Iterator[Message]:
    return (each for each in catalogs.read(path) if each.id)


def texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", FOLDERS)
def test_a_catalog_holds_what_is_said_and_nothing_else(wanted, name, code):
    path = FOLDERS[name] / f"{code}.po"
    assert extraction.as_file(extraction.in_step(path, wanted[name])) == path.read_bytes()


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_every_message_is_translated_in_every_form(path):
    catalog = catalogs.read(path)
    assert extraction.untranslated(catalog) == []
    counted = [each for each in catalog if each.pluralizable and each.id]
    assert all(len(texts(each.string)) == catalog.num_plurals for each in counted)
    assert [each.id for each in catalog if each.id and each.fuzzy] == []


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_a_translation_fills_in_what_the_message_fills_in(path):
    for each in messages(path):
        expected = set(PLACES.findall(" ".join(texts(each.id))))
        for form in texts(each.string):
            assert set(PLACES.findall(form)) == expected, f"{each.id!r}: {form!r}"


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_no_word_mixes_letters_of_two_alphabets(path):
    own = LETTERS[path.stem]
    mixed = re.compile(rf"[{own}][A-Za-z]|[A-Za-z][{own}]")
    foreign = re.compile("[{}]".format("".join(each for code, each in LETTERS.items() if code != path.stem)))
    for each in messages(path):
        for form in texts(each.string):
            plain = PLACES.sub(" ", form)
            assert not mixed.search(plain) and not foreign.search(plain), form


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_a_translation_carries_no_markup(path):
    assert [
        each.id for each in messages(path) for form in texts(each.string) if "<" in form or "{" in form
    ] == []


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_a_catalog_that_no_native_editor_read_is_marked_in_its_header(path):
    assert catalogs.read(path).fuzzy
    assert "no native editor has reviewed this catalog yet" in path.read_text("utf-8")


def test_an_unmarked_catalog_counts_as_reviewed(tmp_path, wanted):
    path = tmp_path / "ka.po"
    path.write_bytes(catalogs.OURS.joinpath("ka.po").read_bytes().replace(b"#, fuzzy\n", b"", 1))
    assert not catalogs.read(path).fuzzy
    kept = extraction.in_step(path, wanted["program"])
    assert not kept.fuzzy


def test_a_new_message_comes_in_blank_and_an_old_one_goes(tmp_path):
    path, said = tmp_path / "ru.po", Catalog()
    said.add("One")
    said.add("Two")
    path.write_bytes(extraction.as_file(extraction.in_step(path, said)))
    said = Catalog()
    said.add("Two")
    said.add(("%(count)s thing", "%(count)s things"))
    after = extraction.in_step(path, said)
    assert {each.id if isinstance(each.id, str) else each.id[0] for each in after if each.id} == {
        "Two",
        "%(count)s thing",
    }
    assert extraction.untranslated(after) == ["%(count)s thing", "Two"] or extraction.untranslated(after) == [
        "Two",
        "%(count)s thing",
    ]


# Words of one party in each language. The words for the boundary line itself and for two ends of the
# line at the border of Russia, which no party contests, are those of `docs/glossary.md`.
PARTISAN = {
    "ka": r"ოკუპ\w*|ბორდერიზაცი\w*|სეპარატ\w*|მარიონეტ\w*|დე[ -]ფაქტო\w*|ე\.?წ\.?\s|ეგრეთ წოდებულ\w*|"
    r"რეჟიმ\w*|უკანონო\w*|პროვოკაცი\w*|აგრესი\w*|აგრესორ\w*|ანექსი\w*|გატაც\w*|მძევ\w*|ტერორ\w*|სამაჩაბლო\w*|"
    r"ცხინვალის რეგიონ\w*|ოკრუგ\w*|გენოციდ\w*|დივერსან\w*|მცოცავ\w*|\bსაზღვ\w*|\bსასაზღვრ\w*",
    "ru": r"оккуп\w*|бордериз\w*|сепарат\w*|марионет\w*|де[ -]факто|так называем\w*|режим\w*|незаконн\w*|"
    r"провокац\w*|агресс\w*|аннекс\w*|похи\w*|заложник\w*|террор\w*|самачабло|цхинвальск\w+ регион\w*|"
    r"геноцид\w*|диверсант\w*|нарушител\w*|госграниц\w*|государственн\w+ границ\w*|границ\w*|рубеж\w*|"
    r"республик\w+ южн\w+ осети\w+|бандит\w*|боевик\w*",
}
ALLOWED = {
    "ka": (
        "ადმინისტრაციული საზღვრის",
        "საზღვრის ხაზი (სქემატური)",
        "სადავო საზღვრის ხაზები",
        "რუსეთის საზღვარი",
        "სასაზღვრო",
    ),
    "ru": (
        "линия административной границы",
        "Линия административной границы",
        "линия границы (схематически)",
        "границы (схематически)",
        "оспариваемые линии границ",
        "граница России",
        "Граница России",
        "Пограничн",
    ),
}


def partisan(code: str, text: str) -> list[str]:
    for phrase in ALLOWED[code]:
        text = text.replace(phrase, " ")
    return re.findall(PARTISAN[code], text, re.IGNORECASE)


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_the_translations_take_no_side(path):
    faults = [
        (form, found)
        for each in messages(path)
        for form in texts(each.string)
        if (found := partisan(path.stem, form))
    ]
    assert faults == []


@pytest.mark.parametrize("code", CODES)
def test_every_exception_of_a_language_is_still_needed(code):
    said = [
        form
        for folder in FOLDERS.values()
        for each in messages(folder / f"{code}.po")
        for form in texts(each.string)
    ]
    assert [phrase for phrase in ALLOWED[code] if not any(phrase in form for form in said)] == []


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ka", "საოკუპაციო ხაზი"),
        ("ka", "ოკუპირებული ტერიტორია"),
        ("ka", "დე ფაქტო ხელისუფლება"),
        ("ka", "ცხინვალის რეგიონი"),
        ("ka", "სახელმწიფო საზღვარი"),
        ("ka", "გატაცება"),
        ("ru", "оккупационная линия"),
        ("ru", "государственная граница"),
        ("ru", "сепаратистский режим"),
        ("ru", "провокация"),
        ("ru", "нарушители"),
        ("ru", "Республики Южная Осетия"),
    ],
)
def test_words_of_a_party_are_found_in_each_language(code, text):
    assert partisan(code, text)
