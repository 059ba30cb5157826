"""Two edits that met, as the page shows them: field by field, what fits together and what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geoapp.by_hand import Met, Piece, combined
from geoapp.by_hand.merge import marked
from geoapp.by_hand.save import Form
from geoapp.by_hand.sheet import INCIDENT_CELLS
from geoapp.incident import REPORT_FIELDS
from geoapp.web.incident_form.controls import ALL, COMBINABLE

Marks = list[tuple[str, str]]


@dataclass(frozen=True)
class Row:
    """One piece with its words, what changed in each version, and what was chosen."""

    piece: Piece
    who: str
    choice: str
    text: str

    @property
    def label(self) -> str:
        """The field, and of which report."""
        if self.piece.column is None:
            return "Source"
        label = ALL[self.piece.column].label
        return f"{label} ({self.piece.report})" if self.piece.report else label

    @property
    def opened(self) -> str:
        """What was opened, in words where a blank cell says something."""
        return self.piece.opened or ("from the sources" if self.piece.column == "status" else "")

    @property
    def tag(self) -> str:
        """Who changed it, in words."""
        if self.piece.verdict == "both":
            return "Both changed it"
        did = "added" if self.piece.column is None else "changed"
        return f"Only {'you' if self.piece.verdict == 'mine' else self.who} {did} it"

    @property
    def theirs(self) -> Marks:
        """What was saved meanwhile against what was opened; empty: as opened."""
        return self._against(self.piece.theirs)

    @property
    def mine(self) -> Marks:
        """My text against what was opened; empty: as opened."""
        return self._against(self.piece.mine)

    def _against(self, text: str) -> Marks:
        return [] if text == self.piece.opened else marked(self.piece.opened, text)

    @property
    def is_asked(self) -> bool:
        """Whether a choice is needed."""
        return self.piece.verdict == "both"

    @property
    def can_combine(self) -> bool:
        """Whether both can go into one text."""
        return self.piece.column in COMBINABLE


@dataclass(frozen=True)
class MetPage:
    """The comparison of three versions; `again`: they saved once more, `missing`: a choice or the note is."""

    met: Met
    form: Form
    rows: tuple[Row, ...]
    again: bool = False
    missing: bool = False

    @property
    def who(self) -> str:
        """Who saved meanwhile."""
        return self.met.saved.batch.author or "another process"

    @property
    def title(self) -> str:
        """The incident's title as it is stored now."""
        return self.met.theirs.incident["title"]

    @property
    def asked(self) -> int:
        """How many pieces need a choice."""
        return sum(row.is_asked for row in self.rows)

    @property
    def equal(self) -> int:
        """How many cells are the same in all three."""
        cells = len(INCIDENT_CELLS) + len(REPORT_FIELDS) * len(self.met.theirs.reports)
        return cells - sum(row.piece.column is not None for row in self.rows)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """My sheet as the fields of a form."""
        cells = list(self.met.mine.incident.items())
        for at, report in enumerate(self.met.mine.reports):
            cells += [(f"{at}.{name}", text) for name, text in report.items()]
        return [(name, text) for name, text in cells if text]


def describe(
    met: Met,
    form: Form,
    choices: Mapping[str, tuple[str, str]],
    *,
    again: bool = False,
    missing: bool = False,
) -> MetPage:
    """The page of a comparison with the choices made so far."""
    who = met.saved.batch.author or "the other one"
    rows = []
    for piece in met.pieces:
        suggested = combined(piece.opened, piece.theirs, piece.mine)
        choice, text = choices.get(piece.key, ("", suggested))
        rows.append(Row(piece, who, choice, text or suggested))
    return MetPage(met, form, tuple(rows), again, missing)


def answers(met: Met, choices: Mapping[str, tuple[str, str]]) -> dict[str, str] | None:
    """The chosen text of every piece that both changed; None when one is missing."""
    found = {}
    for piece in met.pieces:
        if piece.verdict != "both":
            continue
        whose, text = choices.get(piece.key, ("", ""))
        known = {"theirs": piece.theirs, "mine": piece.mine, "both": text}
        if whose not in known:
            return None
        found[piece.key] = known[whose]
    return found
