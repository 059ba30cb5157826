"""The editors' masthead."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for

from geoapp.web import context


@dataclass(frozen=True)
class Entry:
    """One entry; it is shown as soon as its endpoint exists, to those in that role or above it.

    With `setting`, only while that setting is on. It is marked as the current one on every page of its
    endpoint's blueprint, or (`alone`) at its own address.
    """

    label: str
    endpoint: str
    role: str = "editor"
    setting: str = ""
    alone: bool = False


ENTRIES = (
    Entry("Upload", "uploads.start"),
    Entry("Drafts", "drafts.drafts"),
    Entry("Waiting", "reviews.waiting", "reviewer", "second_person"),
    Entry("New incident", "by_hand.new", alone=True),
    Entry("History", "history.history"),
    Entry("Links", "links.links"),
    Entry("People", "people.people", "administrator"),
    Entry("Account", "account.account"),
)


def entries(role: str) -> list[tuple[Entry, bool]]:
    """The entries that somebody in that role sees, each with whether it is the page asked for."""
    from geoapp.users import ROLES

    rank = ROLES.index(role)
    return [
        (entry, _is_current(entry))
        for entry in ENTRIES
        if entry.endpoint in current_app.view_functions
        and ROLES.index(entry.role) <= rank
        and (not entry.setting or getattr(context.settings(), entry.setting))
    ]


def _is_current(entry: Entry) -> bool:
    if entry.alone:
        return url_for(entry.endpoint) == request.script_root + request.path
    return entry.endpoint.partition(".")[0] == request.blueprint


def first(role: str) -> str:
    """The endpoint where somebody in that role begins."""
    return entries(role)[0][0].endpoint
