"""The operator's background tiles: read from a file, named by a provider, or refused with what is wrong."""

import gzip
import sqlite3

import pytest

from geoapp import tiles
from geoapp.config import Settings
from geoapp.errors import SettingRefused, StoreFailed
from tests.tiled import mbtiles, png


def opened(path, **more):
    return tiles.source(Settings(mbtiles=path, **more))


def test_no_setting_means_no_tiles():
    assert tiles.source(Settings()) is None


def test_a_file_is_described_by_its_metadata_without_its_markup(tmp_path):
    found = opened(mbtiles(tmp_path / "a.mbtiles"))
    assert found.described == tiles.Described(
        credit="© Tile Makers & others", min_zoom=6, max_zoom=10, bounds=(42.0, 41.0, 46.0, 44.0)
    )
    assert (found.host, found.extension) == (None, "png")


def test_what_the_metadata_leave_out_is_taken_from_the_tiles(tmp_path):
    left_out = dict.fromkeys(("minzoom", "maxzoom", "bounds", "attribution", "format"))
    found = opened(mbtiles(tmp_path / "a.mbtiles", zooms=(7, 8), **left_out))
    assert found.described == tiles.Described(credit="Drawn for a test", min_zoom=7, max_zoom=8)


def test_tiles_are_numbered_from_the_north_and_say_what_they_are(tmp_path):
    file = mbtiles(tmp_path / "a.mbtiles")
    with sqlite3.connect(file) as known:
        known.execute("INSERT INTO tiles VALUES (3, 1, 5, ?)", [b"RIFF....WEBP"])
        known.execute("INSERT INTO tiles VALUES (3, 1, 6, ?)", [b"no image"])
    known.close()
    found = opened(file)
    assert found.tile(3, 1, 2) == (b"RIFF....WEBP", "image/webp")
    assert found.tile(6, 39, 23) == (png(), "image/png")
    assert found.tile(3, 1, 5) is None
    assert found.tile(3, 1, 1) is None


@pytest.mark.parametrize(
    ("start", "extension"), [(b"\x89PNG", "png"), (b"\xff\xd8\xff\xe0", "jpg"), (b"RIFF", "webp")]
)
def test_every_raster_kind_is_taken(tmp_path, start, extension):
    assert opened(mbtiles(tmp_path / "a.mbtiles", tile=start + b"....")).extension == extension


def test_the_digest_follows_the_content_and_not_the_place(tmp_path):
    one, same = opened(mbtiles(tmp_path / "a.mbtiles")), opened(mbtiles(tmp_path / "b.mbtiles"))
    with sqlite3.connect(tmp_path / "b.mbtiles") as changed:
        changed.execute("UPDATE tiles SET tile_data = ? WHERE zoom_level = 6", [png((1, 2, 3))])
    changed.close()
    other = opened(tmp_path / "b.mbtiles")
    assert one.digest == same.digest != other.digest


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ({"tile": gzip.compress(b"layer")}, "not vector tiles"),
        ({"tile": b"\x1a\x05", "format": "pbf"}, "not vector tiles"),
        ({"tile": b"GIF89a"}, "not tiles of another kind"),
        ({"drop": "metadata"}, "no such table: metadata"),
        ({"drop": "tiles"}, "no such table: tiles"),
        ({"zooms": (6, 5)}, "a file with tiles in it"),
        ({"bounds": "44,42"}, "bounds"),
        ({"bounds": "44,42,43,43"}, "bounds"),
        ({"minzoom": "low"}, "minzoom"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_what_is_wrong(tmp_path, made, told):
    with pytest.raises(SettingRefused, match="GEOAPP_MBTILES: expected ") as caught:
        opened(mbtiles(tmp_path / "a.mbtiles", **made))
    assert told in str(caught.value) and str(tmp_path / "a.mbtiles") in str(caught.value)


def test_what_is_no_such_file_is_refused(tmp_path):
    (tmp_path / "text.mbtiles").write_text("no database " * 100)
    for path in (tmp_path / "text.mbtiles", tmp_path / "missing.mbtiles", tmp_path):
        with pytest.raises(SettingRefused, match="readable MBTiles file"):
            opened(path)
    assert not (tmp_path / "missing.mbtiles").exists()


def test_nothing_is_written_beside_the_file(tmp_path):
    opened(mbtiles(tmp_path / "a.mbtiles")).tile(6, 39, 23)
    assert [each.name for each in tmp_path.iterdir()] == ["a.mbtiles"]


def test_a_file_that_went_away_fails_as_the_store_does(tmp_path):
    found = opened(mbtiles(tmp_path / "a.mbtiles"))
    (tmp_path / "a.mbtiles").unlink()
    with pytest.raises(StoreFailed, match="file of tiles cannot be read"):
        found.tile(6, 39, 23)


def test_a_provider_is_known_by_name_and_has_one_host():
    found = tiles.source(Settings(online_tiles="OpenStreetMap.Mapnik"))
    assert found.address == "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
    assert found.host == "https://tile.openstreetmap.org"
    assert "OpenStreetMap contributors" in found.described.credit and "<" not in found.described.credit
    # One of its names for the same tiles: the policy of a page can then name one host.
    assert tiles.source(Settings(online_tiles="OpenTopoMap")).host == "https://a.tile.opentopomap.org"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("OpenStreetMap.Nothing", "a name that xyzservices knows"),
        ("https://tile.example.org/{z}/{x}/{y}.png", "a name that xyzservices knows"),
        ("Thunderforest.Transport", "needs no key"),
        ("MtbMap", "plain https addresses"),
    ],
)
def test_a_provider_that_cannot_be_used_is_refused(name, told):
    with pytest.raises(SettingRefused, match=f"GEOAPP_ONLINE_TILES: expected .*{told}"):
        tiles.source(Settings(online_tiles=name))


def test_one_background_is_enough(tmp_path):
    with pytest.raises(SettingRefused, match="one of the two"):
        opened(mbtiles(tmp_path / "a.mbtiles"), online_tiles="OpenStreetMap.Mapnik")
