"""What the form sends, read to one typed value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, request

from geoapp.by_hand import Form, Sheet
from geoapp.by_hand.sheet import INCIDENT_CELLS
from geoapp.incident import REPORT_COLUMNS

MOST_REPORTS = 200
_ACT = re.compile(r"(check|save|add|take|drop-[0-9]{1,3})")
_ANSWERS = frozenset({"theirs", "mine", "both"})


@dataclass(frozen=True, slots=True)
class Sent:
    """The form, what its button asks for, and of a comparison the version it showed and the choices."""

    form: Form
    act: str
    seen: int = 0
    choices: Mapping[str, tuple[str, str]] | None = None


def sent(identifier: str | None) -> Sent:
    """The request's form; one that is not ours is a fault of the sender (400)."""
    act = request.form.get("act", "check")
    count = _number("reports")
    if not _ACT.fullmatch(act) or count > MOST_REPORTS:
        abort(400, "The form does not say what is asked for, or has more reports than are taken at once.")
    incident = {each.name: _text(each.name) for each in INCIDENT_CELLS}
    reports = tuple({name: _text(f"{at}.{name}") for name in REPORT_COLUMNS} for at in range(count))
    form = Form(
        sheet=Sheet(incident, reports),
        identifier=identifier,
        opened=_number("opened"),
        public_note=_text("public_note").strip(),
        private_note=_text("private_note").strip(),
    )
    return Sent(form, act, _number("seen"), _choices())


def _choices() -> dict[str, tuple[str, str]]:
    """By the key of each piece: whose words, and the combined text."""
    names = [name.removeprefix("take:") for name in request.form if name.startswith("take:")]
    taken = {name: request.form[f"take:{name}"] for name in names}
    return {name: (whose, _text(f"text:{name}")) for name, whose in taken.items() if whose in _ANSWERS}


def _number(name: str) -> int:
    text = request.form.get(name, "0")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def _text(name: str) -> str:
    """Line ends as everywhere else: browsers send those of the network."""
    return request.form.get(name, "").replace("\r\n", "\n")
