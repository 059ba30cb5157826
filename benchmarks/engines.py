"""The same store on two engines: what storing, finding, searching and streaming take on each.

    python -m benchmarks.engines sqlite:////tmp/new.sqlite postgresql+psycopg://user@host/new

Each address names a database that is new; prints a table.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from statistics import median

from benchmarks.synthetic import as_csv
from geoapp import reference
from geoapp.config import resource
from geoapp.ingest import prepare, read_table
from geoapp.query import Filters
from geoapp.store import Store

COUNT, TURNS = 20_000, 9
BOX = (43.6, 42.0, 44.0, 42.4)
QUESTIONS: dict[str, Callable[[Store], object]] = {
    "first 50 in a box": lambda store: store.find(Filters(bbox=BOX, limit=50)),
    "ids of all in a box": lambda store: store.ids(Filters(bbox=BOX)),
    "box and a year, 50": lambda store: store.find(
        Filters(bbox=BOX, datetime=(date(2019, 1, 1), date(2019, 12, 31)), limit=50)
    ),
    "search, one word, 50": lambda store: store.find(Filters(q="chorch", limit=50)),
    "search, Georgian letters, 50": lambda store: store.find(Filters(q="ჩორჩანა", limit=50)),
    "by actor and status, 50": lambda store: store.find(
        Filters(actor=("GE_GOV",), status=("disputed",), limit=50)
    ),
    "all as Features": lambda store: sum(map(len, store.features(Filters()))),
}


def main(addresses: Sequence[str]) -> None:
    """Measure each address and print the medians, milliseconds."""
    known = reference.read(resource("data"))
    text = as_csv(known, 0, COUNT, 1)
    found = {address: _measure(address, known, text) for address in addresses}
    columns = [address.partition(":")[0] for address in addresses]
    print(f"| {COUNT:,} incidents, milliseconds | {' | '.join(columns)} |\n|---{'|---:' * len(columns)}|")
    for name in next(iter(found.values())):
        print(f"| {name} | {' | '.join(f'{found[address][name]:,.1f}' for address in addresses)} |")


def _measure(address: str, known: reference.Reference, text: bytes) -> dict[str, float]:
    with Store.open(address) as store:
        store.save_reference(known)
        batch = prepare(store, read_table(text, "synthetic.csv"))
        stored, _ = _took(lambda: store.commit(batch))
        found = {f"storing {store.current().reports:,} reports": stored}
        one = as_csv(known, COUNT, 50, 1)
        more = prepare(store, read_table(one, "more.csv"))
        found["storing 50 more incidents"], _ = _took(lambda: store.commit(more))
        for name, question in QUESTIONS.items():
            found[name] = median(_took(partial(question, store))[0] for _ in range(TURNS))
        found["counts beside all choices"] = _took(lambda: store.facets(Filters(bbox=BOX)))[0]
        return found


def _took(work: Callable[[], object]) -> tuple[float, object]:
    begun = time.perf_counter()
    result = work()
    return 1000 * (time.perf_counter() - begun), result


if __name__ == "__main__":
    main(sys.argv[1:])
