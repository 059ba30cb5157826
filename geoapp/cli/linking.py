"""`geoapp check-links`: asks the sources whether they are still there, politely."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

import click

from geoapp.cli.group import Refused, example
from geoapp.cli.progress import progress
from geoapp.config import Settings

if TYPE_CHECKING:
    from geoapp.links import Checker, Told
    from geoapp.store import Store

_WORDS = {"ok": "work", "moved": "moved", "gone": "are gone", "failed": "failed"}


@click.command("check-links", epilog=example("geoapp check-links", "geoapp check-links --limit 100"))
@click.option("--limit", type=click.IntRange(1), help="Ask at most so many links.", metavar="N")
@click.option(
    "--older-than",
    type=click.IntRange(0, 36_500),
    default=30,
    show_default=True,
    metavar="DAYS",
    help="Ask again those whose last check is older.",
)
def check_links(limit: int | None, older_than: int) -> None:
    """Check whether the links to the sources work, and keep the result and its date for each.

    One link after the other, a host at most every two seconds; only public machines on the ports of the web
    are asked, no proxy is used. The round may be stopped and started again at any time.
    """
    from geoapp.cli.opening import open_store
    from geoapp.links import due

    settings = Settings.from_env()
    with open_store(settings) as store:
        before = datetime.now(UTC) - timedelta(days=older_than)
        urls = due(store, before, limit)
        if not (settings.base_url or settings.contact):
            click.echo(
                "Set GEOAPP_BASE_URL or GEOAPP_CONTACT so that the sites can see who asks them.", err=True
            )
        _report(_round(store, _checker(settings), urls), len(urls))


def _checker(settings: Settings) -> Checker:
    from geoapp.links import Checker

    return Checker(user_agent(settings))


def user_agent(settings: Settings) -> str:
    """The name under which links are asked: the program, then where to read about it and whom to write to."""
    who = "; ".join(
        part for part in (f"+{settings.base_url}" * bool(settings.base_url), settings.contact) if part
    )
    name = f"geoapp/{version('geoapp')} (link check{f'; {who}' if who else ''})"
    return name.encode("ascii", "replace").decode("ascii")


def _round(store: Store, checker: Checker, urls: list[str]) -> list[Told]:
    from geoapp.links import check_due

    told = []
    with progress("Checking links") as show:
        for each in check_due(store, checker, urls):
            told.append(each)
            show(len(told), len(urls))
    return told


def _report(told: list[Told], due: int) -> None:
    """A line for every link that does not simply work, then the counts; raises Refused without a network."""
    states: Counter[str] = Counter(each.result.state for each in told)
    for each in told:
        if each.result.state != "ok":
            where = each.result.moved_to or each.result.reason
            click.echo(f"{each.result.state.replace('_', ' ')}: {each.url} ({where})")
    asked = sum(states[state] for state in _WORDS)
    counts = ", ".join(f"{states[state]:,} {words}" for state, words in _WORDS.items())
    click.echo(
        f"{asked:,} link{'' if asked == 1 else 's'} checked: {counts}." if asked else "No link was checked."
    )
    if not asked and due:
        raise Refused(f"{due:,} links not checked: no network can be reached from this machine.")
    if asked < due:
        raise Refused(f"{due - asked:,} links not checked: no name server knew about them; try again later.")
