from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from geoapp import reference
from geoapp.config import resource
from geoapp.web.readers import script_words

ROOT = Path(__file__).parents[2]
TESTS = sorted(path.name for path in (ROOT / "tests" / "js").glob("*.test.mjs"))
NODE = shutil.which("node")


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The scripts and their tests as a package of modules: served scripts need no package.json, Node does."""
    folder = tmp_path_factory.mktemp("package")
    for part in ("static/js", "tests/js"):
        shutil.copytree(ROOT / part, folder / part)
    (folder / "package.json").write_text('{"type": "module"}')
    words = script_words.words(reference.read(resource("data")))
    (folder / "words.json").write_text(json.dumps(words), encoding="utf-8")
    return folder


def test_there_are_tests_of_the_scripts():
    assert TESTS


@pytest.mark.skipif(NODE is None, reason="needs Node.js on the PATH")
@pytest.mark.parametrize("name", TESTS)
def test_the_scripts_hold_their_own_tests(package, name):
    command = [NODE, "--test", "--test-reporter=tap", f"tests/js/{name}"]
    done = subprocess.run(command, cwd=package, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 0" not in done.stdout
