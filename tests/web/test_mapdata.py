"""What the map's script fetches: complete, kept for ever where the address holds a hash, clear when wrong."""

import json

import brotli
import numpy as np
import pytest

from geoapp import columns
from geoapp.config import Settings
from geoapp.web.app import create_app
from geoapp.web.readers import mapdata


@pytest.fixture(scope="module")
def app(shipped_instance):
    return create_app(Settings(instance_dir=shipped_instance))


@pytest.fixture
def client(app):
    return app.test_client()


def manifest(client):
    return json.loads(client.get("/map/manifest.json").data)


def test_the_chunks_hold_every_incident(client):
    told = manifest(client)
    found = [columns.decode(client.get(f"/map/chunks/{chunk[0]}.bin").data) for chunk in told["chunks"]]
    keys = np.concatenate([chunk["key"] for chunk in found])
    assert len(keys) == told["totals"]["incidents"] == 252
    assert len(set(keys.tolist())) == 252
    located = sum(int((chunk["lon"] != columns.NO_POINT).sum()) for chunk in found)
    assert located == told["totals"]["located"] == 246


def test_a_chunk_comes_as_stored_to_who_takes_brotli_and_may_be_kept(client):
    name = manifest(client)["chunks"][0][0]
    plain = client.get(f"/map/chunks/{name}.bin")
    packed = client.get(f"/map/chunks/{name}.bin", headers={"Accept-Encoding": "br"})
    assert packed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed.data) == plain.data
    assert "immutable" in packed.headers["Cache-Control"]
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_the_manifest_is_asked_for_again_and_answers_304(client):
    first = client.get("/map/manifest.json")
    assert "no-cache" in first.headers["Cache-Control"]
    again = client.get("/map/manifest.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data


def test_keys_are_those_of_what_the_filters_find(client):
    every = np.frombuffer(client.get("/map/keys").data, dtype="<u4")
    some = np.frombuffer(client.get("/map/keys?publisher=The Moscow Times").data, dtype="<u4")
    assert len(every) == 252
    assert 0 < len(some) < 20 and set(some) < set(every)


def test_keys_refuse_unknown_names_and_bad_values_as_problem_details(client):
    answer = client.get("/map/keys?colour=red&bbox=nan,0,1,1")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert "colour" in answer.text and "bbox" in answer.text


def test_every_layer_of_the_configuration_is_served_and_may_be_kept(app, client):
    with app.test_request_context():
        config = mapdata.config()
    assert {"line", "band", "checkpoints", "places", "relief"} <= {
        layer["role"] for layer in config["layers"]
    }
    for layer in config["layers"]:
        answer = client.get(layer["url"])
        assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"]
        assert layer["licence"] and layer["credit"]


@pytest.mark.parametrize(
    "path",
    [
        "/map/layers/abl.0000000000000000.geojson",
        "/map/layers/nothing.0000000000000000.geojson",
        "/map/chunks/nothing.bin",
        "/map/shell.0000000000000000.js",
        "/map/crossings.0000000000000000.json",
    ],
)
def test_what_is_not_there_is_a_404_that_tools_can_read(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_states_of_the_crossings_come_as_runs_of_days(app, client):
    with app.test_request_context():
        address = mapdata.config()["crossings"]
    runs = json.loads(client.get(address).data)["crossing-odzisi-mosabruni"]
    for (_, last, _), (first, _, _) in zip(runs, runs[1:], strict=False):
        assert first == last + 1
    october = (np.datetime64("2019-10-15") - np.datetime64("1970-01-01")).astype(int)
    assert [state for first, last, state in runs if first <= october <= last] == ["closed"]


def test_the_shell_script_is_an_external_module_under_its_hash(app, client):
    with app.test_request_context():
        address = mapdata.script_url()
    answer = client.get(address)
    assert answer.mimetype == "text/javascript"
    assert "createBoundaryMap" in answer.text
