"""The shipped incidents as Features, and every form written from them once."""

import pytest

from geoapp.config import Settings
from geoapp.export import FORMATS, About
from geoapp.export.credits import parts
from geoapp.export.spooling import write_lines
from geoapp.export.styles import groups_of
from geoapp.query import Filters
from geoapp.store import Store


@pytest.fixture(scope="session")
def shipped(shipped_instance):
    with Store.open(Settings(instance_dir=shipped_instance).store_url) as store:
        yield store


@pytest.fixture(scope="session")
def about(shipped):
    version = shipped.current()
    address = "https://map.example.org/exports/LICENSES.txt"
    credited = parts(shipped.reference())
    return About(
        version=version.number,
        made=version.created,
        licences=address,
        parts=credited,
        groups=groups_of(shipped.reference()),
    )


@pytest.fixture(scope="session")
def lines(shipped, tmp_path_factory):
    target = tmp_path_factory.mktemp("lines") / "incidents.geojsonl"
    write_lines(shipped.features(Filters()), target)
    return target


@pytest.fixture(scope="session")
def written(lines, about, tmp_path_factory):
    """Path of the shipped incidents in each form, by extension."""
    folder = tmp_path_factory.mktemp("forms")
    paths = {extension: folder / f"incidents.{extension}" for extension in FORMATS}
    for extension, path in paths.items():
        FORMATS[extension].save(lines, path, about)
    return paths
