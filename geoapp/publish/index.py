"""What the reader's browser needs to answer for a server: who is found by which word or code, and the rows.

Incidents are numbered in the order of the list (by date, then id), withdrawn ones included. A list of them
is written as the steps from one to the next, which are small numbers. Everything stands in files named by
their content; `search/index.json` names those of this version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import orjson

from geoapp.publish.fragments import BLOCK, LanguageFiles
from geoapp.publish.hashed import Hashed
from geoapp.publish.site import EVERY_STATUS, Site
from geoapp.query import SORTABLE
from geoapp.store import Store
from geoapp.store.names import Names, names_of
from geoapp.store.rows import links_of, words_of
from geoapp.web.language import LANGUAGES

INDEX = "search/index.json"
# Bytes of one file of words before compression: a search reads one or two of them.
SHARD_BYTES = 256 * 1024
# The names of the vocabulary that the map's columns do not carry.
CODED = ("actor", "publisher", "language")
PLACED = "place_id"
Numbers = dict[str, list[int]]


def index_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file of the index, the one that names the others last."""
    hashed = Hashed()
    with site.store.view() as store:
        found = _gather(store)
        index: dict[str, Any] = {
            "block": BLOCK,
            "keys": hashed.add("keys", "bin", _numbers(found.keys)),
            "orders": _orders(store, found.keys, hashed),
            "codes": hashed.add("codes", "json", orjson.dumps(_coded(found.codes))),
            "words": [[first, hashed.add("words", "json", part)] for first, part in _shards(found.words)],
        }
    yield from hashed.taken()
    index["languages"] = {}
    for language in LANGUAGES.values():
        files = LanguageFiles(site, language, hashed)
        index["languages"][language.code] = files.describe()
        yield from hashed.taken()
    yield INDEX, orjson.dumps(index)


class _Gathered:
    """What one pass over all incidents finds."""

    def __init__(self) -> None:
        self.keys: list[int] = []
        self.words: Numbers = {}
        self.codes: dict[str, Numbers] = {name: {} for name in (*CODED, PLACED)}


def _gather(store: Store) -> _Gathered:
    found, names = _Gathered(), names_of(store.reference())
    for number, record in enumerate(store.stream(EVERY_STATUS)):
        found.keys.append(record.key)
        for word in _words(record, names):
            found.words.setdefault(word, []).append(number)
        if place := record.joined.place_id:
            found.codes[PLACED].setdefault(place, []).append(number)
        for name, code in links_of(record):
            if name in CODED:
                found.codes[name].setdefault(code, []).append(number)
    return found


def _words(record: Any, names: Names) -> set[str]:
    """The words that the store's text index finds this record by."""
    spoken = names.spoken.get(record.joined.place_id or "", ())
    return set(words_of(record.incident, spoken).split())


def _orders(store: Store, keys: list[int], hashed: Hashed) -> dict[str, str]:
    """For each order but that by date the numbers of the incidents in it."""
    number_of = {key: number for number, key in enumerate(keys)}
    orders = {}
    for name in SORTABLE:
        if name != "date":
            ordered = store.keys(EVERY_STATUS.with_values(sortby=(name,)))
            orders[name] = hashed.add(f"order-{name}", "bin", _numbers(number_of[key] for key in ordered))
    return orders


def _numbers(values: Iterable[int]) -> bytes:
    return np.array(list(values), dtype="<u4").tobytes()


def steps(numbers: Iterable[int]) -> list[int]:
    """Ascending numbers as the first one and the steps from each to the next."""
    found, last = [], 0
    for number in numbers:
        found.append(number - last)
        last = number
    return found


def _coded(codes: Mapping[str, Numbers]) -> dict[str, Numbers]:
    return {
        name: {code: steps(numbers) for code, numbers in sorted(by_code.items())}
        for name, by_code in codes.items()
    }


def _shards(words: Numbers) -> Iterator[tuple[str, bytes]]:
    """The words in their order, in files of about one size, each with its first word."""
    part: Numbers = {}
    size = 0
    # By UTF-16 units, as the browser compares texts.
    for word in sorted(words, key=lambda each: each.encode("utf-16-be")):
        part[word] = steps(words[word])
        size += len(word) + 4 * len(part[word])
        if size > SHARD_BYTES:
            yield next(iter(part)), orjson.dumps(part)
            part, size = {}, 0
    if part:
        yield next(iter(part)), orjson.dumps(part)
