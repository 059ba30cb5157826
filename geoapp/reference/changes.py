"""What differs between two states of the reference data, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any

from geoapp.errors import shorten
from geoapp.layers import Layer
from geoapp.reference.model import CheckpointState, Reference


def changes(old: Reference, new: Reference) -> list[str]:
    """One line for everything added, removed or changed from `old` to `new`; empty when they are equal."""
    return [
        *_table("party", _rows(old.parties), _rows(new.parties)),
        *_table("actor", _rows(old.actors), _rows(new.actors)),
        *_table("category", _rows(old.categories), _rows(new.categories)),
        *_states(old.checkpoint_states, new.checkpoint_states),
        *_layers(old, new),
    ]


def _rows(table: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {code: asdict(row) for code, row in table.items()}


Table = Mapping[str, Mapping[str, Any]]


def _table(what: str, old: Table, new: Table) -> Iterator[str]:
    yield from (f"{what} {key} added" for key in new if key not in old)
    yield from (f"{what} {key} removed" for key in old if key not in new)
    for key in new:
        if key in old:
            yield from _values(f"{what} {key}", old[key], new[key])
    if list(old) != list(new) and sorted(old) == sorted(new):
        yield f"{what}: order changed"


def _values(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        if before != after:
            yield f"{what}: {name} {_shown(before)} -> {_shown(after)}"


def _shown(value: Any) -> str:
    if value is None or value in ("", ()):
        return "blank"
    return repr(shorten(value if isinstance(value, str) else str(value)))


def _states(old: tuple[CheckpointState, ...], new: tuple[CheckpointState, ...]) -> Iterator[str]:
    yield from (f"state added: {_state(row)}" for row in new if row not in old)
    yield from (f"state removed: {_state(row)}" for row in old if row not in new)


def _state(row: CheckpointState) -> str:
    end = row.last.isoformat() if row.last else "no end known"
    limit = row.days_of_month
    days = "" if limit is None else f", days {limit.low}-{limit.high} of the month"
    return f"{row.checkpoint} {row.state} {row.first.isoformat()} to {end}{days} ({shorten(row.source_url)})"


def _layers(old: Reference, new: Reference) -> Iterator[str]:
    described = [item.name for item in fields(Layer) if item.name != "content"]

    def tell(reference: Reference) -> dict[str, dict[str, Any]]:
        return {
            name: {key: getattr(layer, key) for key in described} for name, layer in reference.layers.items()
        }

    yield from _table("layer", tell(old), tell(new))
    for name, layer in new.layers.items():
        if name in old.layers and old.layers[name].sha256 != layer.sha256:
            yield from _content(old.layers[name], layer)


def _content(old: Layer, new: Layer) -> Iterator[str]:
    before = {each.id: each for each in old.features if each.id}
    after = {each.id: each for each in new.features if each.id}
    lines = [f"layer {new.name}: feature {key} added" for key in after if key not in before]
    lines += [f"layer {new.name}: feature {key} removed" for key in before if key not in after]
    for key in after:
        if key in before:
            what = f"layer {new.name}: feature {key}"
            lines += _values(what, before[key].properties, after[key].properties)
            if before[key].geometry != after[key].geometry:
                lines.append(f"{what}: position changed")
    yield from lines or [f"layer {new.name}: content changed"]
