"""How long work shows that it goes on: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Progress = Callable[[int, int], None]
_LINES = 10
_OBJECTS_MADE, _COLLECTIONS = 200_000, (50, 50)


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """A function of (done, total) that shows `what` on the error stream."""
    if not sys.stderr.isatty():
        yield _plain(what)
        return
    from tqdm import tqdm

    with tqdm(desc=what, file=sys.stderr, leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for cycles of garbage seldom meanwhile: a batch is made of many objects that all stay."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS_MADE, *_COLLECTIONS)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _plain(what: str) -> Progress:
    """At most ten lines for one piece of work, none for what is done at once."""
    told = 0

    def show(done: int, total: int) -> None:
        nonlocal told
        tenth = _LINES * done // total if total else 0
        if tenth > told and done < total:
            told = tenth
            click.echo(f"{what}: {100 * done // total} %", err=True)

    return show
