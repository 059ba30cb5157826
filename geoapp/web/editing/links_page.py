"""`/edit/links`: which links to sources still work, and what could stand in for those that do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template

from geoapp import links
from geoapp.errors import BadParameters, Fault
from geoapp.links import Listed
from geoapp.links.model import State
from geoapp.web import context
from geoapp.web.paging import Paging, offset_faults

blueprint = Blueprint("links", __name__, url_prefix="/edit")
AT_ONCE = 50
# In the order in which an editor wants them.
LABELS: Mapping[State, str] = {
    "gone": "Gone",
    "failed": "No page came",
    "moved": "Moved",
    "not_checked": "Not checked",
    "ok": "Work",
}
# Those that an editor can mend.
TO_MEND: tuple[State, ...] = ("gone", "failed", "moved")


@dataclass(frozen=True)
class Asked:
    """What the page's address asks for; without a state the first one that has links."""

    state: State | None
    offset: int


@dataclass(frozen=True)
class LinksPage:
    """The links in one state and how many there are in each."""

    counts: Mapping[State, int]
    state: State
    rows: tuple[Listed, ...]
    paging: Paging

    @property
    def choices(self) -> list[tuple[State, str, int]]:
        """Every state with its label and count, in order."""
        return [(state, label, self.counts.get(state, 0)) for state, label in LABELS.items()]

    @property
    def label(self) -> str:
        """The label of the state that is shown."""
        return LABELS[self.state]

    @property
    def headline(self) -> str:
        """What the checks came to, in a sentence."""
        if not any(self.counts.get(state) for state in LABELS if state != "not_checked"):
            return "No link has been checked yet"
        to_mend = sum(self.counts.get(state, 0) for state in TO_MEND)
        if not to_mend:
            return "Every link that was checked works"
        return f"{to_mend:,} link{'' if to_mend == 1 else 's'} to look at"


@blueprint.get("/links", endpoint="links")
def page() -> str:
    """The links in one state, with the incidents that give them; raises BadParameters."""
    return render_template("editors/links.html", page=_describe(_asked()))


def _asked() -> Asked:
    words = context.page_words("state", "offset")
    wanted, offset = words.get("state"), words.get("offset", "0")
    state = next((state for state in LABELS if state == wanted), None)
    faults = []
    if wanted is not None and state is None:
        faults.append(Fault("state", wanted, f"one of {', '.join(LABELS)}"))
    if faults := faults + offset_faults(offset):
        raise BadParameters(faults)
    return Asked(state, int(offset))


def _describe(asked: Asked) -> LinksPage:
    store = context.store()
    counts = links.count(store)
    filled: list[State] = [state for state in LABELS if counts.get(state)]
    state = asked.state or (filled or ["not_checked"])[0]
    rows = links.listed(store, state, AT_ONCE, asked.offset)
    return LinksPage(counts, state, tuple(rows), Paging.of(asked.offset, AT_ONCE, counts.get(state, 0)))
