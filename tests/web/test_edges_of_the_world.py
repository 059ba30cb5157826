"""The last day, the poles and the world's edge: accepted at import, so every page must stand them."""

import csv
import io

import pytest

from geoapp.cli.opening import open_store
from geoapp.config import Settings
from geoapp.ingest import prepare, read_table
from geoapp.web.app import create_app
from geoapp.web.readers import mapdata

COMMON = {
    "date_precision": "day", "summary": "s", "category": "detention", "place": "Nowhere", "actors": "GE_GOV",
    "location_precision": "exact", "source_publisher": "p", "source_language": "en", "statement": "s",
}  # fmt: skip
ROWS = (
    {"id": "south-pole", "date": "9999-12-31", "latitude": "-90", "longitude": "180"},
    {"id": "north-pole", "date": "0001-01-01", "latitude": "90", "longitude": "-180"},
)
PAGES = (
    "/",
    "/incidents",
    "/incidents?datetime=9999-12-31",
    "/incidents/south-pole",
    "/incidents/north-pole",
    "/methodology",
    "/downloads",
    "/changes",
)


@pytest.fixture(scope="module")
def edge_client(tmp_path_factory):
    file = io.StringIO()
    writer = csv.DictWriter(file, ["id", "date", "latitude", "longitude", *COMMON, "title", "source_url"])
    writer.writeheader()
    writer.writerows(
        COMMON | row | {"title": row["id"], "source_url": f"https://e.org/{row['id']}"} for row in ROWS
    )
    settings = Settings(instance_dir=tmp_path_factory.mktemp("edges"))
    with open_store(settings, create=True) as store:
        store.commit(prepare(store, read_table(file.getvalue().encode(), "edges.csv")))
    return create_app(settings).test_client()


@pytest.mark.parametrize("address", PAGES)
def test_a_record_at_the_edge_breaks_no_page(edge_client, address):
    answer = edge_client.get(address)
    assert answer.status_code == 200 and len(answer.data) < 200_000


@pytest.mark.parametrize(
    ("asked", "clean"),
    [
        ("/incidents/%0d%0aX-Evil:1?utm=1", "/incidents/%0D%0AX-Evil:1"),
        ("/incidents/a%3Fb%23c?utm=1", "/incidents/a%3Fb%23c"),
        ("/incidents/%25?utm=1", "/incidents/%25"),
    ],
)
def test_a_clean_address_is_quoted_again(client, asked, clean):
    answer = client.get(asked)
    assert (answer.status_code, answer.headers["Location"]) == (302, clean)
    assert client.get(clean).status_code == 404


def test_a_validator_that_a_proxy_weakened_is_still_known(client):
    tag = client.get("/methodology").headers["ETag"]
    assert client.get("/methodology", headers={"If-None-Match": f"W/{tag}"}).status_code == 304


def test_a_state_without_a_real_end_makes_no_endless_table():
    from dataclasses import replace
    from datetime import date

    from geoapp.reference import read

    shipped = read(Settings().data_dir)
    far = tuple(replace(row, last=date.max) for row in shipped.checkpoint_states[:1])
    runs = mapdata._runs(replace(shipped, checkpoint_states=far), far[0].checkpoint)
    assert len(runs) == 1 or runs[-1][1] < (date.today() - mapdata.EPOCH).days + 5000
