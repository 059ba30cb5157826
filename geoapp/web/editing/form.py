"""The editors' forms, each read to one typed value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from typing import get_args

from flask import abort, request

from geoapp.drafts import DECISIONS, Answers, Cell
from geoapp.drafts.work import Shown
from geoapp.errors import DataRefused, Problem
from geoapp.incident import COLUMNS
from geoapp.kinds import CONTROL, MAX_TEXT
from geoapp.store import Decision
from geoapp.web.editing.history_page import Narrowed

PASTED = "pasted rows"
_CELL = re.compile(r"[0-9]{1,9}:[a-z_]{1,40}")
# The place of an error, or of a warning.
_ANCHOR = re.compile(r"[ew][0-9]{1,6}")
_DECISION = "decision-"
_UNDO_DECISIONS: Mapping[str, Decision] = {each: each for each in get_args(Decision)}


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came, or rows pasted from a spreadsheet."""

    name: str
    data: bytes
    pasted: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """Another text for a cell, and the mark on the page where the editor goes on."""

    cell: Cell
    text: str
    anchor: str | None


@dataclass(frozen=True, slots=True)
class Saving:
    """The form of a preview: what it showed, the notes, and the decisions about likenesses."""

    shown: Shown
    notes: tuple[str, str]
    decisions: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Undoing:
    """Taking a batch back: both notes, and what happens to each record that was changed since."""

    public: str
    private: str
    decisions: Mapping[str, Decision]


@dataclass(frozen=True, slots=True)
class Restoring:
    """Bringing a record back to one of its versions, with both notes."""

    number: int
    public: str
    private: str


def sent() -> Sent:
    """The file of an upload, else the pasted rows; raises DataRefused when there is neither."""
    file = request.files.get("file")
    if file is not None and file.filename:
        # Some browsers sent the whole path once; only the last part says something.
        with closing(file):
            return Sent(re.split(r"[/\\]", file.filename)[-1], file.read(), False)
    pasted = request.form.get("pasted", "")
    if pasted.strip():
        return Sent(PASTED, pasted.encode("utf-8", "surrogatepass"), True)
    expected = "a file, or rows pasted with their headings; nothing was sent"
    raise DataRefused([Problem("error", "upload", expected)])


def correction() -> Correction:
    """A correction of one cell; a cell that cannot be named is a fault of the sender (400)."""
    cell, text = request.form.get("cell", ""), request.form.get("text", "")
    anchor = request.form.get("anchor", "")
    if not _CELL.fullmatch(cell) or Cell.of(cell).column not in COLUMNS or len(text) > MAX_TEXT:
        abort(400, "The form does not name a cell of the file, or its text is too long.")
    return Correction(Cell.of(cell), _plain(text), anchor if _ANCHOR.fullmatch(anchor) else None)


def with_corrections(answers: Answers, new: Mapping[Cell, str]) -> Answers:
    """The answers with further corrections; a later one for a cell wins."""
    return replace(answers, corrections={**answers.corrections, **new})


def suggestions(problems: Iterable[Problem]) -> dict[Cell, str]:
    """The suggested texts by their cells; of two for one cell the first."""
    found: dict[Cell, str] = {}
    for each in problems:
        if each.line is not None and each.column is not None and each.suggestion is not None:
            found.setdefault(Cell(each.line, each.column), each.suggestion)
    return found


def saving() -> Saving:
    """What the form of a preview says; one that is not ours is a fault of the sender (400)."""
    version, digest = request.form.get("version", ""), request.form.get("digest", "")
    if not re.fullmatch(r"[0-9]{1,9}", version) or not re.fullmatch(r"[0-9a-f]{64}", digest):
        abort(400, "The form does not say which preview it belongs to.")
    notes = (plain("public_note"), plain("private_note"))
    return Saving(Shown(int(version), digest), notes, decisions())


def decisions() -> dict[str, tuple[str, str]]:
    """What is decided about each likeness, by the id of the new record: the decision and the stored id."""
    found = {}
    for name, value in request.form.items():
        decision, _, stored = value.partition(" ")
        if name.startswith(_DECISION) and decision in DECISIONS:
            found[name.removeprefix(_DECISION)] = (decision, stored)
    return found


def undoing(batch: int) -> Undoing:
    """The form of taking a batch back."""
    decided: dict[str, Decision] = {}
    for name, value in request.form.items():
        if name.startswith(_DECISION) and value in _UNDO_DECISIONS:
            decided[name.removeprefix(_DECISION)] = _UNDO_DECISIONS[value]
    public = plain("public_note") or f"Undo of batch {batch}."
    return Undoing(public, plain("private_note"), decided)


def restoring() -> Restoring:
    """The form of bringing a version back; one without a version is a fault of the sender (400)."""
    text = request.form.get("version", "")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", text):
        abort(400, "The form does not name a version of the record.")
    public = plain("public_note") or f"Version {text} of the record brought back."
    return Restoring(int(text), public, plain("private_note"))


def number(name: str) -> int | None:
    """A number that the address may name; None for anything that is no such number."""
    text = request.args.get(name, "")
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,8}", text) else None


def narrowed() -> Narrowed:
    """What the history is narrowed to; a day that is none narrows nothing."""
    record, who = (request.args.get(name, "").strip() for name in ("record", "who"))
    try:
        since = date.fromisoformat(request.args.get("since", "").strip())
    except ValueError:
        since = None
    return Narrowed(record, who, since)


def first() -> int:
    """The place in a long list from which a page shows it; 0 for anything that is no such number."""
    text = request.args.get("from", "")
    return int(text) if re.fullmatch(r"[0-9]{1,7}", text) else 0


def plain(name: str, most: int = MAX_TEXT) -> str:
    """A text of the form, at most so many characters of it, without what no format carries."""
    return _plain(request.form.get(name, "").strip()[:most]).strip()


def _plain(text: str) -> str:
    """Line ends as everywhere else; characters that no format carries are left out."""
    return CONTROL.sub("", text.replace("\r\n", "\n"))
