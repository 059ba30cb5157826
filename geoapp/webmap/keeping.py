"""A rendered shell left for the next process: importing folium takes half a second of each start."""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import orjson

from geoapp.webmap.model import Addresses, Bounds, Shell


def build(bounds: Bounds, addresses: Addresses) -> Shell:
    """Render the shell for a map that shows `bounds` (degrees, WGS 84) at first."""
    from geoapp.webmap import rendering

    return rendering.build(bounds, addresses)


def kept(folder: Path, bounds: Bounds, addresses: Addresses) -> Shell:
    """The same, from `folder` where a process left it that had all in common; left there otherwise."""
    file = folder / f"{_key(bounds, addresses)}.json"
    # Damaged or out of reach: it is rendered, and written whole again.
    with suppress(OSError, ValueError, TypeError):
        return Shell(**orjson.loads(file.read_bytes()))
    shell = build(bounds, addresses)
    with suppress(OSError):
        _keep(file, orjson.dumps(asdict(shell)))
    return shell


def _key(bounds: Bounds, addresses: Addresses) -> str:
    """Hash of all that a shell follows from: what it is given, our own code, and the libraries."""
    told = orjson.dumps([bounds, asdict(addresses), version("folium"), version("branca"), version("jinja2")])
    code = (Path(__file__).with_name(f"{name}.py").read_bytes() for name in ("model", "rendering"))
    return hashlib.sha256(b"".join((told, *code))).hexdigest()[:16]


def _keep(file: Path, content: bytes) -> None:
    """Write the file whole, and remove what earlier programs left."""
    file.parent.mkdir(parents=True, exist_ok=True)
    earlier = [each for each in file.parent.glob("*.json") if each != file]
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".made-", delete=False) as made:
        made.write(content)
    Path(made.name).replace(file)
    for each in earlier:
        each.unlink(missing_ok=True)
