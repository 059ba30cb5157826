import hashlib
import json
import re

import pytest
import yaml

from geoapp.export import FORMATS
from geoapp.incident import COLUMNS


def test_the_data_package_describes_every_file_and_every_column(client):
    package = client.get("/datapackage.json").get_json()
    assert [each["format"] for each in package["resources"]] == list(FORMATS)
    for each in package["resources"]:
        path = each["path"].removeprefix("http://localhost")
        content = client.get(path, headers={"Accept-Encoding": "identity"}).data
        assert each["bytes"] == len(content)
        assert each["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
    (table,) = (each["schema"] for each in package["resources"] if "schema" in each)
    assert [field["name"] for field in table["fields"]] == list(COLUMNS)
    assert table["primaryKey"] == "report_id"
    assert all(field["description"] for field in table["fields"])
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert package["sources"]


def test_every_row_of_the_csv_fits_the_table_schema(client):
    import csv
    import io

    package = client.get("/datapackage.json").get_json()
    (table,) = (each["schema"] for each in package["resources"] if "schema" in each)
    text = client.get("/exports/incidents.csv").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len({row["report_id"] for row in rows}) == len(rows)
    for field in table["fields"]:
        limits = field.get("constraints", {})
        for value in (row[field["name"]] for row in rows):
            if not value:
                assert not limits.get("required"), field["name"]
                continue
            assert value in limits.get("enum", [value])
            if "pattern" in limits:
                assert re.search(limits["pattern"], value), (field["name"], value)
            if field["type"] == "number":
                assert limits["minimum"] <= float(value) <= limits["maximum"]
            if field["type"] == "date":
                assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)


def _nodes(value):
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        yield from _nodes(each)


def test_the_catalogue_lists_every_file_with_its_checksum_every_layer_and_the_api(client):
    response = client.get("/catalog.jsonld")
    assert response.content_type.startswith("application/ld+json")
    found = json.loads(response.data)
    incidents, *layers = found["dcat:dataset"]
    for each in incidents["dcat:distribution"]:
        path = each["dcat:downloadURL"]["@id"].removeprefix("http://localhost")
        content = client.get(path, headers={"Accept-Encoding": "identity"}).data
        assert each["dcat:byteSize"]["@value"] == str(len(content))
        assert each["spdx:checksum"]["spdx:checksumValue"]["@value"] == hashlib.sha256(content).hexdigest()
    assert len(incidents["dcat:distribution"]) == len(FORMATS)
    assert all(client.get(each["@id"].removeprefix("http://localhost")).status_code == 200 for each in layers)
    (service,) = found["dcat:service"]
    assert len(service["dcat:servesDataset"]) == 1 + len(layers) > 5
    for name in ("dcat:endpointURL", "dcat:endpointDescription"):
        assert client.get(service[name]["@id"].removeprefix("http://localhost")).status_code == 200


def test_the_catalogue_can_be_read_without_another_document(client):
    found = json.loads(client.get("/catalog.jsonld").data)
    prefixes = found.pop("@context")
    for node in _nodes(found):
        for name in node:
            assert name.startswith("@") or name.partition(":")[0] in prefixes
        if "@id" in node:
            assert node["@id"].startswith(("http://", "https://", *(f"{each}:" for each in prefixes)))


def test_pages_and_api_lead_to_the_catalogue(client):
    assert 'href="/catalog.jsonld"' in client.get("/downloads").text
    links = client.get("/api").get_json()["links"]
    assert any(each["href"].endswith("/catalog.jsonld") for each in links)


def test_the_dataset_is_described_for_search_engines_in_the_page_and_by_itself(client):
    response = client.get("/dataset.jsonld")
    assert response.content_type.startswith("application/ld+json")
    alone = json.loads(response.data)
    page = client.get("/downloads").get_data(as_text=True)
    (inside,) = re.findall(r'<script type="application/ld\+json">(.+?)</script>', page)
    assert json.loads(inside) == alone
    assert alone["@type"] == "Dataset"
    assert alone["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert len(alone["distribution"]) == len(FORMATS)
    first, last = alone["temporalCoverage"].split("/")
    assert first < last
    south, west, north, east = map(float, alone["spatialCoverage"]["geo"]["box"].split())
    assert south < north
    assert west < east


def test_checksums_are_in_the_form_that_sha256sum_checks(client):
    text = client.get("/exports/checksums.txt").get_data(as_text=True)
    told = dict(reversed(line.split("  ")) for line in text.splitlines() if not line.startswith("#"))
    assert list(told) == [f"incidents.{extension}" for extension in FORMATS]
    content = client.get("/exports/incidents.csv", headers={"Accept-Encoding": "identity"}).data
    assert told["incidents.csv"] == hashlib.sha256(content).hexdigest()


def test_the_citation_names_version_and_size_in_every_form(client):
    text = client.get("/exports/citation.txt").get_data(as_text=True)
    assert re.match(
        r"Boundary incidents, version \d+ \(.+\)\. 252 incidents, August 2008 to January 2026\.", text
    )
    assert client.get("/exports/citation.bib").get_data(as_text=True).startswith("@misc{boundary-incidents-v")
    (item,) = json.loads(client.get("/exports/citation.json").data)
    assert item["type"] == "dataset"
    cff = yaml.safe_load(client.get("/exports/citation.cff").data)
    assert (cff["cff-version"], cff["type"], cff["license"]) == ("1.2.0", "dataset", "CC-BY-4.0")
    assert (cff["title"], cff["url"], cff["version"]) == (item["title"], item["URL"], item["version"])
    part = client.get("/exports/citation.txt?datetime=2019-08-24/2019-10-31").get_data(as_text=True)
    assert "63 incidents, " in part
    assert "filtered by datetime=2019-08-24/2019-10-31" in part


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/exports/citation.pdf", 404),
        ("/exports/citation.txt?colour=red", 400),
        ("/exports/checksums.txt?colour=red", 400),
    ],
)
def test_mistakes_are_problem_details(client, path, status):
    response = client.get(path)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/datapackage.json", "/dataset.jsonld", "/catalog.jsonld", "/exports/checksums.txt"]
)
def test_who_holds_it_is_told_so(client, path):
    first = client.get(path)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert first.headers["Access-Control-Allow-Origin"] == "*"
