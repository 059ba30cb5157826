"""Layers: the shipped ones hold, and a wrong one is told by file, feature and fault."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp import layers
from geoapp.config import resource
from geoapp.errors import DataRefused, Problem
from geoapp.layers import checks

SHIPPED = resource("data")
Edit = Callable[[dict[str, Any]], None]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED / "geojson", tmp_path / "geojson")
    shutil.copy(SHIPPED / "layers.toml", tmp_path)
    return tmp_path


def edit(data_dir: Path, name: str, change: Edit) -> None:
    path = data_dir / "geojson" / f"{name}.geojson"
    collection = orjson.loads(path.read_bytes())
    change(collection)
    path.write_bytes(orjson.dumps(collection))


def retell(data_dir: Path, old: str, new: str) -> None:
    path = data_dir / "layers.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def refused(data_dir: Path) -> list[Problem]:
    with pytest.raises(DataRefused) as caught:
        layers.load(data_dir)
    return [problem for problem in caught.value.problems if problem.level == "error"]


def told(data_dir: Path) -> str:
    problems = refused(data_dir)
    assert len(problems) == 1, problems
    return str(problems[0])


def set_property(key: str, value: Any) -> Edit:
    return lambda collection: collection["features"][0]["properties"].__setitem__(key, value)


def set_geometry(geometry: Any) -> Edit:
    return lambda collection: collection["features"][0].__setitem__("geometry", geometry)


def test_shipped_layers_pass_without_a_warning() -> None:
    loaded = layers.load(SHIPPED)
    assert loaded.warnings == ()
    assert {layer.role for layer in loaded.values()} == set(layers.ROLES)
    assert [
        layer.name for layer in loaded.values() if layer.visible and not layer.role.startswith("basemap")
    ] == [
        "abl",
        "abl_band",
        "checkpoints",
        "places",
        "relief",
    ]
    assert [layer.name for layer in loaded.values() if layer.collection] == [
        "abl",
        "abl_band",
        "abl_segments",
        "abl_alternative",
        "areas",
        "checkpoints",
        "places",
    ]


def test_every_shipped_layer_names_licence_and_credit() -> None:
    for layer in layers.load(SHIPPED).values():
        assert layer.licence and layer.credit and layer.title and layer.source and layer.as_of
        for feature in layer.features:
            assert feature.properties["licence"] and feature.properties["credit"]


def test_shipped_layers_use_only_tokens_of_the_style_sheet() -> None:
    tokens = "".join(path.read_text("utf-8") for path in resource("static").rglob("*.css"))
    for layer in layers.load(SHIPPED).values():
        for token in layer.style.values():
            assert f"{token}:" in tokens.replace(" :", ":"), (layer.name, token)


def test_features_carry_shape_and_id() -> None:
    loaded = layers.load(SHIPPED)
    [line] = loaded.line.features
    assert line.id == "abl-composite"
    assert len(line.geometry.coords) == 92  # type: ignore[union-attr]
    assert len(loaded["places"].features) == 115
    unlocated = loaded["checkpoints"].feature("lomisi-post")
    assert unlocated is not None and unlocated.geometry is None
    assert loaded["checkpoints"].feature("no-such") is None
    assert loaded["relief"].features == () and loaded["relief"].bounds == (38.0, 40.0, 49.0, 45.0)


def test_hash_follows_the_content_and_nothing_else(data_dir: Path) -> None:
    before = layers.load(data_dir)
    assert before.hash == layers.load(SHIPPED).hash
    edit(data_dir, "areas", set_property("note", "changed"))
    after = layers.load(data_dir)
    assert after.hash != before.hash
    assert after["areas"].sha256 != before["areas"].sha256
    assert after["abl"].sha256 == before["abl"].sha256


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda c: c.update(crs={"type": "name"}), "without a crs member"),
        (lambda c: c.update(type="Feature"), "a FeatureCollection"),
        (lambda c: c.update(features=[]), "a list of features that is not empty"),
        (lambda c: c["features"].append(7), "feature 1: error: an object of type Feature"),
        (lambda c: c["features"][0].pop("geometry"), "a Feature with properties and geometry"),
        (set_geometry(None), "a geometry: LineString or MultiLineString"),
        (
            set_geometry({"type": "Point", "coordinates": [44, 42]}),
            "LineString or MultiLineString, found 'Point'",
        ),
        (set_geometry({"type": "LineString", "coordinates": [[44, 42]]}), "a readable LineString"),
        (set_geometry({"type": "LineString", "coordinates": []}), "a geometry with coordinates"),
        (set_geometry({"type": "LineString"}), "a readable LineString"),
        (
            set_geometry({"type": "LineString", "coordinates": [["44", 42], [44, 43]]}),
            "a readable LineString",
        ),
        (set_geometry({"type": "LineString", "coordinates": [[44, 42], [44, 42]]}), "a valid geometry"),
        (set_geometry({"type": "LineString", "coordinates": [[4900000, 42], [44, 43]]}), "WGS 84 degrees"),
        (set_property("licence", ""), "licence of the feature"),
        (set_property("credit", None), "credit of the feature"),
        (set_property("accuracy_p95_m", "4 km"), "accuracy_p95_m: metres"),
        (set_property("accuracy_p95_m", 0), "accuracy_p95_m: metres"),
        (set_property("date", "yesterday"), "a day, month or year"),
        (set_property("date", "2026-13-01"), "a day that exists"),
        (set_property("id", "No Good"), "an id: 3 to 100"),
        (set_property("note", "a\x00b"), "text without control characters"),
        (set_property("source_url", "javascript:alert(1)"), "starts with http:// or https://"),
        (set_property("sources", ["data:text/html,x"]), "starts with http:// or https://"),
        (set_property("note", "ftp://example.org/x"), "starts with http:// or https://"),
        (lambda c: c["features"].append(c["features"][0]), "an id that no other feature"),
    ],
)
def test_a_fault_in_a_file_names_file_and_fault(data_dir: Path, change: Edit, fault: str) -> None:
    edit(data_dir, "abl", change)
    messages = [str(problem) for problem in refused(data_dir)]
    assert all(message.startswith("geojson/abl.geojson") for message in messages)
    assert any(fault in each for each in messages)


def test_a_fault_names_the_feature_by_index_and_id(data_dir: Path) -> None:
    edit(data_dir, "abl_segments", lambda c: c["features"][2]["properties"].pop("credit"))
    assert told(data_dir).startswith("geojson/abl_segments.geojson:feature 2 (abl-s3): error: credit")


def test_a_remark_that_names_a_monitor_is_no_link(data_dir: Path) -> None:
    edit(data_dir, "abl", set_property("note", "EUMM: about 240 m; see also: nothing"))
    assert layers.load(data_dir)["abl"].features[0].properties["note"].startswith("EUMM")


def test_numbers_that_are_not_finite_are_refused(data_dir: Path) -> None:
    path = data_dir / "geojson" / "areas.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [NaN]}', "utf-8")
    assert "readable JSON" in told(data_dir)


def test_a_ring_that_crosses_itself_is_refused(data_dir: Path) -> None:
    ring = [[43, 42], [44, 43], [44, 42], [43, 43], [43, 42]]
    edit(data_dir, "areas", set_geometry({"type": "Polygon", "coordinates": [ring]}))
    assert "Self-intersection" in told(data_dir)


def test_a_ring_that_runs_clockwise_is_a_warning(data_dir: Path) -> None:
    ring = [[43, 42], [43, 43], [44, 43], [44, 42], [43, 42]]
    edit(data_dir, "areas", set_geometry({"type": "Polygon", "coordinates": [ring]}))
    [warning] = layers.load(data_dir).warnings
    assert (warning.level, warning.column) == ("warning", "feature 0 (aoi-chorchana-tsnelisi)")
    assert "counter-clockwise" in warning.expected


@pytest.mark.parametrize(
    ("name", "key", "value", "fault"),
    [
        ("places", "name_en", " ", "name_en of the place"),
        ("places", "name_ka", 7, "name_ka: error: text"),
        ("places", "aliases", "Uista", "a list of names"),
        ("places", "precision_m", None, "precision_m: metres"),
        ("checkpoints", "name", None, "name of the checkpoint"),
        ("checkpoints", "kind", "castle", "kind: one of crossing_point"),
        ("checkpoints", "location_kind", "guess", "location_kind: one of"),
        ("checkpoints", "from", "24 August", "from: error: a day written YYYY-MM-DD"),
        ("checkpoints", "to", "2018-01-01", "an end (to) that is not before the start"),
        ("checkpoints", "precision_m", -5, "precision_m: metres"),
    ],
)
def test_places_and_checkpoints_are_checked_for_what_they_are(
    data_dir: Path, name: str, key: str, value: Any, fault: str
) -> None:
    edit(data_dir, name, set_property(key, value))
    assert fault in told(data_dir)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('role = "line"', 'rolle = "line"', "'rolle'; did you mean 'role'?"),
        ('role = "line"', 'role = "lines"', "found 'lines'; did you mean 'line'?"),
        ('credit = "©', 'credit = "" # "©', "abl.credit: error: text that is not blank"),
        ('as_of = "2026-11-22"', 'as_of = "November"', "abl.as_of: error: a day, month or year"),
        ('licence_url = "https:', 'licence_url = "javascript:', "abl.licence_url: error: an address"),
        ("visible = true", "visible = 1", "abl.visible: error: true or false"),
        ("accuracy_p95_m = 4000", "accuracy_p95_m = inf", "abl.accuracy_p95_m: error: metres"),
        ("accuracy_p95_m = 4000", "", "accuracy_p95_m of the layer, which is missing"),
        ("licence = ", "# ", "licence of the layer, which is missing"),
        ('stroke = "--line"', 'stroke = "#ff0000"', "names of CSS variables"),
        ("bounds = [38.0", "bounds = [98.0", "relief.bounds: error: four numbers"),
        ("geojson/abl.geojson", "../abl.geojson", "a path inside the data folder"),
        ("geojson/abl.geojson", "/etc/passwd", "a path inside the data folder"),
        ("geojson/abl.geojson", "geojson/none.geojson", "a file that can be read"),
        ("[abl]", "[ABL]", "a layer's name"),
        ("[abl]", "abl = 7\n[abl_]", "a table [abl]"),
        ("[abl]", "[abl", "a readable TOML file"),
    ],
)
def test_a_fault_in_the_description_is_told(data_dir: Path, old: str, new: str, fault: str) -> None:
    retell(data_dir, old, new)
    messages = [str(problem) for problem in refused(data_dir)]
    assert any(message.startswith("layers.toml") and fault in message for message in messages), messages


def test_there_is_exactly_one_line(data_dir: Path) -> None:
    retell(data_dir, 'role = "alternative"', 'role = "line"')
    assert "at most 1 layer with role line, found 'abl, abl_alternative'" in told(data_dir)


def test_a_folder_without_description_is_refused(tmp_path: Path) -> None:
    assert "layers.toml: error: a readable TOML file (No such file or directory)" in told(tmp_path)


def test_a_file_that_nobody_describes_is_a_warning(data_dir: Path) -> None:
    (data_dir / "geojson" / "extra.geojson").write_text("{}", "utf-8")
    [warning] = layers.load(data_dir).warnings
    assert warning.value == "geojson/extra.geojson"


def test_all_faults_of_all_files_come_at_once(data_dir: Path) -> None:
    edit(data_dir, "abl", set_property("licence", ""))
    edit(data_dir, "areas", set_property("credit", ""))
    (data_dir / "geojson" / "abl_band.geojson").write_text("{", "utf-8")
    (data_dir / "geojson" / "basemap_hillshade_globe.webp").write_bytes(b"GIF89a")
    retell(data_dir, 'title = "Rivers"', 'titel = "Rivers"')
    sources = {problem.source for problem in refused(data_dir)}
    assert sources == {
        "layers.toml",
        "geojson/abl.geojson",
        "geojson/areas.geojson",
        "geojson/abl_band.geojson",
        "geojson/basemap_hillshade_globe.webp",
    }


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-200, 200)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "coordinates", "properties", "geometry", "id", "features", "date", "from"]
            ),
            inner,
        )
    ),
    max_leaves=12,
)
TYPES = st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "GeometryCollection"])


@given(
    st.sampled_from(sorted(layers.ROLES)),
    st.fixed_dictionaries({"type": TYPES, "coordinates": JSON}) | JSON,
    JSON,
)
def test_no_json_makes_the_checks_raise(role: str, geometry: Any, properties: Any) -> None:
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    content = orjson.dumps({"type": "FeatureCollection", "features": [feature]})
    assert all(isinstance(problem, Problem) for problem in checks.check(role, "x.geojson", content))
    assert checks.check(role, "x.geojson", orjson.dumps(geometry))
