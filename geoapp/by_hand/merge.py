"""Two edits of one incident that met: opened, saved meanwhile, mine; what fits together is put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from geoapp.by_hand.sheet import Cells, Sheet

Verdict = Literal["theirs", "mine", "both"]
_ABOUT = ("source_publisher", "source_date", "statement")


@dataclass(frozen=True, slots=True)
class Piece:
    """One cell that is not the same in all three, or one report that was added (then `column` is None).

    `verdict` says who changed it; of "both" one has to be chosen.
    """

    report: str | None
    column: str | None
    opened: str
    theirs: str
    mine: str
    verdict: Verdict

    @property
    def key(self) -> str:
        """Names the piece in a form."""
        return ".".join(part for part in (self.report, self.column) if part)


def three_way(opened: Sheet, theirs: Sheet, mine: Sheet) -> list[Piece]:
    """Every piece that differs, the incident's first, then report by report, then those added."""
    return [
        *_pieces(None, opened.incident, theirs.incident, mine.incident),
        *_of_reports(opened, theirs, mine),
    ]


def merged(theirs: Sheet, mine: Sheet, pieces: list[Piece], answers: Mapping[str, str]) -> Sheet:
    """What was saved meanwhile with what only I changed, and the answers (by key) where both did."""
    incident = dict(theirs.incident)
    reports = {report["report_id"]: dict(report) for report in theirs.reports}
    for piece in pieces:
        if piece.column is None or piece.verdict == "theirs":
            continue
        cells = incident if piece.report is None else reports[piece.report]
        cells[piece.column] = piece.mine if piece.verdict == "mine" else answers[piece.key]
    return Sheet(incident, (*reports.values(), *_new(mine)))


def combined(opened: str, theirs: str, mine: str) -> str:
    """Both changes in one text, word by word, where they touch different words; else mine."""
    base = _words(opened)
    edits = sorted([*_edits(base, _words(theirs)), *_edits(base, _words(mine))])
    out: list[str] = []
    at = 0
    for number, (start, end, words) in enumerate(edits):
        if number and edits[number - 1] == (start, end, words):
            continue
        if start < at:
            return mine
        out += [*base[at:start], *words]
        at = end
    return "".join([*out, *base[at:]])


def marked(old: str, new: str) -> list[tuple[str, str]]:
    """The new text word by word as ("same"|"out"|"in", text), for showing what changed."""
    before, after = _words(old), _words(new)
    found: list[tuple[str, str]] = []
    for tag, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(after[first:last])))
            continue
        found += [("out", "".join(before[start:end])), ("in", "".join(after[first:last]))]
    return [(kind, text) for kind, text in found if text]


def _pieces(report: str | None, opened: Cells, theirs: Cells, mine: Cells) -> Iterator[Piece]:
    for column, was in opened.items():
        verdict = _verdict(was, theirs[column], mine[column])
        if verdict:
            yield Piece(report, column, was, theirs[column], mine[column], verdict)


def _verdict(opened: str, theirs: str, mine: str) -> Verdict | None:
    """Who changed it; None: nobody, or both did the same."""
    if theirs == mine:
        return None if theirs == opened else "theirs"
    if mine == opened:
        return "theirs"
    return "mine" if theirs == opened else "both"


def _of_reports(opened: Sheet, theirs: Sheet, mine: Sheet) -> Iterator[Piece]:
    before, ours = _by_id(opened), _by_id(mine)
    for report in theirs.reports:
        name = report["report_id"]
        if name not in before:
            yield Piece(name, None, "", _told(report), "", "theirs")
        elif name in ours:
            yield from _pieces(name, before[name], report, ours[name])
    for place, report in enumerate(_new(mine), start=1):
        yield Piece(f"new-{place}", None, "", "", _told(report), "mine")


def _by_id(sheet: Sheet) -> dict[str, Cells]:
    return {report["report_id"]: report for report in sheet.reports if report["report_id"]}


def _new(sheet: Sheet) -> tuple[Cells, ...]:
    return tuple(report for report in sheet.reports if not report["report_id"])


def _told(report: Cells) -> str:
    return ", ".join(report[name] for name in _ABOUT if report[name])


def _words(text: str) -> list[str]:
    """Words, and what stands between them, each on its own; joined they are the text again."""
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def _edits(base: list[str], words: list[str]) -> list[tuple[int, int, list[str]]]:
    found = SequenceMatcher(None, base, words, autojunk=False).get_opcodes()
    return [(start, end, words[first:last]) for tag, start, end, first, last in found if tag != "equal"]
