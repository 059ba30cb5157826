"""The notebook of the manual, cell by cell, against a site with the shipped data."""

import json
import os
from pathlib import Path

import pytest

from tests.serving import served

FILE = Path(__file__).parents[2] / "docs" / "recipes" / "incidents-per-month.ipynb"
NOTEBOOK = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def names(shipped_instance):
    """What every cell left behind."""
    found = {}
    with pytest.MonkeyPatch.context() as patch, served(shipped_instance) as address:
        patch.setitem(os.environ, "SITE", address)
        for cell in NOTEBOOK["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), found)
    return found


def test_every_incident_with_a_month_is_counted_once(names):
    assert names["table"].to_numpy().sum() + names["without_month"] == 252
    assert names["coverage"]["incidents"].sum() == len(names["dated"])


def test_the_count_that_is_held_against_the_api_is_the_largest(names):
    assert names["matched"] == names["table"].to_numpy().max() > 1


def test_coverage_stands_beside_the_counts(names):
    coverage = names["coverage"]
    assert (coverage["reports"] >= coverage["incidents"]).all()
    assert (coverage["single_source"] <= coverage["incidents"]).all()
    assert (coverage["publishers"] >= 1).all()
    assert names["none_found"] > 0


def test_the_caveat_comes_before_the_first_number():
    first = NOTEBOOK["cells"][0]
    assert first["cell_type"] == "markdown"
    assert "not frequencies" in "".join(first["source"])


def test_it_is_stored_without_results_that_could_be_out_of_date():
    assert (NOTEBOOK["nbformat"], NOTEBOOK["nbformat_minor"]) == (4, 5)
    code = [cell for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert len({cell["id"] for cell in NOTEBOOK["cells"]}) == len(NOTEBOOK["cells"])
