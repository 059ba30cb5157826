"""The program's own voice takes no side: its texts are scanned for words that belong to a party.

Such words may stand in what a party is reported to say (statements in the data, `says` in stories; `<q>`
in templates), in source titles, in addresses, in import synonyms and in names of organisations. Everything
else is ours.
Titles and summaries of incidents are not scanned: they tell who says what ("what both call
the state border"), which a list of words cannot tell from speaking so; their editors answer for them.
"""

from __future__ import annotations

import ast
import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

import orjson
import pytest

from geoapp.config import PACKAGE, resource

ROOT = PACKAGE.parent
DATA, TEMPLATES, STATIC = resource("data"), resource("templates"), resource("static")
Text = tuple[str, str]

PARTISAN = re.compile(
    r"""\b(
      occup\w* | border\w* | frontier\w* | regime\w* | de[\s-](facto|jure) | so[\s-]called | samachablo
    | breakaway | separatis\w* | secession\w* | self[\s-](proclaimed|declared) | unrecogni[sz]ed | puppet\w*
    | aggress\w* | invad\w* | invasion\w* | annex(es|ed|ing|ation) | liberat\w* | creeping | genocid\w*
    | illegal\w* | illegitima\w* | unlawful\w* | provocat\w* | provok\w* | ethnic\s+cleansing
    | kidnap\w* | abduct\w* | hostage\w* | terroris\w* | saboteur\w* | militant\w*
    | trespass\w* | violators? | intrud\w*
    | republic\s+of\s+south\s+ossetia | state\s+of\s+alania | tskhinvali\s+region
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
ADDRESS = re.compile(r"https?://\S+")

# Exact phrases, as they stand, and why each takes no side.
ALLOWED: Mapping[str, str] = {
    "Border service of the FSB of Russia": "name of an organisation, as it calls itself",
    "Includes its border service": "name of a service of the South Ossetian KGB, as it calls itself",
    "South Ossetian border service": "name of an organisation, as it calls itself",
    "FSB border-guard base": "named after its organisation, the border guard of the FSB",
    "Russian border to Perevi": "end of a stretch at the border of Russia, which no party contests",
    "Akhalgori edge to the Russian border": "the other end of the line, at the same border",
}


class _Visible(HTMLParser):
    """Collects what a reader sees or hears; text in `<q>` is somebody's words and is left out."""

    SPOKEN = ("alt", "title", "aria-label", "aria-description", "placeholder", "content", "label", "value")

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if name in self.SPOKEN and value]
        self._silent += tag in ("q", "script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("q", "script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)


QUOTED = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SCRIPT = re.compile(rf"//[^\n]*|/\*.*?\*/|({QUOTED}|`(?:\\.|[^`\\])*`)", re.DOTALL)


def template_texts(source: str) -> Iterator[str]:
    """Visible text of a template, and the string constants in its expressions."""
    for tag in JINJA.findall(source):
        if not tag.startswith("{#"):
            yield from re.findall(QUOTED, tag)
    reader = _Visible()
    reader.feed(JINJA.sub(" ", source))
    reader.close()
    yield from reader.texts


def script_texts(source: str) -> Iterator[str]:
    """String constants of a script, without its comments."""
    yield from (found[1] for found in SCRIPT.finditer(source) if found[1])


def python_texts(source: str) -> Iterator[str]:
    """String constants of a module; docstrings too, because the command line prints some of them as help."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def strings(value: Any) -> Iterator[str]:
    """Every string inside a JSON or TOML value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def csv_texts(name: str, *columns: str) -> Iterator[Text]:
    """The cells of these columns, each with its line."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert set(columns) <= set(reader.fieldnames or ())
        for row in reader:
            yield from ((f"{name}:{reader.line_num}:{column}", row[column]) for column in columns)


def story_texts() -> Iterator[Text]:
    """What the stories say in our own words; `says` tells what a party says."""
    for path in sorted(DATA.glob("stories/*.toml")):
        story = tomllib.loads(path.read_text("utf-8"))
        for step in story["step"]:
            step.pop("says", None)
        yield from ((path.name, text) for text in strings(story))


def data_texts() -> Iterator[Text]:
    """What the data files say in our own words."""
    yield from csv_texts("actors.csv", "code", "name", "side", "party", "note")
    yield from csv_texts("categories.csv", "code", "label", "group", "group_label", "definition")
    yield from csv_texts("checkpoint_states.csv", "state", "note")
    described = tomllib.loads((DATA / "layers.toml").read_text("utf-8"))
    yield from (("layers.toml", text) for text in strings(described))
    yield "LICENSES.txt", (DATA / "LICENSES.txt").read_text("utf-8")
    yield from story_texts()
    for path in sorted(DATA.glob("geojson/*.geojson")):
        for feature in orjson.loads(path.read_bytes())["features"]:
            where = f"{path.name} {feature['properties'].get('id', '')}"
            yield from ((where, text) for text in strings(feature["properties"]))


def code_texts() -> Iterator[Text]:
    """What templates, scripts and modules say."""
    for folder, pattern, read in (
        (TEMPLATES, "*.html", template_texts),
        (TEMPLATES, "*.xml", template_texts),
        (STATIC, "*.svg", template_texts),
        (STATIC, "*.js", script_texts),
        (PACKAGE, "*.py", python_texts),
    ):
        for path in sorted(folder.rglob(pattern)):
            yield from ((path.relative_to(ROOT).as_posix(), text) for text in read(path.read_text("utf-8")))


def partisan(text: str) -> list[str]:
    """The words of a party in a text of ours."""
    text = ADDRESS.sub(" ", text)
    for phrase in ALLOWED:
        text = text.replace(phrase, " ")
    return [found[0] for found in PARTISAN.finditer(text)]


def test_our_data_texts_take_no_side() -> None:
    faults = [f"{where}: {words} in {text!r}" for where, text in data_texts() if (words := partisan(text))]
    assert not faults, "\n".join(faults)


def test_our_pages_scripts_and_messages_take_no_side() -> None:
    faults = [
        f"{where}: {words} in {text[:200]!r}" for where, text in code_texts() if (words := partisan(text))
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("phrase", ALLOWED)
def test_every_exception_is_still_needed(phrase: str) -> None:
    assert PARTISAN.search(phrase)
    assert any(phrase in text for _, text in data_texts())


@pytest.mark.parametrize(
    "text",
    [
        "the occupation line",
        "Occupied territory",
        "borderization works",
        "the state border",
        "de facto authorities",
        "de-facto",
        "the regime",
        "a breakaway region",
        "separatists",
        "illegal detention",
        "a provocation",
        "kidnapped",
        "the aggressor",
        "a puppet",
        "so-called post",
        "Tskhinvali region",
        "Republic of South Ossetia",
        "annexation",
    ],
)
def test_words_of_a_party_are_found(text: str) -> None:
    assert partisan(text)


@pytest.mark.parametrize(
    "text",
    [
        "administrative boundary line",
        "South Ossetian authorities",
        "Tbilisi-administered territory",
        "an annex",
        "see https://occupied.eastwatch.eu/borderization-gugutiantkari/ for more",
        "Border service of the FSB of Russia",
    ],
)
def test_neutral_words_pass(text: str) -> None:
    assert partisan(text) == []


def test_templates_are_read_as_a_reader_meets_them() -> None:
    source = """{# border #}<p class="border" title="regime">a {{ name|default("illegal") }} b</p>
        <style>p { border: 0 }</style><q>state border</q>{% if border %}after{% endif %}"""
    assert [words for text in template_texts(source) for words in partisan(text)] == ["illegal", "regime"]


def test_scripts_are_read_without_comments_and_names() -> None:
    source = '// a border\nconst border = \'regime\'; /* illegal */ show(`so-called ${border}`, "a\\"b");'
    assert [words for text in script_texts(source) for words in partisan(text)] == [
        "regime",
        "so-called",
        "border",
    ]
