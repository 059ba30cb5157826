"""What operators copy from `deploy/`, held against the programs that read it."""

import gzip
import shutil
import subprocess
import sys
import urllib.request
from fnmatch import fnmatch
from pathlib import Path

import pytest

from benchmarks import programs
from benchmarks.published import example
from geoapp.publish.headers import headers_file

DEPLOY = Path(__file__).parents[2] / "deploy"

pytestmark = pytest.mark.tools


@pytest.mark.parametrize("name", ["geoapp.service", "geoapp-backup.service", "geoapp-backup.timer"])
def test_systemd_finds_no_fault_in_a_unit(tmp_path, name):
    for unit in DEPLOY.glob("geoapp*.*"):
        # The program stands elsewhere here; everything else is as it is shipped.
        text = unit.read_text(encoding="utf-8").replace("/opt/geoapp/bin/geoapp", sys.executable)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    done = subprocess.run(
        [program, "verify", "--man=no", str(tmp_path / name)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


# A page, the map for other sites, what never changes, what programs may read, and the rest.
PUBLISHED = (
    "/index.html",
    "/ka/index.html",
    "/incidents/x/index.html",
    "/embed/index.html",
    "/ru/embed/index.html",
    "/static/a/js/main.js",
    "/map/chunks/a.bin",
    "/map/layers/a.geojson",
    "/search/files/a.json",
    "/map/manifest.json",
    "/exports/incidents.csv",
    "/datapackage.json",
    "/robots.txt",
)
# Said by the pages themselves, or of no use where nothing is run.
OF_PAGES = ("Referrer-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy")


def _asked_for(path):
    """The headers that `_headers` asks a host for, the last of a name; policies as one."""
    found, policies, holds = {}, [], False
    for line in headers_file("").decode().splitlines():
        if not line.startswith(" "):
            holds = fnmatch(path, line) and not (line == "/" and path != "/")
        elif holds:
            name, value = line.strip().split(": ", 1)
            if name == "Content-Security-Policy":
                policies.append(value)
            else:
                found[name] = value
    return found, any("frame-ancestors 'none'" in each for each in policies)


@pytest.fixture
def published(tmp_path):
    """nginx with the shipped example before a folder of small files with their packed twins; its address."""
    if not (shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")):
        pytest.skip("nginx is not installed")
    root = tmp_path / "site"
    for path in PUBLISHED:
        file = root / path[1:]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"plain")
        file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(b"packed"))
    port = programs.free_port()
    with programs.nginx(example(port, root), tmp_path, port, "/robots.txt") as address:
        yield address


def test_nginx_says_of_a_published_site_what_the_file_of_headers_asks_of_other_hosts(published):
    for path in PUBLISHED:
        asked, not_framed = _asked_for(path)
        is_page = path.endswith(".html")
        with urllib.request.urlopen(published + path) as answer:
            told, body = answer.headers, answer.read()
        assert body == b"plain", path
        for name, value in asked.items():
            assert told[name] == (value if is_page or name not in OF_PAGES else None), (path, name)
        if "Cache-Control" not in asked:
            assert told["Cache-Control"] == "no-cache", path
        if "Access-Control-Allow-Origin" not in asked:
            assert told["Access-Control-Allow-Origin"] is None, path
        policy = "frame-ancestors 'none'" if not_framed and is_page else None
        assert told["Content-Security-Policy"] == policy, path


def test_nginx_gives_the_packed_twins_of_a_published_site(published):
    for path in PUBLISHED:
        request = urllib.request.Request(published + path, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as answer:
            assert answer.headers["Content-Encoding"] == "gzip", path
            assert answer.headers["Vary"] == "Accept-Encoding", path
            assert gzip.decompress(answer.read()) == b"packed", path


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/exports/incidents.csv", "text/csv; charset=utf-8"),
        ("/map/layers/a.geojson", "application/geo+json"),
        ("/robots.txt", "text/plain; charset=utf-8"),
    ],
)
def test_nginx_names_the_type_of_a_published_file(published, path, kind):
    with urllib.request.urlopen(published + path) as answer:
        assert answer.headers["Content-Type"] == kind
