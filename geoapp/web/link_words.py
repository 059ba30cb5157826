"""The words for whether a link to a source works."""

from __future__ import annotations

from geoapp.links import Check
from geoapp.web.dates import day
from geoapp.web.language import gettext as _
from geoapp.web.language import noted

FOUND = {
    "ok": noted("link checked %(day)s: works"),
    "moved": noted("link checked %(day)s: moved to another address"),
    "gone": noted("link checked %(day)s: the page is gone"),
    "failed": noted("link checked %(day)s: no page came"),
}


def link_checked(check: Check | None) -> str:
    """Whether the link to a source works, and the day (UTC) on which that was asked."""
    if check is None:
        return _("link not checked")
    return _(FOUND[check.result.state], day=day(check.checked.date(), short=True))
