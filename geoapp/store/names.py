"""What the reference data add to rows and filters: the group of a category, every name of a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from geoapp.gazetteer import Gazetteer, all_names
from geoapp.reference import Reference


@dataclass(frozen=True, slots=True)
class Names:
    """Groups by category; the English name and all names of a place by its id."""

    group_of: Mapping[str, str] = field(default_factory=dict)
    english: Mapping[str, str] = field(default_factory=dict)
    spoken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    gazetteer: Gazetteer = field(default_factory=lambda: Gazetteer(()))

    def resolve(self, name: str) -> str:
        """The English name of the place that a name in any script leads to; else the name itself."""
        place = self.gazetteer.find(name).place
        return name if place is None else self.gazetteer.name(place)


def names_of(reference: Reference) -> Names:
    """The names that reference data give."""
    gazetteer = reference.gazetteer
    return Names(
        group_of={code: category.group for code, category in reference.categories.items()},
        english={place.id: gazetteer.name(place) for place in gazetteer},
        spoken={place.id: tuple(all_names(place)) for place in gazetteer},
        gazetteer=gazetteer,
    )
