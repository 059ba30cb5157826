"""Small MBTiles files for tests: one colour each."""

import sqlite3
import struct
import zlib
from contextlib import closing
from functools import cache

COLOR = (200, 30, 160)


@cache
def png(color=COLOR, side=256):
    """An image of one colour."""

    def part(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = (b"\0" + bytes(color) * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
    )


def mbtiles(path, zooms=(6, 10), tile=None, drop=None, **metadata):
    """A file with every tile around 42.2 N 44 E at these zoom levels; `metadata` None leaves a name out."""
    told = {
        "name": "Drawn for a test",
        "format": "png",
        "minzoom": str(zooms[0]),
        "maxzoom": str(zooms[1]),
        "bounds": "42,41,46,44",
        "attribution": '<a href="https://example.org/">© Tile Makers</a> &amp; others',
    } | metadata
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        file.execute("CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)")
        file.executemany("INSERT INTO metadata VALUES (?, ?)", [item for item in told.items() if item[1]])
        for zoom in range(zooms[0], zooms[1] + 1):
            # Whole columns and rows around the place, more than what a window shows.
            size = 1 << zoom
            middle_x, middle_y = int(size * 224 / 360), int(size * 0.371)
            file.executemany(
                "INSERT INTO tiles VALUES (?, ?, ?, ?)",
                [
                    (zoom, x, size - 1 - y, tile or png())
                    for x in range(max(0, middle_x - 6), min(size, middle_x + 7))
                    for y in range(max(0, middle_y - 6), min(size, middle_y + 7))
                ],
            )
        if drop:
            file.execute(f"DROP TABLE {drop}")
    return path
