"""What operators copy from `deploy/`, held against the programs that read it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
