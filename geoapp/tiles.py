"""The operator's background tiles: a raster MBTiles file of their own, or a provider on another host."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from geoapp.config import Settings
from geoapp.errors import SettingRefused, StoreFailed

# What an image begins with; a file of tiles may hold several kinds.
_KINDS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
_PACKED = b"\x1f\x8b"
EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What the map needs to know of tiles: zoom levels, west, south, east, north (WGS 84), whom to credit."""

    credit: str
    min_zoom: int
    max_zoom: int
    bounds: Box | None = None


class Source(Protocol):
    """Where the tiles come from; `host` (with its scheme) is None for those that we serve ourselves."""

    @property
    def described(self) -> Described:
        """What the map needs to know of them."""

    @property
    def host(self) -> str | None:
        """The other host that a reader's browser asks."""


@dataclass(frozen=True, slots=True)
class Online:
    """Tiles of a provider that xyzservices knows; `address` has the parts {z}, {x} and {y}."""

    described: Described
    address: str

    @property
    def host(self) -> str:
        """Scheme and host of the provider, as the policy of a page names them."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class MBTiles:
    """A file of raster tiles; `digest` stands for its content, `extension` for the kind of its first tile."""

    path: Path
    described: Described
    digest: str
    extension: str
    host: None = None

    def tile(self, zoom: int, x: int, y: int) -> tuple[bytes, str] | None:
        """A tile with its media type, numbered from the north as on the web; raises StoreFailed."""
        row = (1 << zoom) - 1 - y
        asked = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
        try:
            with _opened(self.path) as file:
                found = file.execute(asked, (zoom, x, row)).fetchone()
        except sqlite3.Error as error:
            raise StoreFailed(f"the file of tiles cannot be read: {error}") from error
        kind = _kind(found[0]) if found else None
        return (bytes(found[0]), kind) if kind else None


def source(settings: Settings) -> Source | None:
    """The tiles that the settings name, or None; raises SettingRefused saying what is wrong with them."""
    if settings.mbtiles and settings.online_tiles:
        raise SettingRefused("GEOAPP_MBTILES and GEOAPP_ONLINE_TILES: expected one of the two, found both")
    if settings.online_tiles:
        return _provider(settings.online_tiles)
    return _file(settings.mbtiles) if settings.mbtiles else None


def _provider(name: str) -> Online:
    import xyzservices  # a list of a thousand providers, which most copies never need

    known = xyzservices.providers.flatten().get(name)
    if known is None:
        raise _refused_online("a name that xyzservices knows, such as OpenStreetMap.Mapnik", name)
    if known.requires_token():
        raise _refused_online("a provider that needs no key", name)
    address = known.build_url(x="{x}", y="{y}", z="{z}")
    if not address.startswith("https://") or "{" in re.sub(r"\{[xyz]\}", "", address):
        raise _refused_online("a provider whose tiles have plain https addresses", name)
    bounds = known.get("bounds")
    about = Described(
        credit=_text(known.get("attribution", "").replace("(C)", "©")) or name,
        min_zoom=int(known.get("min_zoom", 0)),
        max_zoom=int(known.get("max_zoom", 18)),
        bounds=(bounds[0][1], bounds[0][0], bounds[1][1], bounds[1][0]) if bounds else None,
    )
    return Online(about, address)


def _refused_online(expected: str, found: str) -> SettingRefused:
    return SettingRefused(f"GEOAPP_ONLINE_TILES: expected {expected}, found {found!r}")


def _file(path: Path) -> MBTiles:
    try:
        with _opened(path) as file:
            told = dict(file.execute("SELECT name, value FROM metadata"))
            first = file.execute("SELECT tile_data FROM tiles LIMIT 1").fetchone()
            zooms = file.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
        with path.open("rb") as plain:
            # Its size and a counter that every change raises: the whole may be of many GB.
            head = plain.read(100)
    except (sqlite3.Error, OSError) as error:
        raise _refused(f"a readable MBTiles file ({error})", path) from error
    if not first:
        raise _refused("a file with tiles in it", path)
    kind = _kind(first[0])
    if kind is None:
        vector = told.get("format") == "pbf" or bytes(first[0] or b"").startswith(_PACKED)
        what = "vector tiles" if vector else "tiles of another kind"
        raise _refused(f"raster tiles (png, jpg or webp), not {what}", path)
    size = path.stat().st_size
    digest = hashlib.sha256(repr((head, size, sorted(told.items()))).encode()).hexdigest()[:16]
    return MBTiles(path, _about(told, zooms, path), digest, EXTENSIONS[kind])


def _about(told: Mapping[str, Any], zooms: tuple[int, int], path: Path) -> Described:
    try:
        numbers = tuple(float(part) for part in str(told["bounds"]).split(",")) if "bounds" in told else None
        return Described(
            credit=_text(str(told.get("attribution", ""))) or _text(str(told.get("name", ""))) or path.name,
            min_zoom=int(told.get("minzoom", zooms[0])),
            max_zoom=int(told.get("maxzoom", zooms[1])),
            bounds=None if numbers is None else _box(numbers),
        )
    except ValueError as error:
        expected = "a metadata table with numbers in minzoom, maxzoom and bounds (west,south,east,north)"
        raise _refused(expected, path) from error


def _box(numbers: tuple[float, ...]) -> Box:
    west, south, east, north = numbers
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError
    return west, south, east, north


def _refused(expected: str, path: Path) -> SettingRefused:
    return SettingRefused(f"GEOAPP_MBTILES: expected {expected}, found {str(path)!r}")


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    # Nobody writes to it while it is served, so that no lock and no file beside it are needed.
    address = f"file:{quote(str(path))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as file:
        yield file


def _kind(content: object) -> str | None:
    if not isinstance(content, bytes):
        return None
    return next((kind for start, kind in _KINDS.items() if content.startswith(start)), None)


class _Text(HTMLParser):
    """What a credit says when its links are taken away."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def _text(markup: str) -> str:
    reader = _Text()
    reader.feed(markup)
    reader.close()
    return " ".join("".join(reader.said).split())
