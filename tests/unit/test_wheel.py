"""What `make dist` makes works alone: the wheel carries everything that a checkout has beside the package."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _files(folder, *, below):
    listed = (path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {below + path.relative_to(ROOT).as_posix() for path in listed}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_carries_program_data_pages_and_scripts(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    assert _files("geoapp", below="") <= held
    for folder in ("data", "static", "templates"):
        shipped = _files(folder, below="geoapp/_shipped/")
        assert shipped
        assert shipped <= held


def test_the_wheel_carries_nothing_else(wheel):
    held = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in held} <= {
        "geoapp",
        next(n for n in held if "METADATA" in n).split("/")[0],
    }
    assert not [name for name in held if name.endswith((".pyc", ".sqlite"))]


def test_the_wheel_carries_licence_and_notice(wheel):
    held = zipfile.ZipFile(wheel).namelist()
    for name in ("LICENSE", "NOTICE"):
        assert any(each.endswith(f".dist-info/licenses/{name}") for each in held)
